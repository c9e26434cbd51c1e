/** The API reference in docs/api: as the docstrings say it, and with links that lead somewhere. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'docs/api');
const pages = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

function anchors(page: string): Set<string> {
  return new Set([...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!));
}

describe('the API reference', () => {
  it('is what npm run docs writes', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/api-reference.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has a page for each part of the library', () => {
    const { exports, typesVersions } = JSON.parse(readFileSync(join(root, 'toyfhe/package.json'), 'utf8')) as {
      readonly exports: object;
      readonly typesVersions: { readonly '*': object };
    };
    expect(Object.keys(exports)).toEqual(['.', './*']);
    const parts = Object.keys(typesVersions['*']);
    expect([...pages.keys()].toSorted()).toEqual(['README.md', ...parts.map((part) => `${part}.md`)].toSorted());
  });

  it.each([...pages.keys()])('%s links to what is there', (name) => {
    const dead = [...pages.get(name)!.matchAll(/\]\(([^)#\s]*)#?([^)\s]*)\)/g)].filter(([, file, anchor]) => {
      if (/^https?:/.test(file!)) return false;
      const page = pages.get(file === '' ? name : file!);
      return page === undefined || (anchor !== '' && !anchors(page).has(anchor!));
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });
});
