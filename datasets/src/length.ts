/** A wrong length in words, e.g. `801 bytes (1 byte too many)`, for the "but is" of a message. */
export function lengthIs(length: number, expected: number): string {
  if (length < expected) return `${length} bytes (truncated)`;
  const extra = length - expected;
  return `${length} bytes (${extra} ${extra === 1 ? 'byte' : 'bytes'} too many)`;
}
