import { afterAll, describe, expect, it } from 'vitest';
import { type Backend, type Candidate, conformanceCases, seededRandom, shadowed, twin } from '../src/backend/index.ts';
import { engine, type EngineOptions } from '../src/engine/index.ts';
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
    create: (spec) => toy(spec, seededRandom(seed)),
    spec: { ringDegree: 32, chain: [60, 40, 40, 40], special: [60], insecure: true },
    // The worst case is a rounding to integers times s², in `rescale before relinearize`: √(N/12) = 1.6 times the largest
    // slot of s², about N·σ²·ln(N/2) = 900; three deviations over a scale of 2^40 are 2^-28. Keys and noise are seeded.
    tolerance: 2 ** -25,
    seed,
  },
  seal: {
    create: (spec) => seal(spec),
    // 128-bit security: log QP = 215 of 218.
    spec: { ringDegree: 8192, chain: [50, 38, 38, 38], special: [51] },
    // The worst case is a rounding to integers times s², in `rescale before relinearize`: √(N/12) = 26 times the largest
    // slot of s², (2N/3)·ln(N/2) = 45,000; three deviations over a scale of 2^38 are 2^-16. Two bits more, because
    // node-seal's randomness cannot be seeded.
    tolerance: 2 ** -14,
    seed,
  },
};

const engines: Record<string, EngineOptions> = {
  'engine, fused, 1 thread': { kernels: 'fused', threads: 1 },
  'engine, fused, 2 threads': { kernels: 'fused', threads: 2 },
  'engine, software, 1 thread': { kernels: 'software', threads: 1 },
  'engine, software, 2 threads': { kernels: 'software', threads: 2 },
};
for (const [name, options] of Object.entries(engines)) {
  candidates[name] = {
    create: (spec) => engine(spec, { ...options, random: seededRandom(seed) }),
    // Digits of one and of two primes; keys of 40 bits inside the kernels' memory.
    spec: { ringDegree: 256, chain: [50, 38, 38, 38], special: [45, 44], insecure: true },
    // As for node-seal: √(N/12) = 5 times the largest slot of s², (2N/3)·ln(N/2) = 830; three deviations over a scale of
    // 2^38 are 2^-24. Keys and noise are seeded.
    tolerance: 2 ** -22,
    seed,
  };
}

describe.each(Object.entries(candidates))('conformance: %s', (_name, candidate) => {
  for (const { name, run } of conformanceCases(candidate)) it(name, run);
});

describe.each(Object.entries(candidates))('conformance: shadowed %s', (_name, candidate) => {
  let inner: Backend | undefined;
  const create: Candidate['create'] = async (spec) => {
    inner = await candidate.create(spec);
    return shadowed(inner);
  };
  for (const { name, run } of conformanceCases({ ...candidate, create })) it(name, run);
  afterAll(() => inner?.dispose());
});

describe('conformance: node-seal objects', () => {
  it('are all deleted when backends and their objects are disposed', async () => {
    const b = await seal(candidates.seal!.spec);
    expect(liveSealObjects()).toBeGreaterThan(0);
    b.dispose();
    expect(liveSealObjects()).toBe(0);
  });
});
