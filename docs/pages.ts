/**
 * packing.md and compiler.md as programs: their `ts` blocks in order, and what each prints. The test compares
 * (toyfhe/test/docs.test.ts); `npx node --conditions=toyfhe:source docs/pages.ts` writes what is printed into the pages.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The pages that are programs, by their names. */
export const PAGES: readonly string[] = ['packing', 'compiler'];

/** A `ts` block, and the block right after it that says what it prints; none: it prints nothing. */
export interface Block {
  readonly code: string;
  readonly output: string;
}

const BLOCK = /^```ts\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?/gms;

/** Ends what a block prints; no page has it in its text. */
const END = '⁂';

export function pageFile(page: string): string {
  return join(ROOT, `docs/${page}.md`);
}

export function blocksOf(page: string): Block[] {
  const found = readFileSync(pageFile(page), 'utf8').matchAll(BLOCK);
  return [...found].map(([, code, output = '']) => ({ code: code!, output }));
}

/** The page as one module. */
export function programOf(blocks: readonly Block[]): string {
  return blocks.map(({ code }) => `${code}\nconsole.log('${END}');\n`).join('');
}

/** A new folder within the checkout: there `toyfhe` is found. The caller removes it. */
export function scratchFolder(): string {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  return mkdtempSync(join(ROOT, '.cache/docs-'));
}

/** What each block prints, of a module that `programOf` made. */
export function printedBy(file: string): string[] {
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  const printed = execFileSync(process.execPath, ['--conditions=toyfhe:source', file], options).split(`${END}\n`);
  if (printed.pop() !== '') throw new Error(`${file} prints something after its last block`); // END comes last
  return printed;
}

function refresh(page: string, folder: string): void {
  const file = join(folder, `${page}.ts`);
  writeFileSync(file, programOf(blocksOf(page)));
  const printed = printedBy(file);
  let block = 0;
  const text = readFileSync(pageFile(page), 'utf8').replace(BLOCK, (_, code: string) => {
    const output = printed[block++]!;
    return `\`\`\`ts\n${code}\`\`\`\n${output === '' ? '' : `\n\`\`\`\n${output}\`\`\`\n`}`;
  });
  writeFileSync(pageFile(page), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = scratchFolder();
  try {
    for (const page of PAGES) refresh(page, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
