import { seededRandom } from 'toyfhe/toy';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { walkthroughText } from '../src/walkthrough-print.ts';
import { type PlayedCell, playWalkthrough, walkthroughCells } from '../src/walkthrough.ts';
import { problemsOf } from './strict-module.ts';

const SEED = 'walkthrough';

// What the article prints: real parts with every error sample zero (the imaginary ones are below 1e-15).
const GOLDEN = {
  A11: [0.9999999999995506, 1.9999999999989408, 3.000000000000205, 4.000000000000538].concat([
    4.999999999998865, 6.000000000000185, 7.000000000001043, 8.000000000000673,
  ]),
  A12: [1.9999999999991012, 3.9999999999978817, 6.00000000000041, 8.000000000001076].concat([
    9.99999999999773, 12.00000000000037, 14.000000000002085, 16.000000000001346,
  ]),
  A14: [0.9999999999991012, 3.9999999999957616, 9.000000000001226, 16.000000000004306].concat([
    24.99999999998865, 36.00000000000222, 49.000000000014595, 64.00000000001077,
  ]),
  A22: [7.000000000001042, 8.000000000000673, 0.999999999999551, 1.9999999999989408].concat([
    3.000000000000205, 4.000000000000538, 4.999999999998865, 6.000000000000185,
  ]),
};
const EXACT = {
  A11: [1, 2, 3, 4, 5, 6, 7, 8],
  A12: [2, 4, 6, 8, 10, 12, 14, 16],
  A14: [1, 4, 9, 16, 25, 36, 49, 64],
  A18: [1, 4, 9, 16, 25, 36, 49, 64],
  A22: [7, 8, 1, 2, 3, 4, 5, 6],
  A23: [7, 8, 1, 2, 3, 4, 5, 6],
};

/** The slots in a printed vector, real and imaginary parts. */
function slots(cells: ReadonlyMap<string, PlayedCell>, id: string): [number, number][] {
  const lines = cells.get(id)!.output.split('\n').slice(1);
  return lines.map((line) => {
    const [, re, sign, im] = /^\s*(\S+) ([+-]) (\S+)im$/.exec(line)!;
    return [Number(re), Number(`${sign}${im}`)];
  });
}

function worst(cells: ReadonlyMap<string, PlayedCell>, id: string, want: readonly number[]): number {
  const got = slots(cells, id);
  expect(got, id).toHaveLength(want.length);
  return Math.max(...got.map(([re, im], i) => Math.hypot(re - want[i]!, im)));
}

function play(noise: boolean): Map<string, PlayedCell> {
  return new Map([...playWalkthrough({ noise, random: seededRandom(SEED) })].map((cell) => [cell.id, cell]));
}

test('the steps are A1 to A23', () => {
  const ids = Array.from({ length: 23 }, (_, i) => `A${i + 1}`);
  for (const noise of [true, false]) expect(walkthroughCells(noise).map((cell) => cell.id)).toEqual(ids);
});

describe.each([true, false])(`what does not depend on noise (noise: %s, seed ${SEED})`, (noise) => {
  const cells = play(noise);
  const lines: Record<string, string> = {
    A1: '',
    A2: '',
    A3: 'ℤ₁₃₂₉₂₂₇₉₉₇₅₆₈₀₈₁₄₅₇₄₀₂₇₀₁₂₀₇₁₀₄₂₄₈₂₅₇/(x¹⁶ + 1)',
    A4: noise ? 'CKKS parameters' : 'CKKS parameters (InsecureDebug: no noise)',
    A5: 'FixedRational{1099511627776}',
    A7: 'CKKS key pair',
    A8: '[ CKKS private key, CKKS public key ]',
    A10: 'CKKS ciphertext (length 2, encoding CKKSEncoding{FixedRational{1099511627776}})',
    A13: 'CKKS ciphertext (length 3, encoding CKKSEncoding{FixedRational{1208925819614629174706176}})',
    A15: 'CKKS multiplication key',
    A16: 'CKKS ciphertext (length 2, encoding CKKSEncoding{FixedRational{1208925819614629174706176}})',
    A17: 'CKKS ciphertext (length 2, encoding CKKSEncoding{FixedRational{1.099511626783e12}})',
    A19: 'ℤ₁₃₂₉₂₂₇₉₉₇₅₆₈₀₈₁₄₅₇₄₀₂₇₀₁₂₀₇₁₀₄₂₄₈₂₅₇/(x¹⁶ + 1)',
    A20: 'ℤ₁₂₀₈₉₂₅₈₂₀₁₄₄₅₉₃₇₇₉₃₃₁₅₅₃/(x¹⁶ + 1)',
    A21: 'CKKS galois key (element 25)',
  };
  test.each(Object.entries(lines))('%s prints in one line', (id, line) => {
    expect(cells.get(id)!.output).toBe(line);
  });

  test('vectors print a header and one slot a line', () => {
    const header = '8-element CKKSEncoding{FixedRational{1099511627776}} with indices 0:7:';
    expect(cells.get('A6')!.output).toBe([header, ...Array(8).fill(' 0.0 + 0.0im')].join('\n'));
    expect(cells.get('A9')!.output).toBe(
      [header, ...[1, 2, 3, 4, 5, 6, 7, 8].map((x) => ` ${x}.0 + 0.0im`)].join('\n'),
    );
    expect(cells.get('A23')!.output).toBe([header, ...EXACT.A23.map((x) => ` ${x}.0 + 0.0im`)].join('\n'));
  });
});

