'use strict';
// TypeScript as ts-node's `compiler` option wants it: by file name. The language service that ts-node makes for its type
// checks is kept, so that completions, types and operators ask the same program instead of a second one.
const typescript = require('typescript');

let latest;

module.exports = new Proxy(typescript, {
  get(target, name) {
    if (name === 'createLanguageService') {
      return (...args) => (latest = target.createLanguageService(...args));
    }
    if (name === 'latestLanguageService') return () => latest;
    return target[name];
  },
});
