/**
 * Windows of an image, laid out as rows or columns of a matrix, so that a convolution is one matrix product.
 * The same windows are what the client encrypts before an encrypted convolution.
 * @module
 */

/** The windows of one image: `positions` of them, each `channels × kernelHeight × kernelWidth` values. */
export interface WindowShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/**
 * Copies every window of one image to a matrix: element `tap` of the window at `position` goes to
 * `out[position·positionStep + tap·tapStep]`. Taps run over (channel, row, column), positions over (row, column), the
 * last index fastest. Steps `(taps, 1)` give one window a row, `(1, positions)` one window a column.
 * @param image channels × height × width, from `start` on
 */
export function copyWindows(
  image: Float64Array,
  start: number,
  shape: WindowShape,
  out: Float64Array,
  positionStep: number,
  tapStep: number,
): void {
  const { channels, height, width, kernelHeight, kernelWidth, stride, outputHeight, outputWidth } = shape;
  let tap = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        let to = tap * tapStep;
        for (let row = 0; row < outputHeight; row++) {
          let from = start + (channel * height + row * stride + i) * width + j;
          for (let column = 0; column < outputWidth; column++) {
            out[to] = image[from]!;
            to += positionStep;
            from += stride;
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
  const { channels, height, width, kernelHeight, kernelWidth, stride, outputHeight, outputWidth } = shape;
  const taps = channels * kernelHeight * kernelWidth;
  for (let row = 0; row < outputHeight; row++) {
    for (let column = 0; column < outputWidth; column++) {
      let from = (row * outputWidth + column) * taps;
      for (let channel = 0; channel < channels; channel++) {
        for (let i = 0; i < kernelHeight; i++) {
          const to = start + (channel * height + row * stride + i) * width + column * stride;
          for (let j = 0; j < kernelWidth; j++) image[to + j]! += windows[from++]!;
        }
      }
    }
  }
}
