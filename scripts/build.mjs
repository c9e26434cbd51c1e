// Builds the packages: toyfhe as ESM and as CommonJS (notebook kernels `require` it), datasets and repl as ESM.
// Plain JavaScript: it runs before anything else is there to run, on the two compilers alone.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './build-kernels.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** Compiles one project; resolves with what the compiler printed, empty when all is well. */
function compile(project) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [
      tsc,
      '-p',
      join(root, project),
      '--noEmitOnError',
      'true',
      '--pretty',
      'false',
    ]);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => resolve(code === 0 ? '' : output || `tsc ended with code ${code}\n`));
  });
}

/** The compiler leaves `./x.ts` in declarations; older compilers (the kernel's is 5.0) look for `./x.js` only. */
function rewriteDeclarations(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(from |import\()(['"])(\.{1,2}\/[^'"]*)\.ts\2/g, '$1$2$3.js$2'));
  }
}

async function build() {
  const kernels = await buildKernels(); // first: the library imports what it writes
  if (kernels) return kernels;
  rmSync(join(root, 'toyfhe/dist'), { recursive: true, force: true });
  const library = await Promise.all([compile('toyfhe/tsconfig.esm.json'), compile('toyfhe/tsconfig.cjs.json')]);
  if (library.some(Boolean)) return library.join('');
  for (const format of ['esm', 'cjs']) {
    const dist = join(root, 'toyfhe/dist', format);
    for (const file of ['seal/bridge.cjs', 'seal/bridge.d.cts'])
      copyFileSync(join(root, 'toyfhe/src', file), join(dist, file));
    rewriteDeclarations(dist);
  }
  writeFileSync(join(root, 'toyfhe/dist/cjs/package.json'), '{ "type": "commonjs" }\n');
  // These two read the library's declarations, so they come after it; repl reads those of datasets.
  for (const name of ['datasets', 'repl']) {
    if (!existsSync(join(root, name, 'tsconfig.build.json'))) continue;
    rmSync(join(root, name, 'dist'), { recursive: true, force: true });
    const errors = await compile(`${name}/tsconfig.build.json`);
    if (errors) return errors;
    rewriteDeclarations(join(root, name, 'dist'));
  }
  copyFileSync(join(root, 'repl/src/kernel/compiler.cjs'), join(root, 'repl/dist/kernel/compiler.cjs'));
  return '';
}

const errors = await build();
process.stderr.write(errors);
process.exitCode = errors ? 1 : 0;
