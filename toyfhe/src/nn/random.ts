/**
 * Seeded random numbers for training: shuffles, initial weights, noise on images. Not for cryptography.
 * @module
 */

/**
 * The generator xoshiro128** of Blackman and Vigna (arXiv 1805.01407): 128 bits of state, period 2^128 − 1. The state
 * is filled from the seed by SplitMix's mixer, so that neighbouring seeds give unrelated streams.
 */
export class Random {
  readonly #state: Uint32Array = new Uint32Array(4);
  #spare: number | undefined;

  /** @param seed any number; its low 32 bits count */
  constructor(seed: number) {
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) >>> 0; // 2^32 divided by the golden ratio: SplitMix's step
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x85ebca6b); // the two multipliers of MurmurHash3's 32-bit finisher
      t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
      this.#state[i] = t ^ (t >>> 16);
    }
  }

  /** 32 uniform bits, as an integer in [0, 2^32). */
  bits(): number {
    const s = this.#state;
    const t = Math.imul(s[1]!, 5);
    const result = Math.imul((t << 7) | (t >>> 25), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform in [0, 1), a multiple of 2^−32. */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** A uniform integer in [0, bound), for 1 ≤ bound ≤ 2^32; biased by at most bound/2^32, which shuffles do not notice. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A standard normal number: mean 0, deviation 1 (Box and Muller 1958). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform())); // 1 − u is never 0
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Puts the elements of `list` in a random order, each order equally likely (Fisher and Yates). Changes `list`. */
  shuffle(list: Uint32Array): void {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = list[i]!;
      list[i] = list[j]!;
      list[j] = kept;
    }
  }
}
