// Compiles the engine's kernels (AssemblyScript) to WebAssembly, with fused multiply-add and without, and writes both
// into one module of base64 strings: no path and no fetch, so that it works in ESM, CommonJS, notebook kernels, bundles
// and workers alike.
import { Buffer } from 'node:buffer';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'toyfhe/src/engine/wasm.generated.ts');

/** The variants' names in the module that is written. Relaxed SIMD fuses; plain SIMD runs where it is missing. */
const VARIANTS = {
  fusedWasm: ['--use', 'FUSED_FMA=1', '--enable', 'relaxed-simd'],
  softwareWasm: ['--use', 'FUSED_FMA=0'],
};

const FLAGS = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'],
  // The memory comes from outside, so that workers share it: up to the 4 GiB that 32-bit addresses reach.
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
];

async function compile(flags) {
  let wasm;
  const { error, stderr } = await asc.main(
    ['toyfhe/src/engine/kernels/index.ts', '--baseDir', root, ...FLAGS, ...flags, '--outFile', 'kernels.wasm'],
    { writeFile: (_, contents) => (wasm = contents) }, // into memory
  );
  return { wasm, errors: error ? String(stderr) || `${error.message}\n` : '' };
}

/** Resolves with what the compiler printed, empty when all is well. */
export async function buildKernels() {
  let text = '// Made by scripts/build-kernels.mjs from the sources in kernels/: do not edit, do not commit.\n';
  for (const [name, flags] of Object.entries(VARIANTS)) {
    const { wasm, errors } = await compile(flags);
    if (errors) return errors;
    // Without the type, the declaration would repeat the whole string.
    text += `export const ${name}: string =\n  '${Buffer.from(wasm).toString('base64')}';\n`;
  }
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return '';
  // Whoever reads meanwhile finds the old module or the new one, never half of one.
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
  return '';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const errors = await buildKernels();
  process.stderr.write(errors);
  process.exitCode = errors ? 1 : 0;
}
