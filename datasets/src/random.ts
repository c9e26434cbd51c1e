/**
 * Seeded random numbers for drawing the stand-in images. Not for cryptography.
 * @module
 */

/**
 * SplitMix with 32 bits of state: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA
 * 2014), with the mixer of MurmurHash3. The period, 2^32, is ample: one image takes under 200 numbers.
 * @param seed an integer; its low 32 bits count
 * @returns a function whose calls give uniform numbers in [0, 1)
 */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0; // 2^32 divided by the golden ratio: visits every state
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b); // the two multipliers of MurmurHash3's finisher
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}
