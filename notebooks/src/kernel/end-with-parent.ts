/**
 * Loaded into a kernel that holds on to nothing else: it ends when whoever started it is gone, however that came about.
 * @module
 */
process.stdin.on('close', () => process.exit()).resume();
process.stdin.unref();
