/**
 * The course as students get it: lessons without outputs and without the solutions, and the pictures.
 * @module
 */
import { cp, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import type { CourseLesson } from './course-lesson.ts';
import { notebookText, writeNotebookFile } from './notebook-file.ts';
import { withoutOutputs } from './with-outputs.ts';

/**
 * @returns the files written
 * @throws FheError RANGE where a file of that name is there with another content: somebody's work, perhaps
 */
export async function writeStudentCopies(lessons: readonly CourseLesson[], folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const copies = lessons.map(({ path, notebook }) => ({
    from: dirname(path),
    to: join(folder, basename(path)),
    notebook: withoutOutputs(notebook),
  }));
  for (const { from, to, notebook } of copies) {
    const there = await readFile(to, 'utf8').catch(() => undefined);
    const own = (await realpath(from)) === (await realpath(folder));
    if (own || (there !== undefined && there !== notebookText(notebook))) throw wouldOverwrite(to);
  }
  for (const { to, notebook } of copies) await writeNotebookFile(to, notebook);
  for (const from of new Set(copies.map((copy) => join(copy.from, 'images')))) {
    if (await isFolder(from)) await cp(from, join(folder, 'images'), { recursive: true });
  }
  return copies.map(({ to }) => to);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function wouldOverwrite(file: string): FheError {
  return new FheError({
    code: 'RANGE',
    op: 'write student copies',
    field: file,
    should: 'missing or the same',
    is: 'there with another content',
    hint: 'name an empty folder',
  });
}
