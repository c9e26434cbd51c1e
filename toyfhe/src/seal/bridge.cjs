'use strict';
// node-seal is ESM only. A real CommonJS file may `import()` it from anywhere; code that a notebook kernel or a REPL
// evaluates may not (no dynamic import callback), and the CommonJS build would turn `import()` into `require()`.
exports.importSeal = () => import('node-seal');
