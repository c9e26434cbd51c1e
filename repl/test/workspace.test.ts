/** The whole workspace, as `npm run check` sees it: types, lint, formatting. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

// The packages only: what a user saves beside them, `first.ts` of the README for one, is not ours to judge.
const FOLDERS = ['toyfhe', 'datasets', 'repl', 'notebooks', 'scripts', 'docs'];

it.each([
  ['types', ['typescript/bin/tsc', '-p', '.']],
  ['lint', ['eslint/bin/eslint.js', '--no-error-on-unmatched-pattern', ...FOLDERS]],
  ['formatting', ['prettier/bin/prettier.cjs', '--check', ...FOLDERS]],
])('%s', (_what, [tool, ...args]) => {
  const path = join(root, 'node_modules', tool!);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { cwd: root, encoding: 'utf8' });
  expect(`${stdout}${stderr}`.split('\n').filter((line) => /error|warn/i.test(line))).toEqual([]);
  expect(status).toBe(0);
});

// In a fresh clone the shell has found the system's Node for setup.mjs, and remembers it.
it('scripts name the Node that setup has installed, where they run it after that', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const bare = Object.entries(scripts).filter(([, line]) => /setup\.mjs.* node /.test(line));
  expect(bare).toEqual([]);
});
