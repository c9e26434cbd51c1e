/**
 * React chooses its smaller build by `NODE_ENV` when it is loaded. To be imported before it; what runs later finds the
 * environment as it was.
 * @module
 */
const before = process.env['NODE_ENV'];
process.env['NODE_ENV'] ??= 'production';

/** To be called once React is loaded. */
export function restoreEnvironment(): void {
  if (before === undefined) delete process.env['NODE_ENV'];
}
