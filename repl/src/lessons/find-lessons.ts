/**
 * The lessons of a folder: files such as `03-keys.ipynb`.
 * @module
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { readLesson, type Lesson } from './lesson.ts';
import { lessonsFolder, unreadable } from './lessons-folder.ts';
import { readSolutions, type Solutions } from './solutions.ts';

/** A file that is meant as a lesson: the lesson, or why it cannot be read. */
export type FoundLesson = { readonly number: number; readonly file: string } & (
  { readonly lesson: Lesson; readonly problem?: never } | { readonly lesson?: never; readonly problem: FheError }
);

const LESSON_FILE = /^(\d\d)-[a-z0-9-]+\.ipynb$/;

/**
 * All lessons, by number. A damaged one is in the list with its problem.
 * @throws FheError FORMAT where the folder cannot be read
 */
export async function findLessons(folder: string = lessonsFolder()): Promise<FoundLesson[]> {
  const names = await lessonFiles(folder);
  return Promise.all(names.map((file, i) => readFound(folder, file, names[i - 1])));
}

/**
 * @throws FheError RANGE where there is no lesson of that number; FORMAT where it is damaged, or the folder cannot be read
 */
export async function loadLesson(number: number, folder: string = lessonsFolder()): Promise<Lesson> {
  const names = await lessonFiles(folder);
  const at = names.findIndex((file) => numberOf(file) === number);
  if (at < 0) {
    const there = names.length === 0 ? 'there are none' : `there are ${names.map(numberOf).join(', ')}`;
    throw new FheError({
      code: 'RANGE',
      op: 'play a lesson',
      field: 'the number',
      should: `a lesson's in ${folder} (${there})`,
      is: String(number),
      hint: '.lessons lists them',
    });
  }
  const found = await readFound(folder, names[at]!, names[at - 1]);
  if (found.problem) throw found.problem;
  return found.lesson;
}

/** The solutions of a lesson of this folder. @throws FheError FORMAT where they are missing, damaged or not complete */
export async function loadSolutions(lesson: Lesson, folder: string = lessonsFolder()): Promise<Solutions> {
  const file = `solutions/${lesson.name}.ipynb`;
  return readSolutions(await readText(folder, file), file, lesson);
}

async function lessonFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => LESSON_FILE.test(name)).sort();
  } catch (cause) {
    throw unreadable(
      'find lessons',
      folder,
      'a folder',
      cause,
      'set TOYFHE_LESSONS to a folder with notebooks, or to nothing',
    );
  }
}

function numberOf(file: string): number {
  return Number(file.slice(0, 2));
}

async function readFound(folder: string, file: string, before: string | undefined): Promise<FoundLesson> {
  const number = numberOf(file);
  try {
    const lesson = readLesson(await readText(folder, file), file);
    if (lesson.number !== number) throw wrongName(file, `${number}, as its name says`, `${lesson.number} inside`);
    if (before !== undefined && numberOf(before) === number)
      throw wrongName(file, 'its own', `${number}, as ${before} has`);
    return { number, file, lesson };
  } catch (problem) {
    if (problem instanceof FheError) return { number, file, problem };
    throw problem;
  }
}

function wrongName(file: string, should: string, is: string): FheError {
  const hint = 'give it another number, in its name and in metadata.toyfhe.lesson';
  return new FheError({ code: 'FORMAT', op: `read ${file}`, field: "the lesson's number", should, is, hint });
}

async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (cause) {
    throw unreadable(`read ${file}`, join(folder, file), 'a file', cause, 'take a whole copy of the folder');
  }
}
