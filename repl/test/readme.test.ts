/** What the README shows is what happens. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** Code, and what it prints. */
const blocks = [...readme.matchAll(/```ts\n(.*?)```\n+```\n(.*?)```/gs)].map(([, code, output]) => [code!, output!]);
const [[code, output], [compiled, compiledOutput]] = blocks as [[string, string], [string, string]];

/** Runs a program from a file in the checkout, as the README says, on the sources. */
function run(program: string): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/readme-'));
  try {
    const file = join(folder, 'first.ts');
    writeFileSync(file, program);
    return execFileSync(process.execPath, ['--conditions=toyfhe:source', file], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the README', () => {
  it('has ten lines of code at most that print what it says', () => {
    expect(code.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(10);
    expect(run(code)).toBe(output);
  });

  it('has few lines from a model to an encrypted program', () => {
    expect(blocks).toHaveLength(2);
    expect(compiled.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(13);
    expect(run(compiled)).toBe(compiledOutput);
  });

  it('the same lines run on the other backends', () => {
    for (const [name, change] of [
      ['toy', 'ringDegree: 16, insecure: true,'],
      ['twin', 'ringDegree: 16384,'],
      ['seal', 'ringDegree: 16384,'],
    ] as const) {
      const text = code.replaceAll('engine', name).replace('ringDegree: 16384,', change);
      expect(run(text)).toContain('[ 1, 4, 9, 16 ]');
      expect(run(text)).toContain(`(${name}, length 2, level 2, scale 2^80/q₃`);
    }
  });

  it('names files and folders that exist', () => {
    for (const [, path] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
      expect(() => readFileSync(join(root, path!)), path).not.toThrow();
    }
  });

  it('shows the error that is thrown', () => {
    const [message] = /cannot add: .*/.exec(readme)!;
    const program = code.replace(/const squared = .*;/, 'server.add(c, server.square(c));\nconst squared = c;');
    expect(() => run(program)).toThrow(message);
  });
});
