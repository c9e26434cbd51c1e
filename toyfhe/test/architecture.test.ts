/** The import arrows of the house (docs/architecture.md): what may know of what. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder → folders it may import from. A folder may always import from itself. */
const ALLOWED: Record<string, readonly string[]> = {
  'toyfhe/src/backend': [],
  'toyfhe/src/toy': ['toyfhe/src/backend'],
  'toyfhe/src/seal': ['toyfhe/src/backend'],
  'toyfhe/src/engine': ['toyfhe/src/backend'],
  'toyfhe/src/circuits': ['toyfhe/src/backend'],
  'toyfhe/src/nn': ['toyfhe/src/backend', 'toyfhe/src/circuits'],
  'toyfhe/src/compiler': ['toyfhe/src/backend', 'toyfhe/src/circuits', 'toyfhe/src/nn'],
  'toyfhe/src/inspect': ['toyfhe/src/backend'],
  // Draws what cells of notebooks show; nothing in the library imports it.
  'toyfhe/src/notebook': ['toyfhe/src/backend', 'toyfhe/src/inspect', 'toyfhe/src/nn'],
  // Front ends evaluate expressions with it; nothing in the library does.
  'toyfhe/src/expression': ['toyfhe/src/backend', 'toyfhe/src/circuits', 'toyfhe/src/toy'],
  // `datasets` takes the one error class from the library; its training scripts (not in src) use `toyfhe/nn`.
  'datasets/src': ['toyfhe/src/backend'],
  'repl/src': ['toyfhe/src', 'datasets/src'],
  'notebooks/src': ['toyfhe/src', 'datasets/src', 'repl/src'],
};

/** npm packages that a folder may use, beside Node's own modules. */
const PACKAGES: Record<string, readonly string[]> = {
  'notebooks/src': ['commander', 'zeromq', 'typescript'], // typescript: types only
  'toyfhe/src/toy': ['mathjs'],
  'toyfhe/src/expression': ['mathjs'],
  'toyfhe/src/seal': ['node-seal'],
  'toyfhe/src/nn': ['@bufbuild/protobuf/wire'], // ONNX files
  'repl/src': [
    ...['commander', 'log-update', 'open', 'string-width', 'slice-ansi', 'wrap-ansi'],
    ...[
      'ink',
      'react',
      'marked',
      'highlight.js/lib/core',
      'highlight.js/lib/languages/typescript',
      'simple-ascii-chart',
    ],
    ...['ts-node', 'typescript'], // the kernel's
  ],
};

function sources(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx)$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => join(folder, name));
  } catch {
    return []; // a folder that a later step builds
  }
}

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.preProcessFile(text).importedFiles.map((imported) => imported.fileName);
}

/** `toyfhe/nn` → `toyfhe/src/nn`; `./x.ts` → the file's folder. Undefined for npm packages and Node's modules. */
function target(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(file), specifier));
  if (specifier === 'toyfhe') return 'toyfhe/src/index.ts';
  if (specifier.startsWith('toyfhe/')) return `toyfhe/src/${specifier.slice('toyfhe/'.length)}/index.ts`;
  if (specifier.startsWith('@toyfhe/')) return `${specifier.slice('@toyfhe/'.length)}/src/index.ts`;
  return undefined;
}

function within(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Every import that a folder should not have. */
function violations(folder: string, files: readonly string[], read: (file: string) => string[]): string[] {
  const allowed = [folder, ...ALLOWED[folder]!];
  return files.flatMap((file) =>
    read(file)
      .filter((specifier) => {
        const path = target(file, specifier);
        if (path !== undefined) return !allowed.some((place) => within(path, place));
        if (specifier.startsWith('node:')) return false;
        return !(PACKAGES[folder] ?? []).includes(specifier);
      })
      .map((specifier) => `${file} imports ${specifier}`),
  );
}

describe('imports run one way', () => {
  it.each(Object.keys(ALLOWED))('%s', (folder) => {
    expect(violations(folder, sources(folder), imports)).toEqual([]);
  });

  it('every folder of the library has its rule', () => {
    const folders = readdirSync(join(root, 'toyfhe/src'), { withFileTypes: true }).filter((f) => f.isDirectory());
    expect(folders.map((f) => `toyfhe/src/${f.name}`).filter((f) => !(f in ALLOWED))).toEqual([]);
    expect(sources('toyfhe/src/toy').length).toBeGreaterThan(10);
  });

  it('an import against the arrows is found', () => {
    const wrong = violations('toyfhe/src/toy', ['toyfhe/src/toy/x.ts'], () => [
      '../engine/a.ts',
      'toyfhe/nn',
      'lodash',
    ]);
    expect(wrong).toHaveLength(3);
    expect(
      violations('toyfhe/src/toy', ['toyfhe/src/toy/x.ts'], () => ['../backend/a.ts', './b.ts', 'mathjs']),
    ).toEqual([]);
  });
});

it('the contract runs in a browser: it imports no module of Node', () => {
  const files = sources('toyfhe/src/backend');
  expect(files.flatMap((file) => imports(file).filter((specifier) => specifier.startsWith('node:')))).toEqual([]);
});

it('nothing in the library or the app draws from Math.random', () => {
  const files = ['toyfhe/src', 'datasets/src', 'repl/src'].flatMap(sources);
  const guilty = files.filter((file) => /Math\s*\.\s*random\s*\(/.test(readFileSync(join(root, file), 'utf8')));
  expect(files.length).toBeGreaterThan(80);
  expect(guilty).toEqual([]);
});

it('no module exports `then`: it would be taken for a promise, and import() would wait for ever', () => {
  const files = ['toyfhe/src', 'datasets/src', 'repl/src'].flatMap(sources);
  const guilty = files.filter((file) => /^export .*\bthen\b\s*[(=,}:]/m.test(readFileSync(join(root, file), 'utf8')));
  expect(guilty).toEqual([]);
});
