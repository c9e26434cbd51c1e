/** A folder with the lesson that docs/lessons.md is made of, and one with a lesson of one's own. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawCell, RawNotebook } from '../src/course/notebook-file.ts';
import { notebookText } from '../src/course/notebook-file.ts';
import { root } from '../src/jupyter/project.ts';

const NAME = '01-sample.ipynb';
const page = readFileSync(join(root, 'docs/lessons.md'), 'utf8');

/** The blocks of the page that are `json <kind>`. */
function blocks(kind: string): unknown[] {
  return [...page.matchAll(new RegExp(`^\`\`\`json ${kind}\n(.*?)^\`\`\``, 'gms'))].map(([, json]) =>
    JSON.parse(json!),
  );
}

export const pageCells = blocks('cell') as RawCell[];
export const pageSolutions = blocks('solution') as RawCell[];

/**
 * Writes a course of one lesson. Its folder lies in the project, where cells find packages.
 * @returns the folder; to be deleted
 */
export function writeCourse(cells: readonly RawCell[], solutions: readonly RawCell[]): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/course-'));
  const [metadata] = blocks('notebook') as [RawNotebook['metadata']];
  const write = (file: string, written: readonly RawCell[], about: RawNotebook['metadata']): void =>
    writeFileSync(
      join(folder, file),
      notebookText({ cells: written, metadata: about, nbformat: 4, nbformat_minor: 5 }),
    );
  mkdirSync(join(folder, 'solutions'));
  write(NAME, cells, metadata);
  write(`solutions/${NAME}`, solutions, { ...metadata, toyfhe: { solutionsOf: 1 } });
  return folder;
}

/** A code cell. @param toyfhe its own fields, `id` among them */
export function codeCell(toyfhe: { readonly id: string; readonly [field: string]: unknown }, source: string): RawCell {
  return { cell_type: 'code', id: toyfhe.id, metadata: { toyfhe }, source, outputs: [], execution_count: null };
}
