/**
 * Matrix products by diagonals (the article, "Matrix multiplication"; Halevi–Shoup, Algorithms in HElib, CRYPTO 2014)
 * with baby steps and giant steps (Halevi–Shoup, Faster Homomorphic Linear Transformations in HElib, CRYPTO 2018).
 *
 * With rot(x, k)[f] = x[f − k], a square matrix is W·x = Σₖ dₖ ⊙ rot(x, k), dₖ[f] = W[f, f − k], indices around.
 * Writing k = n₁·j + i, the rotations by i are shared by all j and the rotations by n₁·j by all i:
 *   W·x = Σⱼ rot( Σᵢ rot(dₖ, −n₁·j) ⊙ rot(x, i), n₁·j ),
 * (n₁ − 1) + (n₂ − 1) rotations instead of n₁·n₂ − 1. Several blocks of input share the giant steps. A matrix with
 * fewer rows than columns needs only as many diagonals as rows, and its partial sums are folded by log₂ rotations.
 * @module
 */
import {
  type Backend,
  type Ciphertext,
  type EvaluationKeys,
  FheError,
  type Owned,
  type Plaintext,
} from '../backend/index.ts';
import { type BatchLayout, checkLayout, repeated } from './layout.ts';
import { owning } from './owning.ts';
import { zeroWeights } from './zero-weights.ts';

/** A matrix encoded once for many inputs of one level. Owns its `blocks · height` plaintexts. */
export interface PreparedMatrix extends Owned {
  /** The level of the inputs. */
  readonly level: number;
  /** One list a giant step: rot(dₖ, −n₁·j) for all blocks, and in each for all baby steps. */
  readonly diagonals: readonly (readonly Plaintext[])[];
  /**
   * As `DiagonalMatrix.apply`, without encoding anything.
   * @throws FheError LEVEL_MISMATCH for inputs of another level
   */
  apply(ev: EvaluationKeys, x: readonly Ciphertext[], onStep?: () => void): Ciphertext;
}

/** A matrix prepared for one layout. The rotations it needs are known before any key exists. */
export class DiagonalMatrix {
  readonly layout: BatchLayout;
  /** Input ciphertexts: columns / features. */
  readonly blocks: number;
  /** Rows, padded to a power of two: the number of diagonals a block. */
  readonly height: number;
  /** Baby steps n₁ and giant steps n₂; n₁·n₂ = height. */
  readonly babySteps: number;
  readonly giantSteps: number;
  readonly #rows: readonly ArrayLike<number>[];

  /**
   * @param rows the matrix, one array of `blocks · features` numbers a row; at most `features` rows
   * @param babySteps n₁, a power of two up to the height; the fewest rotations when left out. n₁ = height is the plain
   *   diagonal method, for comparison
   * @throws FheError SLOTS where the shape does not fit the layout, RANGE for an impossible n₁
   */
  constructor(rows: readonly ArrayLike<number>[], layout: BatchLayout, babySteps?: number) {
    const columns = rows[0]?.length ?? 0;
    const ragged = rows.find((row) => row.length !== columns);
    if (ragged !== undefined || columns === 0 || columns % layout.features !== 0 || rows.length > layout.features) {
      throw new FheError({
        code: 'SLOTS',
        op: 'prepare a matrix',
        field: 'shape',
        should: `at most ${layout.features} rows and a multiple of ${layout.features} columns`,
        is: `${rows.length} × ${ragged === undefined ? columns : `${columns} and ${ragged.length}`}`,
        hint: 'pad with zero columns, or split the rows',
      });
    }
    this.layout = layout;
    this.blocks = columns / layout.features;
    this.height = 2 ** Math.ceil(Math.log2(rows.length));
    this.#rows = rows;
    this.babySteps = babySteps ?? fewestRotations(this.blocks, this.height);
    const n1 = this.babySteps;
    if (!(n1 >= 1) || !Number.isInteger(Math.log2(n1)) || n1 > this.height) {
      throw new FheError({
        code: 'RANGE',
        op: 'prepare a matrix',
        field: 'babySteps',
        should: `a power of two up to ${this.height}`,
        is: String(babySteps),
        hint: 'leave it out for the fewest rotations',
      });
    }
    this.giantSteps = this.height / this.babySteps;
  }

  /** The slots by which `apply` rotates, distinct and ascending: what `keygen({ rotations })` must get. */
  get rotations(): number[] {
    const { batch, features } = this.layout;
    const steps = new Set<number>();
    for (let i = 1; i < this.babySteps; i++) steps.add(i * batch);
    for (let j = 1; j < this.giantSteps; j++) steps.add(j * this.babySteps * batch);
    for (let fold = this.height; fold < features; fold *= 2) steps.add(fold * batch);
    return [...steps].sort((a, b) => a - b);
  }

  /** Rotations that one `apply` makes. */
  get rotationCount(): number {
    return this.blocks * (this.babySteps - 1) + (this.giantSteps - 1) + Math.log2(this.layout.features / this.height);
  }

