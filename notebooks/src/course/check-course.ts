/**
 * Runs lessons one after another, and says how it went.
 * @module
 */
import { lessonProblems } from './lesson-problems.ts';
import type { CourseLesson } from './course-lesson.ts';
import { writeNotebookFile } from './notebook-file.ts';
import { runLesson } from './run-lesson.ts';
import { withOutputs } from './with-outputs.ts';

export interface CheckOptions {
  /** Larger sizes; then outputs are not compared, because those of the small sizes are saved. */
  readonly full: boolean;
  /** Writes outputs into the notebooks, where they are no longer right, instead of comparing them. */
  readonly write: boolean;
  /** Results: a line for each lesson, and its problems. */
  readonly say: (line: string) => void;
  /** Where it stands, in a few words; undefined: nowhere any more. */
  readonly progress: (text: string | undefined) => void;
}

/** @returns whether all lessons are as they should be */
export async function checkCourse(lessons: readonly CourseLesson[], options: CheckOptions): Promise<boolean> {
  let good = true;
  for (const lesson of lessons) good = (await checkLesson(lesson, options)) && good;
  return good;
}

async function checkLesson(course: CourseLesson, { full, write, say, progress }: CheckOptions): Promise<boolean> {
  const { lesson, notebook, path } = course;
  const title = `lesson ${lesson.number}`;
  progress(`${title}: starting the kernel`);
  const run = await runLesson(course, {
    full,
    onStep: ({ id }, at) => progress(`${title}: cell ${at + 1} of ${lesson.steps.length}, ${id}`),
  });
  progress(undefined);
  const problems = lessonProblems(run, notebook, { compare: !full && !write });
  const written = write && problems.length === 0 && (await writeNotebookFile(path, withOutputs(notebook, run)));
  const ending = problems.length > 0 ? `${problems.length} wrong` : written ? 'outputs written' : 'ok';
  const seconds = (run.milliseconds / 1000).toFixed(1);
  say(`${title.padEnd(9)} ${String(run.steps.length).padStart(3)} cells ${seconds.padStart(6)} s  ${ending}`);
  for (const problem of problems) say(`  ${problem}`);
  return problems.length === 0;
}
