/**
 * A lesson of a folder with all that belongs to it: the notebook as a file, as a lesson, and its solutions.
 * @module
 */
import { join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { findLessons, loadSolutions } from '../../../repl/src/lessons/find-lessons.ts';
import type { Lesson } from '../../../repl/src/lessons/lesson.ts';
import { courseFolder } from '../../../repl/src/lessons/lessons-folder.ts';
import type { Solutions } from '../../../repl/src/lessons/solutions.ts';
import { type RawNotebook, readNotebookFile } from './notebook-file.ts';

export { courseFolder };

export interface CourseLesson {
  readonly path: string;
  readonly notebook: RawNotebook;
  readonly lesson: Lesson;
  readonly solutions: Solutions;
}

/**
 * The lessons of these numbers, or all.
 * @throws FheError RANGE for a number without a lesson; FORMAT for a damaged file
 */
export async function readCourse(folder: string, numbers: readonly number[] = []): Promise<CourseLesson[]> {
  const found = await findLessons(folder);
  const missing = numbers.find((number) => !found.some((one) => one.number === number));
  if (missing !== undefined) {
    throw new FheError({
      code: 'RANGE',
      op: 'find the lesson',
      field: 'its number',
      should: `one of ${found.map(({ number }) => number).join(', ')}`,
      is: String(missing),
      hint: 'correct the number',
    });
  }
  const wanted = found.filter(({ number }) => numbers.length === 0 || numbers.includes(number));
  return Promise.all(
    wanted.map(async ({ file, lesson, problem }) => {
      if (problem) throw problem;
      const path = join(folder, file);
      const [notebook, solutions] = await Promise.all([readNotebookFile(path), loadSolutions(lesson, folder)]);
      return { path, notebook, lesson, solutions };
    }),
  );
}
