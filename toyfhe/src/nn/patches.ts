/**
 * Windows of an image, laid out as rows or columns of a matrix, so that a convolution is one matrix product.
 * The same windows are what the client encrypts before an encrypted convolution.
 * @module
 */

/** The windows of one image: `positions` of them, each `channels × kernelHeight × kernelWidth` values. */
export interface WindowShape {
  readonly channels: number;
  /** Rows of the image, those of the padding included. */
  readonly height: number;
  /** Columns of the image, those of the padding included. */
  readonly width: number;
  /** Zeros around the image, which `padImage` writes. */
  readonly padding: readonly [top: number, left: number, bottom: number, right: number];
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Pixels from one window to the next. */
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/**
 * Copies every window of one image to a matrix: element `tap` of the window at `position` goes to
 * `out[position·positionStep + tap·tapStep]`. Taps run over (channel, row, column), positions over (row, column), the
 * last index fastest. Steps `(taps, 1)` give one window a row, `(1, positions)` one window a column.
 * @param image channels × height × width with its padding, from `start` on
 */
export function copyWindows(
  image: Float64Array,
  start: number,
  shape: WindowShape,
  out: Float64Array,
  positionStep: number,
  tapStep: number,
): void {
  const { channels, height, width, kernelHeight, kernelWidth, outputHeight, outputWidth } = shape;
  const [down, right] = shape.stride;
  let tap = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        let to = tap * tapStep;
        for (let row = 0; row < outputHeight; row++) {
          let from = start + (channel * height + row * down + i) * width + j;
          for (let column = 0; column < outputWidth; column++) {
            out[to] = image[from]!;
            to += positionStep;
            from += right;
          }
        }
        tap++;
      }
    }
  }
}

/**
 * The transpose of `copyWindows` as a linear map: adds each entry of the matrix (one window a row) to the pixel that it
 * came from. A pixel seen by several windows collects the sum.
 */
export function addWindows(windows: Float64Array, shape: WindowShape, image: Float64Array, start: number): void {
  const { channels, height, width, kernelHeight, kernelWidth, outputHeight, outputWidth } = shape;
  const [down, right] = shape.stride;
  const taps = channels * kernelHeight * kernelWidth;
  for (let row = 0; row < outputHeight; row++) {
    for (let column = 0; column < outputWidth; column++) {
      let from = (row * outputWidth + column) * taps;
      for (let channel = 0; channel < channels; channel++) {
        for (let i = 0; i < kernelHeight; i++) {
          const to = start + (channel * height + row * down + i) * width + column * right;
          for (let j = 0; j < kernelWidth; j++) image[to + j]! += windows[from++]!;
        }
      }
    }
  }
}

/** Pixels of one image without its padding. */
export function innerPixels(shape: WindowShape): number {
  const [top, left, bottom, right] = shape.padding;
  return shape.channels * (shape.height - top - bottom) * (shape.width - left - right);
}

/** Copies one image, from `start` on, into the middle of `padded`, channels × height × width, whose borders are zeros. */
export function padImage(image: Float64Array, start: number, shape: WindowShape, padded: Float64Array): void {
  forRows(shape, start, (from, to, width) => padded.set(image.subarray(from, from + width), to));
}

/** The transpose of `padImage` as a linear map: adds the middle of `padded` to the image; the borders are dropped. */
export function addUnpadded(padded: Float64Array, shape: WindowShape, image: Float64Array, start: number): void {
  forRows(shape, start, (to, from, width) => {
    for (let x = 0; x < width; x++) image[to + x]! += padded[from + x]!;
  });
}

/** For each row of the image: where it begins in the image, where in the padded one, and its width. */
function forRows(
  shape: WindowShape,
  start: number,
  copy: (inner: number, padded: number, width: number) => void,
): void {
  const [top, left, bottom, right] = shape.padding;
  const rows = shape.height - top - bottom;
  const columns = shape.width - left - right;
  for (let channel = 0; channel < shape.channels; channel++) {
    for (let row = 0; row < rows; row++) {
      const inner = start + (channel * rows + row) * columns;
      copy(inner, (channel * shape.height + top + row) * shape.width + left, columns);
    }
  }
}
