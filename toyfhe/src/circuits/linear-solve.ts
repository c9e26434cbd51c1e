/**
 * x of A·x = b by Gaussian elimination with partial pivoting, for the small dense systems of approximation.
 * @param a rows of a regular square matrix
 */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): Float64Array {
  const n = b.length;
  const rows = a.map((row, i) => Float64Array.of(...row, b[i]!));
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const top = rows[k]!;
    for (let i = k + 1; i < n; i++) {
      const row = rows[i]!;
      const factor = row[k]! / top[k]!;
      for (let j = k; j <= n; j++) row[j]! -= factor * top[j]!;
    }
  }
  const x = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    const row = rows[k]!;
    let sum = row[n]!;
    for (let j = k + 1; j < n; j++) sum -= row[j]! * x[j]!;
    x[k] = sum / row[k]!;
  }
  return x;
}
