/**
 * The entries of an affine map by the diagonal on which they stand, between two layouts.
 *
 * With rot(x, k)[p] = x[p − k], y = Σₖ dₖ ⊙ rot(x, k), where an entry that takes the feature at position c to the one at
 * position r stands on diagonal k ≡ r − c (Halevi–Shoup, Algorithms in HElib, CRYPTO 2014). Positions go around
 * the longer of the two periods, M:
 *
 * - The input repeats sooner (period P < M): each of its copies may be read, so k counts modulo P only.
 * - The output repeats sooner (period P < M): an entry may be put at any row r + t·P, which is on diagonal r + t·P − c. Done for
 *   all t, that gives all copies of the row. Done for the diagonals below a modulus D only, P ≤ D < M, the copies of the
 *   row are found by adding up: rotations by D, 2·D, …, M/2 ("folds").
 * @module
 */
import type { AffineMap } from './affine-map.ts';
import { checkLength } from './check-length.ts';
import type { DiagonalTerm, DiagonalTerms } from './rotation-split.ts';
import { featureCount, placeOf, type SlotLayout } from './slot-layout.ts';

type Places = ReturnType<typeof placeOf>;

export class MapDiagonals implements DiagonalTerms {
  readonly terms: readonly DiagonalTerm[];
  readonly base: number;
  readonly period: number;
  readonly moduli: readonly number[];
  readonly inputBlocks: number;
  readonly outputBlocks: number;
  readonly #map: AffineMap;
  readonly #from: SlotLayout;
  readonly #to: SlotLayout;
  readonly #columns: Places;
  readonly #rows: Places;
  /** Features in each block. */
  readonly #columnCount: Int32Array;
  readonly #rowCount: Int32Array;
  /** Entries sorted by (output, input, diagonal modulo base): this list has those from #starts[d] to #starts[d + 1] − 1. */
  readonly #entries: Uint32Array;
  readonly #starts: Uint32Array;

  /** @throws FheError SLOTS where the layouts do not hold as many features as the map has */
  constructor(map: AffineMap, from: SlotLayout, to: SlotLayout) {
    const op = 'make a linear transform';
    checkLength(op, 'features of the input layout', map.inputs, featureCount(from));
    checkLength(op, 'features of the output layout', map.outputs, featureCount(to));
    this.base = Math.min(from.period, to.period);
    this.period = Math.max(from.period, to.period);
    this.moduli = powersOfTwo(this.base, from.period);
    this.inputBlocks = from.blocks;
    this.outputBlocks = to.blocks;
    this.#map = map;
    this.#from = from;
    this.#to = to;
    this.#columns = placeOf(from);
    this.#rows = placeOf(to);
    this.#columnCount = countBlocks(this.#columns, from.blocks);
    this.#rowCount = countBlocks(this.#rows, to.blocks);

    const starts = new Uint32Array(from.blocks * to.blocks * this.base + 1);
    this.#eachEntry((diagonal) => (starts[diagonal + 1] = starts[diagonal + 1]! + 1));
    const terms: DiagonalTerm[] = [];
    for (let d = 0; d < starts.length - 1; d++) {
      if (starts[d + 1]! > 0) {
        const pair = Math.floor(d / this.base);
        terms.push({ output: Math.floor(pair / from.blocks), input: pair % from.blocks, index: d % this.base });
      }
      starts[d + 1] = starts[d + 1]! + starts[d]!;
    }
    this.terms = terms;
    this.#starts = starts;
    this.#entries = new Uint32Array(map.columns.length);
    const next = starts.slice();
    this.#eachEntry((diagonal, entry) => (this.#entries[next[diagonal]!++] = entry));
  }

  /**
   * Diagonal k of a block of input and a block of output, rotated by −shift: `period` values, or one number where that is
   * the weight of every feature. (Then it stands also at positions where neither side holds a feature: zeros stay zeros.)
   */
  values(output: number, input: number, k: number, shift: number): Float64Array | number {
    const { starts, columns, weights } = this.#map;
    const mask = this.period - 1; // a power of two: & is the remainder, for negative numbers too
    const values = new Float64Array(this.period);
    const diagonal = this.#diagonal(output, input, k);
    const byColumn = this.#from.period > this.#to.period; // then it is the column that says in which copy a row stands
    let row = 0;
    for (let i = this.#starts[diagonal]!; i < this.#starts[diagonal + 1]!; i++) {
      const entry = this.#entries[i]!;
      while (starts[row + 1]! <= entry) row++; // entries are in the order of rows
      const position = byColumn ? this.#columns.position[columns[entry]!]! + k : this.#rows.position[row]!;
      const at = (position - shift) & mask;
      values[at] = values[at]! + weights[entry]!;
    }
    return this.#constant(output, input, values) ?? values;
  }

  /** The bias of a block of output, over the output's period; undefined where it is all zero. */
  bias(output: number): Float64Array | undefined {
    const { bias } = this.#map;
    if (bias === undefined) return undefined;
    const values = new Float64Array(this.#to.period);
    for (let r = 0; r < bias.length; r++)
      if (this.#rows.block[r] === output) values[this.#rows.position[r]!] = bias[r]!;
    return values.some((v) => v !== 0) ? values : undefined;
  }

  /** The one weight that a diagonal has at every feature of its blocks, if it has. */
  #constant(output: number, input: number, values: Float64Array): number | undefined {
    let [first, filled] = [0, 0];
    for (const v of values) {
      if (v === 0) continue;
      if (filled++ === 0) first = v;
      else if (v !== first) return undefined;
    }
    // As many as rows and as many as columns: every position left holds no feature of either.
    const rows = (this.#rowCount[output]! * this.period) / this.#to.period;
    const columns = (this.#columnCount[input]! * this.period) / this.#from.period;
    return filled === rows && filled === columns ? first : undefined;
  }

  #diagonal(output: number, input: number, k: number): number {
    return (output * this.inputBlocks + input) * this.base + (k & (this.base - 1));
  }

  #eachEntry(visit: (diagonal: number, entry: number) => void): void {
    const { outputs, starts, columns } = this.#map;
    for (let r = 0; r < outputs; r++) {
      const [output, position] = [this.#rows.block[r]!, this.#rows.position[r]!];
      for (let entry = starts[r]!; entry < starts[r + 1]!; entry++) {
        const c = columns[entry]!;
        visit(this.#diagonal(output, this.#columns.block[c]!, position - this.#columns.position[c]!), entry);
      }
    }
  }
}

function powersOfTwo(from: number, to: number): number[] {
  const powers: number[] = [];
  for (let p = from; p <= to; p *= 2) powers.push(p);
  return powers;
}

function countBlocks({ block }: Places, blocks: number): Int32Array {
  const counts = new Int32Array(blocks);
  for (const b of block) counts[b] = counts[b]! + 1;
  return counts;
}
