// Builds the packages: toyfhe as ESM and as CommonJS (notebook kernels `require` it), datasets and repl as ESM.
// Plain JavaScript: it runs before anything else is there to run, on the two compilers alone.
import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './build-kernels.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** Compiles one project into a folder; resolves with what the compiler printed, empty when all is well. */
function compile(project, folder) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [
      tsc,
      '-p',
      join(root, project),
      '--outDir',
      folder,
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
  const library = fresh('toyfhe');
  const compiled = await Promise.all(
    ['esm', 'cjs'].map((format) => compile(`toyfhe/tsconfig.${format}.json`, join(library, format))),
  );
  if (compiled.some(Boolean)) return compiled.join('');
  for (const format of ['esm', 'cjs']) {
    for (const file of ['seal/bridge.cjs', 'seal/bridge.d.cts'])
      copyFileSync(join(root, 'toyfhe/src', file), join(library, format, file));
    rewriteDeclarations(join(library, format));
  }
  writeFileSync(join(library, 'cjs/package.json'), '{ "type": "commonjs" }\n');
  putInPlace('toyfhe');
  // These two read the library's declarations, so they come after it; repl reads those of datasets.
  for (const name of ['datasets', 'repl']) {
    const folder = fresh(name);
    const errors = await compile(`${name}/tsconfig.build.json`, folder);
    if (errors) return errors;
    rewriteDeclarations(folder);
    if (name === 'repl') {
      const compiler = 'kernel/compiler.cjs';
      copyFileSync(join(root, 'repl/src', compiler), join(folder, compiler));
    }
    putInPlace(name);
  }
  return '';
}

/** An empty folder beside a package's build: what there is stays whole until the new one is. */
function fresh(name) {
  const folder = join(root, name, 'dist.new');
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

function putInPlace(name) {
  const dist = join(root, name, 'dist');
  rmSync(dist, { recursive: true, force: true });
  renameSync(join(root, name, 'dist.new'), dist);
}

const errors = await build();
process.stderr.write(errors);
process.exitCode = errors ? 1 : 0;
