/**
 * A lesson of a folder: the notebook as a file and as a lesson, and its solutions, where somebody asks for them.
 * @module
 */
import { dirname, join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { findLessons, type FoundLesson, loadSolutions } from '../../../repl/src/lessons/find-lessons.ts';
import { isForLearner, type Lesson } from '../../../repl/src/lessons/lesson.ts';
import { courseFolder } from '../../../repl/src/lessons/lessons-folder.ts';
import type { Solutions } from '../../../repl/src/lessons/solutions.ts';
import { type RawNotebook, readNotebookFile } from './notebook-file.ts';

export { courseFolder };

export interface CourseLesson {
  readonly path: string;
  readonly notebook: RawNotebook;
  readonly lesson: Lesson;
}

/**
 * The lessons of these numbers, or all; damaged ones too.
 * @throws FheError RANGE for a number without a lesson
 */
export async function findNumbers(folder: string, numbers: readonly number[]): Promise<FoundLesson[]> {
  const found = await findLessons(folder);
  const missing = numbers.find((number) => !found.some((one) => one.number === number));
  if (missing === undefined) return found.filter(({ number }) => numbers.length === 0 || numbers.includes(number));
  throw new FheError({
    code: 'RANGE',
    op: 'find the lesson',
    field: 'its number',
    should: `one of ${found.map(({ number }) => number).join(', ')}`,
    is: String(missing),
    hint: 'correct the number',
  });
}

/**
 * The lessons of these numbers, or all.
 * @throws FheError RANGE for a number without a lesson; FORMAT for a damaged file
 */
export async function readCourse(folder: string, numbers: readonly number[] = []): Promise<CourseLesson[]> {
  const found = await findNumbers(folder, numbers);
  return Promise.all(
    found.map(async ({ file, lesson, problem }) => {
      if (problem) throw problem;
      const path = join(folder, file);
      return { path, notebook: await readNotebookFile(path), lesson };
    }),
  );
}

/** @throws FheError FORMAT where they are missing, damaged or not complete; a lesson without exercises needs none */
export async function solutionsOf({ lesson, path }: CourseLesson): Promise<Solutions> {
  return lesson.steps.some(isForLearner) ? loadSolutions(lesson, dirname(path)) : new Map();
}
