// Loaded into the kernel before anything else: it ends when whoever started it is gone, however that came about.
process.stdin.on('close', () => process.exit()).resume();
process.stdin.unref();
