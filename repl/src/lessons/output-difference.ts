/**
 * Whether a cell prints what it printed when its lesson was saved.
 * @module
 */

/** A number with its sign, which printed complex numbers set apart: `- 2.5e-16`. */
const NUMBER = /(?:[+-] ?)?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/**
 * What is different; undefined where the two agree: the same words, and each number within `tolerance` of the one saved. How
 * far apart words stand does not count, for it follows from the digits.
 */
export function outputDifference(got: string, saved: string, tolerance: number | 'any'): string | undefined {
  if (tolerance === 'any') return undefined;
  const [now, before] = [spaced(got), spaced(saved)];
  if (tolerance === 0 || words(now) !== words(before)) {
    return now === before ? undefined : `it prints ${JSON.stringify(now)}, saved is ${JSON.stringify(before)}`;
  }
  const [numbers, wanted] = [numbersIn(now), numbersIn(before)];
  const i = numbers.findIndex((number, at) => !(Math.abs(number - wanted[at]!) <= tolerance));
  return i < 0 ? undefined : `it prints ${numbers[i]} where ${wanted[i]} is saved, and the tolerance is ${tolerance}`;
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function words(text: string): string {
  return text.replace(NUMBER, '#');
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(NUMBER)].map(([number]) => Number(number.replace(' ', '')));
}
