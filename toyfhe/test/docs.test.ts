/** What packing.md and compiler.md show is what happens: code, output, pictures, links. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PICTURES } from '../../docs/draw-packing.ts';
import { blocksOf, pageFile, PAGES, printedBy, programOf, ROOT, scratchFolder } from '../../docs/pages.ts';

describe('the pages are programs', () => {
  let folder: string;
  const file = (page: string): string => join(folder, `${page}.ts`);

  beforeAll(() => {
    folder = scratchFolder();
    for (const page of PAGES) writeFileSync(file(page), programOf(blocksOf(page)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Where an output has changed and should have: docs/pages.ts writes the new one.
  it.each(PAGES)('%s.md prints what it says', (page) => {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(10);
    expect(printedBy(file(page))).toEqual(blocks.map(({ output }) => output));
  });

  it('both are strict TypeScript', () => {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
    const files = PAGES.map(file);
    const program = ts.createProgram(files, options);
    const found = files.flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)));
    const messages = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    expect(messages).toEqual([]);
  });
});

describe('the pages', () => {
  it('have the pictures that docs/draw-packing.ts draws, and no others', () => {
    for (const [name, draw] of Object.entries(PICTURES)) {
      expect(readFileSync(join(ROOT, 'docs/img', name), 'utf8') === draw(), `${name}: draw it anew`).toBe(true);
    }
    expect(readdirSync(join(ROOT, 'docs/img')).sort()).toEqual(Object.keys(PICTURES).sort());
  });

  it('link to what is there', () => {
    // As GitHub makes anchors of headings.
    const anchor = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
    for (const page of PAGES) {
      const text = readFileSync(pageFile(page), 'utf8');
      const links = [...text.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)];
      expect(links.length).toBeGreaterThan(3);
      for (const [, path, section] of links) {
        const target = path === '' ? pageFile(page) : join(ROOT, 'docs', path!);
        expect(existsSync(target), path).toBe(true);
        if (section === undefined) continue;
        const headings = readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm);
        expect([...headings].map(([, heading]) => anchor(heading!))).toContain(section);
      }
      for (const [, path] of text.matchAll(/`((?:toyfhe|docs|repl|datasets)\/[\w./-]+\.\w+)`/g)) {
        expect(existsSync(join(ROOT, path!)), path).toBe(true);
      }
    }
  });
});
