/** Every lesson of the course, executed in tslab from clean: solved and as it is given, against what is saved. */
import { describe, expect, it } from 'vitest';
import { courseFolder, readCourse } from '../src/course/course-lesson.ts';
import { lessonProblems } from '../src/course/lesson-problems.ts';
import { runLesson } from '../src/course/run-lesson.ts';

/** Small sizes: what takes a minute longer than this says so by TOYFHE_FULL. */
const TIMEOUT = 300_000;

const course = await readCourse(courseFolder());

describe('the course in tslab', () => {
  it.each(course.map((one) => [one.lesson.number, one.lesson.title, one] as const))(
    'lesson %i: %s',
    async (_number, _title, one) => {
      const run = await runLesson(one);
      expect(lessonProblems(run, one.notebook)).toEqual([]);
      expect(run.steps).toHaveLength(one.lesson.steps.length);
    },
    TIMEOUT,
  );
});
