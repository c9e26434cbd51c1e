/**
 * Small changes to training images, so that the network cannot learn them by heart.
 * @module
 */
import type { Random } from './random.ts';

export interface Augmentation {
  /** Each image moves by a uniform whole number of pixels in ±shift, both ways; what comes in is 0. */
  readonly shift: number;
  /** The deviation of the Gaussian noise added to each pixel, in units of the pixel range 0…1. */
  readonly noise: number;
}

/** Enough different normal numbers that no network tells the difference; indices are 16 random bits. */
const NORMALS = 1 << 16;

/** Copies images into a batch, changed at random. */
export class Augmenter {
  readonly #random: Random;
  readonly #shift: number;
  readonly #noise: Float64Array | undefined;

  constructor(options: Augmentation, random: Random) {
    this.#random = random;
    this.#shift = options.shift;
    if (options.noise > 0) this.#noise = Float64Array.from({ length: NORMALS }, () => options.noise * random.normal());
  }

  /**
   * Writes the image `[channels, height, width]` that begins at `images[from]` to `out[to]`, moved and with noise.
   * Pixel values may leave 0…1 by the noise.
   */
  copy(
    images: Float32Array,
    from: number,
    shape: readonly [channels: number, height: number, width: number],
    out: Float64Array,
    to: number,
  ): void {
    const [channels, height, width] = shape;
    const span = 2 * this.#shift + 1;
    const down = this.#random.integer(span) - this.#shift;
    const right = this.#random.integer(span) - this.#shift;
    for (let plane = 0; plane < channels; plane++) {
      for (let row = 0; row < height; row++) {
        const source = row - down;
        const line = from + (plane * height + source) * width - right;
        const target = to + (plane * height + row) * width;
        const inside = source >= 0 && source < height;
        for (let column = 0; column < width; column++) {
          const seen = inside && column >= right && column < width + right;
          out[target + column] = seen ? images[line + column]! : 0;
        }
      }
    }
    if (this.#noise !== undefined) this.#addNoise(this.#noise, out, to, channels * height * width);
  }

  #addNoise(noise: Float64Array, out: Float64Array, start: number, count: number): void {
    for (let i = 0; i + 1 < count; i += 2) {
      const bits = this.#random.bits();
      out[start + i]! += noise[bits & 0xffff]!;
      out[start + i + 1]! += noise[bits >>> 16]!;
    }
    if (count % 2 === 1) out[start + count - 1]! += noise[this.#random.bits() & 0xffff]!;
  }
}
