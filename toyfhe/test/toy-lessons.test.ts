import { describe, expect, test } from 'vitest';
import {
  articleErrors,
  CKKSParams,
  InsecureDebug,
  ModulusRaised,
  NegacyclicRing,
  type RlweParams,
  rotationLesson,
  roundingLesson,
  seededRandom,
} from '../src/toy/index.ts';

const SEED = 'toy-lessons';
const R = NegacyclicRing(16, [40, 40, 40]);

describe(`the article's errors, worst slot, over 12 runs (seed ${SEED})`, () => {
  const RUNS = 12;
  const range = (params: RlweParams, step: 'fresh' | 'squared' | 'rescaled' | 'rotated'): [number, number] => {
    const random = seededRandom(`${SEED} ${step}`);
    const errors = Array.from({ length: RUNS }, () => articleErrors(params, random)[step]);
    return [Math.min(...errors), Math.max(...errors)];
  };
  const oneBit = CKKSParams(R, { relinWindow: 1 });
  const raised = ModulusRaised(CKKSParams(NegacyclicRing(16, [40, 40, 40, 40])));

  // Bounds around medians of 3.6e-10, 4.8e-9, 4.8e-9 and 8.6e-10, and 35 with RNS digits, measured with another program.
  test.each([
    ['A11, one-bit digits', oneBit, 'fresh', 1e-10, 1e-9],
    ['A14, one-bit digits', oneBit, 'squared', 1e-9, 1e-8],
    ['A18, one-bit digits', oneBit, 'rescaled', 1e-9, 1e-8],
    ['A22, one-bit digits', oneBit, 'rotated', 2e-10, 4e-9],
    ['A18, RNS digits', CKKSParams(R), 'rescaled', 1e-9, 1e-8],
    ['A22, RNS digits: garbage', CKKSParams(R), 'rotated', 15, 120],
    ['A18, special prime', raised, 'rescaled', 1e-9, 1e-8],
    ['A22, special prime', raised, 'rotated', 1e-10, 2e-9],
    // Without noise only roundings: the digits printed in the article.
    ['A11, no noise', InsecureDebug(oneBit), 'fresh', 1.1e-12, 1.2e-12],
    ['A14, no noise', InsecureDebug(oneBit), 'squared', 1.4e-11, 1.5e-11],
    ['A22, no noise', InsecureDebug(oneBit), 'rotated', 1.1e-12, 1.2e-12],
    ['A18, no noise', InsecureDebug(oneBit), 'rescaled', 1.5e-11, 8e-11],
  ] as const)('%s', (_, params, step, least, most) => {
    const [smallest, largest] = range(params, step);
    expect(smallest).toBeGreaterThan(least);
    expect(largest).toBeLessThan(most);
  });
});

test(`a rotation needs small digits or a special prime (seed ${SEED})`, () => {
  const { rnsDigits, oneBitDigits, specialPrime } = rotationLesson(seededRandom(SEED));
  expect(rnsDigits).toBeGreaterThan(10); // on numbers up to 8: nothing is left of them
  expect(oneBitDigits).toBeLessThan(1e-8);
  expect(specialPrime).toBeLessThan(1e-8);
});

test(`rounding down in modswitch costs about a bit (seed ${SEED})`, () => {
  const { nearest, floor } = roundingLesson(seededRandom(SEED));
  expect(nearest.mean).toBeGreaterThan(1.5e-11);
  expect(nearest.max).toBeLessThan(8e-11); // 4.7e-11 in another simulation
  expect(floor.mean).toBeGreaterThan(1.5 * nearest.mean);
  expect(floor.max).toBeGreaterThan(8e-11); // 9.1e-11 there; the article prints 1.1e-10
  expect(floor.max).toBeLessThan(4e-10);
});