test(`noise off: the article's digits (seed ${SEED})`, () => {
  const cells = play(false);
  // The digits are rounding errors of the encoding; double arithmetic in another order moves them by an ulp or two.
  expect(worst(cells, 'A11', GOLDEN.A11)).toBeLessThan(1e-14);
  expect(worst(cells, 'A12', GOLDEN.A12)).toBeLessThan(1e-14);
  expect(worst(cells, 'A14', GOLDEN.A14)).toBeLessThan(2e-13);
  expect(worst(cells, 'A22', GOLDEN.A22)).toBeLessThan(1e-14);
  // Rounding to the nearest, where the article rounded down and printed an error of 1.1e-10. Below 1.5e-11 there would
  // have been no rounding at all: that is A14's own error.
  expect(worst(cells, 'A18', EXACT.A18)).toBeLessThan(8e-11);
  expect(worst(cells, 'A18', EXACT.A18)).toBeGreaterThan(1.5e-11);
});

test(`noise on: honest errors (seed ${SEED})`, () => {
  const cells = play(true);
  // Medians over many runs 3.6e-10, 7.2e-10, 4.8e-9, 4.8e-9, 8.6e-10; a factor of three to ten either way is luck.
  const ranges: [id: 'A11' | 'A12' | 'A14' | 'A18' | 'A22', least: number, most: number][] = [
    ['A11', 5e-11, 2e-9],
    ['A12', 1e-10, 4e-9],
    ['A14', 5e-10, 1e-8],
    ['A18', 5e-10, 1e-8],
    ['A22', 1e-10, 5e-9],
  ];
  for (const [id, least, most] of ranges) {
    const error = worst(cells, id, EXACT[id]);
    expect(error, id).toBeGreaterThan(least);
    expect(error, id).toBeLessThan(most);
  }
  const [once, twice] = [slots(cells, 'A11'), slots(cells, 'A12')];
  once.forEach(([re], i) => {
    expect(twice[i]![0], 'A12 is twice A11, same noise').toBeCloseTo(2 * re, 13);
  });
});

test('without a seed every run is another one', () => {
  const first = () => [...playWalkthrough({ noise: true })].find((cell) => cell.id === 'A11')!.output;
  expect(first()).not.toBe(first());
});

test.each([true, false])('the inputs together are a strict TypeScript 5.9 module (noise: %s)', (noise) => {
  const inputs = walkthroughCells(noise).map((cell) => cell.input);
  expect(ts.version).toMatch(/^5\.9\./);
  expect(problemsOf(inputs)).toEqual([]);
  if (noise) expect(problemsOf([...inputs, 'c.divide(c)']).join()).toContain("'divide' does not exist");
});

test('the prose goes with what is played', () => {
  for (const noise of [true, false]) {
    const prose = [...play(noise).values()].map((cell) => cell.prose).join('\n');
    expect(prose).toMatch(/called s;[^]*c₀ \+ c₁ · s, [^]*rescaling[^]*levelled[^]*a rotation/);
    // A18 and A4 differ: the rounding shows only where there is no noise, and only there are the digits the article's.
    expect(/a little less precision/.test(prose)).toBe(!noise);
    expect(/to about 14 digits/.test(prose)).toBe(!noise);
    expect(/would print garbage/.test(prose)).toBe(noise);
  }
});

test.each([20, 40, 80, 200])('at %i columns, titles, prose and code break at spaces only', (columns) => {
  const options = { noise: false, random: seededRandom(SEED) };
  const outputs = new Set([...play(false).values()].flatMap((cell) => cell.output.split('\n')));
  const lines = [...walkthroughText(options, columns)].flatMap((text) => text.split('\n'));
  for (const line of lines) {
    if (outputs.has(line)) continue;
    const oneWord = !line.replace(/^(A\d+ {2}|> | {2})/, '').includes(' ');
    expect(line.length <= Math.min(columns, 100) || oneWord, line).toBe(true);
  }
  // Nothing is lost on the way: the same words as on one long line.
  const words = (text: readonly string[]): string => text.join(' ').replace(/\s+/g, ' ');
  const unwrapped = [...walkthroughText({ noise: false, random: seededRandom(SEED) }, 100)];
  expect(words(lines)).toBe(words(unwrapped));
});
