/**
 * A lesson from beginning to end in tslab, from clean, with its solutions and as it is given.
 * @module
 */
import { dirname } from 'node:path';
import type { Step } from '../../../repl/src/lessons/cells.ts';
import { exerciseOf, isForLearner, type Lesson } from '../../../repl/src/lessons/lesson.ts';
import { type Execution, TslabKernel } from '../kernel/tslab-kernel.ts';
import { type CourseLesson, solutionsOf } from './course-lesson.ts';

export interface RunOptions {
  /** Sizes that take longer: cells see TOYFHE_FULL=1. */
  readonly full?: boolean;
  /** Of each cell, in milliseconds. */
  readonly timeout?: number;
  /** Told before each cell. */
  readonly onStep?: (step: Step, at: number) => void;
}

/** A code cell, and what it did. */
export interface RanStep {
  readonly step: Step;
  /** Of an exercise of the learner's: with its solution. */
  readonly execution: Execution;
  /** Of an exercise of the learner's and of its check: with the code that the learner begins with, where that runs. */
  readonly asGiven: Execution | undefined;
}

export interface LessonRun {
  readonly lesson: Lesson;
  /** In order; shorter than the lesson where a cell has failed. */
  readonly steps: readonly RanStep[];
  readonly milliseconds: number;
}

/**
 * Each exercise runs twice, with its check: solved, then as it is given, because that is what stands in the notebook when
 * somebody passes it by. A cell that fails is the end, as it is in Jupyter; a check is not, for nothing depends on it.
 * @throws FheError FORMAT for the solutions, WORKER where the kernel cannot be started
 */
export async function runLesson(
  course: CourseLesson,
  { full = false, timeout, onStep }: RunOptions = {},
): Promise<LessonRun> {
  const start = performance.now();
  const { lesson, path } = course;
  const solutions = await solutionsOf(course);
  const kernel = await TslabKernel.start(dirname(path), { env: { TOYFHE_FULL: full ? '1' : undefined } });
  try {
    const options = timeout === undefined ? {} : { timeout };
    const run = (code: string): Promise<Execution> => kernel.execute(code, options);
    const steps: RanStep[] = [];
    for (const [at, step] of lesson.steps.entries()) {
      onStep?.(step, at);
      const exercise = exerciseOf(lesson, step);
      const execution = await run(solutions.get(step.id) ?? step.code);
      if (exercise !== undefined && isForLearner(exercise)) {
        const given = await run(exercise.code);
        steps[at - 1] = { ...steps[at - 1]!, asGiven: given };
        // Where it has not run, the solution's names are still there, and their check would say nothing.
        steps.push({ step, execution, asGiven: given.status === 'ok' ? await run(step.code) : undefined });
      } else steps.push({ step, execution, asGiven: undefined });
      if (execution.status === 'died' || (execution.status !== 'ok' && step.kind !== 'check')) break;
    }
    return { lesson, steps, milliseconds: performance.now() - start };
  } finally {
    await kernel.close();
  }
}

/** An exercise of the learner's or its check: what they print is not saved, for it would be the answer. */
export function isAnswer(lesson: Lesson, step: Step): boolean {
  return isForLearner(exerciseOf(lesson, step) ?? step);
}
