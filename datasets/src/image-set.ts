/** Grey images with their classes. */
export interface ImageSet {
  /** Which images these are; every result that is printed from them should say so. */
  readonly name: 'mnist-test' | 'mnist-train' | 'stand-in-test' | 'stand-in-train';
  /** One line for people: how many images, from where, and for the stand-in why. */
  readonly about: string;
  readonly count: number;
  /** Pixels down. */
  readonly rows: number;
  /** Pixels across. */
  readonly columns: number;
  /** count × rows × columns pixels, row by row, from 0 (background) to 1 (ink). */
  readonly images: Float32Array;
  /** The digit that each image shows, 0…9. */
  readonly labels: Uint8Array;
}

/** The part of a data set: `train` to learn from, `test` to report on. */
export type Split = 'train' | 'test';
