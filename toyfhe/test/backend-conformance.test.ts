import { describe, expect, it } from 'vitest';
import { type Candidate, conformanceCases, twin } from '../src/backend/index.ts';
import { liveSealObjects, seal } from '../src/seal/index.ts';
import { toy } from '../src/toy/index.ts';

const seed = process.env.TOYFHE_SEED ?? 'conformance-1';

const candidates: Record<string, Candidate> = {
  twin: {
    create: (spec) => twin(spec),
    spec: { ringDegree: 64, chain: [60, 40, 40, 40], special: [60], insecure: true },
    tolerance: 1e-12,
    seed,
  },
  toy: {
    create: (spec) => toy(spec),
    spec: { ringDegree: 32, chain: [60, 40, 40, 40], special: [60], insecure: true },
    // Noise of a few hundred over a scale of 2^40, doubled by products: observed below 2^-28.
    tolerance: 2 ** -26,
    seed,
  },
  seal: {
    create: (spec) => seal(spec),
    // 128-bit security: log QP = 215 of 218.
    spec: { ringDegree: 8192, chain: [50, 38, 38, 38], special: [51] },
    // Fresh noise has σ·√(4N/3) = 334 a coefficient, so 334·√N = 2^14.9 a slot, over a scale of 2^38: 2^-23. The largest
    // of 4096 slots, key switching and products bring it to 2^-19.5 (observed).
    tolerance: 2 ** -17,
    seed,
  },
};

describe.each(Object.entries(candidates))('conformance: %s', (_name, candidate) => {
  for (const { name, run } of conformanceCases(candidate)) it(name, run);
});

describe('conformance: node-seal objects', () => {
  it('are all deleted when backends and their objects are disposed', () => {
    expect(liveSealObjects()).toBe(0);
  });
});
