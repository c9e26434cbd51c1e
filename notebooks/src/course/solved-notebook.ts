/**
 * A lesson as a notebook that runs from beginning to end.
 * @module
 */
import { type CourseLesson, solutionsOf } from './course-lesson.ts';
import { linesOf, type RawNotebook } from './notebook-file.ts';
import { withoutOutputs } from './with-outputs.ts';

/** The lesson's notebook with the solutions in the place of its exercises, and without outputs. */
export async function solvedNotebook(course: CourseLesson): Promise<RawNotebook> {
  const { lesson, notebook } = course;
  const solutions = await solutionsOf(course);
  let at = -1;
  const cells = withoutOutputs(notebook).cells.map((cell) => {
    if (cell.cell_type !== 'code') return cell;
    const solution = solutions.get(lesson.steps[++at]!.id);
    return solution === undefined ? cell : { ...cell, source: linesOf(solution) };
  });
  return { ...notebook, cells };
}
