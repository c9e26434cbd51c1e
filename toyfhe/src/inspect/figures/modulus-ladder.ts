/**
 * The primes of a modulus: which are left, and which rescaling has used up.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { Parameters } from '../../backend/parameters.ts';
import { describe, subscript } from '../../backend/print.ts';
import type { Figure } from './figure.ts';

/**
 * A bar for each prime, as high as its bits: q₀ … q_level, which are left; those above, used up; and the special primes, which
 * only keys have.
 * @param chain parameters, or the chain's primes in bits (special primes are then not known)
 * @param level of a ciphertext; the highest unless told
 * @throws FheError RANGE for a level that the chain does not have, or for no chain
 */
export function modulusLadderFigure(chain: Parameters | readonly number[], level?: number): Figure {
  const bits = chain instanceof Parameters ? chain.primes.map(bitsOf) : chain;
  const special = chain instanceof Parameters ? chain.special.map(bitsOf) : [];
  const refuse = (field: string, should: string, is: string): FheError => {
    const hint = 'write for example modulusLadderFigure(backend.parameters, c.level)';
    return new FheError({ code: 'RANGE', op: 'draw a modulus', field, should, is, hint });
  };
  if (!Array.isArray(bits) || bits.length === 0 || !bits.every((b) => Number.isFinite(b) && b > 0)) {
    throw refuse('the chain', 'parameters, or bits of primes', describe(chain));
  }
  const top = bits.length - 1;
  const at = level ?? top;
  if (!Number.isInteger(at) || at < 0 || at > top) throw refuse('the level', `0 to ${top}`, describe(level));
  const trace = (name: string, color: string, names: readonly string[], heights: readonly number[]): object[] =>
    names.length === 0 ? [] : [{ type: 'bar', name, x: names, y: heights.map(rounded), marker: { color } }];
  const names = bits.map((_, i) => `q${subscript(i)}`);
  const sum = (list: readonly number[]): string => list.reduce((a, b) => a + b, 0).toFixed(0);
  return {
    data: [
      ...trace('left', '#2a7f62', names.slice(0, at + 1), bits.slice(0, at + 1)),
      ...trace('used up', '#b8b8b8', names.slice(at + 1), bits.slice(at + 1)),
      ...trace(
        'of keys only',
        '#c98a2b',
        special.map((_, i) => `p${subscript(i)}`),
        special,
      ),
    ] as Figure['data'],
    layout: {
      title: { text: `level ${at} of ${top}: ${sum(bits.slice(0, at + 1))} of ${sum(bits)} bits left` },
      barmode: 'stack',
      xaxis: { title: { text: 'prime' }, type: 'category' },
      yaxis: { title: { text: 'bits' }, rangemode: 'tozero' },
    },
  };
}

function bitsOf(prime: bigint): number {
  return Math.log2(Number(prime));
}

/** Three digits: primes are closer to powers of two than anyone sees. */
function rounded(bits: number): number {
  return Number(bits.toFixed(3));
}
