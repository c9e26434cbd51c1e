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
import { type Backend, type Ciphertext, type EvaluationKeys, FheError } from '../backend/index.ts';
import { type BatchLayout, checkLayout, repeated } from './layout.ts';
import { zeroWeights } from './zero-weights.ts';

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

  /** Products with plaintexts, and so calls of `onStep`, that one `apply` makes. */
  get productCount(): number {
    return this.blocks * this.height;
  }

  /**
   * W·x. One product deep: the result has the scale x.scale·q_level, ready for `rescale`, and row r of the result
   * stands in feature r (and, for a folded matrix, again every `height` features).
   * @param x one ciphertext a block, all at the same level and scale
   */
  apply(backend: Backend, ev: EvaluationKeys, x: readonly Ciphertext[], onStep: () => void = () => {}): Ciphertext {
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
      const rotated = x.map((block) => ev.rotateMany(block, babies));
      let sum: Ciphertext | undefined;
      for (let j = 0; j < this.giantSteps; j++) {
        const giant = j * this.babySteps;
        sum = backend.scope(() => {
          const inner = this.#innerSum(backend, ev, rotated, giant, onStep);
          if (inner === undefined) return sum;
          const moved = giant === 0 ? inner : ev.rotate(inner, giant * batch);
          return sum === undefined ? moved : ev.add(sum, moved);
        });
      }
      if (sum === undefined) throw zeroWeights('multiply by a matrix', 'the matrix');
      for (let fold = this.height; fold < features; fold *= 2) sum = ev.add(sum, ev.rotate(sum, fold * batch));
      return sum;
    });
  }

  /** Σᵢ rot(dₖ, −giant) ⊙ rot(x, i) over all blocks; undefined where all these diagonals are zero. */
  #innerSum(
    backend: Backend,
    ev: EvaluationKeys,
    rotated: readonly (readonly Ciphertext[])[],
    giant: number,
    onStep: () => void,
  ): Ciphertext | undefined {
    let sum: Ciphertext | undefined;
    for (const [block, babies] of rotated.entries()) {
      for (const [i, baby] of babies.entries()) {
        sum = backend.scope(() => {
          const diagonal = this.#diagonal(block, giant + i, giant);
          const scale = backend.parameters.primeScale(baby.level);
          const encoded = backend.encode(repeated(diagonal, this.layout), { level: baby.level, scale });
          if (encoded.isZero) return sum; // it adds nothing, and its product would be transparent
          const product = ev.mulPlain(baby, encoded);
          return sum === undefined ? product : ev.add(sum, product);
        });
        onStep();
      }
    }
    return sum;
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