  /** Products with plaintexts, and so calls of `onStep`, that one `apply` or one `prepare` makes. */
  get productCount(): number {
    return this.blocks * this.height;
  }

  /**
   * Encodes the matrix for inputs at `level`.
   * @param onStep called for each encoding: `productCount` times
   * @throws FheError SLOTS for a backend with another number of slots, RANGE for no such level
   */
  prepare(backend: Backend, level: number, onStep: () => void = () => {}): PreparedMatrix {
    checkLayout('prepare a matrix', backend.parameters.slots, this.layout);
    return backend.scope(() => {
      const diagonals = Array.from({ length: this.giantSteps }, (_, j) => this.#encoded(backend, j, level, onStep));
      const apply: PreparedMatrix['apply'] = (ev, x, onProduct) =>
        this.#product(backend, ev, x, (j) => diagonals[j]!, onProduct);
      return owning({ level, diagonals, apply }, diagonals.flat());
    });
  }

  /**
   * W·x. One product deep: the result has the scale x.scale·q_level, ready for `rescale`, and row r of the result
   * stands in feature r (and, for a folded matrix, again every `height` features). Encodes the matrix on the way, a giant
   * step at a time; `prepare` does it once for many inputs.
   * @param x one ciphertext a block, all at the same level and scale
   * @param onStep called for each product: `productCount` times
   */
  apply(backend: Backend, ev: EvaluationKeys, x: readonly Ciphertext[], onStep?: () => void): Ciphertext {
    return this.#product(backend, ev, x, (j) => this.#encoded(backend, j, x[0]!.level), onStep);
  }

  /** Σⱼ rot(Σᵢ diagonals(j)ᵢ ⊙ rot(x, i), n₁·j). */
  #product(
    backend: Backend,
    ev: EvaluationKeys,
    x: readonly Ciphertext[],
    diagonals: (j: number) => readonly Plaintext[],
    onStep: () => void = () => {},
  ): Ciphertext {
    const { batch, features } = this.layout;
    if (x.length !== this.blocks) {
      throw new FheError({
        code: 'SLOTS',
        op: 'multiply by a matrix',
        field: 'number of ciphertexts',
        should: String(this.blocks),
        is: String(x.length),
        hint: `each holds ${features} features`,
      });
    }
    checkLayout('multiply by a matrix', backend.parameters.slots, this.layout);
    return backend.scope(() => {
      const babies = Array.from({ length: this.babySteps }, (_, i) => i * batch);
      const rotated = x.flatMap((block) => ev.rotateMany(block, babies));
      const inner: Ciphertext[] = [];
      const giants: number[] = [];
      for (let j = 0; j < this.giantSteps; j++) {
        const sum = backend.scope(() => {
          const factors = diagonals(j);
          return factors.every((p) => p.isZero) ? undefined : ev.dotPlain(rotated, factors);
        });
        rotated.forEach(() => onStep());
        if (sum === undefined) continue; // all these diagonals are zero
        inner.push(sum);
        giants.push(j * this.babySteps * batch);
      }
      if (inner.length === 0) throw zeroWeights('multiply by a matrix', 'the matrix');
      let sum = ev.rotateSum(inner, giants);
      for (let fold = this.height; fold < features; fold *= 2) sum = ev.add(sum, ev.rotate(sum, fold * batch));
      return sum;
    });
  }

  /** The diagonals of giant step j at `level`, block by block, at the scale of the prime that `rescale` divides by. */
  #encoded(backend: Backend, j: number, level: number, onStep: () => void = () => {}): Plaintext[] {
    const giant = j * this.babySteps;
    const scale = backend.parameters.primeScale(level);
    return Array.from({ length: this.blocks * this.babySteps }, (_, term) => {
      const block = Math.floor(term / this.babySteps);
      const diagonal = this.#diagonal(block, giant + (term % this.babySteps), giant);
      const encoded = backend.encode(repeated(diagonal, this.layout), { level, scale });
      onStep();
      return encoded;
    });
  }

  /** rot(d_k, −shift) of one block: feature f is W[f + shift, f + shift − k], rows repeated every `height`. */
  #diagonal(block: number, k: number, shift: number): Float64Array {
    const { features } = this.layout;
    return Float64Array.from({ length: features }, (_, f) => {
      const row = this.#rows[(f + shift) % this.height];
      return row === undefined ? 0 : row[block * features + ((f + shift - k + features) % features)]!;
    });
  }
}

/** The n₁ that makes blocks·(n₁ − 1) + (n₂ − 1) rotations fewest, n₁·n₂ = height, over the powers of two. */
function fewestRotations(blocks: number, height: number): number {
  const cost = (n1: number): number => blocks * (n1 - 1) + (height / n1 - 1);
  let best = 1;
  for (let n1 = 2; n1 <= height; n1 *= 2) if (cost(n1) < cost(best)) best = n1;
  return best;
}
