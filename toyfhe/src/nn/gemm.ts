/**
 * The one matrix product that all layers use: C += A·Bᵀ, both operands row by row. Written so that each product of two
 * rows walks memory forwards; where the mathematics wants A·B or Aᵀ·B, the layers transpose first, which costs a few
 * per cent of the product.
 * @module
 */

/**
 * C += A·Bᵀ for A of m×k, B of n×k and C of m×n, row-major, each starting at its offset. Four rows of A by two rows of
 * B at a time: eight running sums stay in registers while six numbers are read for eight products (measured 2–3× faster
 * than one sum at a time; wider tiles run out of registers).
 */
export function multiplyAddTransposed(
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  c: Float64Array,
  cStart: number,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const a0 = aStart + i * k;
    const a1 = a0 + k;
    const a2 = a1 + k;
    const a3 = a2 + k;
    const c0 = cStart + i * n;
    let j = 0;
    for (; j + 2 <= n; j += 2) {
      const b0 = bStart + j * k;
      const b1 = b0 + k;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let l = 0; l < k; l++) {
        const x0 = a[a0 + l]!;
        const x1 = a[a1 + l]!;
        const x2 = a[a2 + l]!;
        const x3 = a[a3 + l]!;
        const y0 = b[b0 + l]!;
        const y1 = b[b1 + l]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s30 += x3 * y0;
        s31 += x3 * y1;
      }
      const at = c0 + j;
      c[at]! += s00;
      c[at + 1]! += s01;
      c[at + n]! += s10;
      c[at + n + 1]! += s11;
      c[at + 2 * n]! += s20;
      c[at + 2 * n + 1]! += s21;
      c[at + 3 * n]! += s30;
      c[at + 3 * n + 1]! += s31;
    }
    for (; j < n; j++) {
      for (let row = 0; row < 4; row++) c[c0 + row * n + j]! += dot(k, a, a0 + row * k, b, bStart + j * k);
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) c[cStart + i * n + j]! += dot(k, a, aStart + i * k, b, bStart + j * k);
  }
}

/** Σ a[aStart + l]·b[bStart + l] over l < k. */
function dot(k: number, a: Float64Array, aStart: number, b: Float64Array, bStart: number): number {
  let sum = 0;
  for (let l = 0; l < k; l++) sum += a[aStart + l]! * b[bStart + l]!;
  return sum;
}

/** Writes the transpose of the rows×columns matrix `a` (row-major) to `out`, which must not be `a`. */
export function transpose(rows: number, columns: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
  }
}
