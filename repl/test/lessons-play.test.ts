/** Every lesson of the course, played in a session with a real kernel to its end, as a learner does who solves it all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startKernel } from '../src/kernel/client.ts';
import { findLessons, loadSolutions } from '../src/lessons/find-lessons.ts';
import { isForLearner } from '../src/lessons/lesson.ts';
import { courseFolder } from '../src/lessons/lessons-folder.ts';
import { progressStore } from '../src/lessons/progress-store.ts';
import { commands } from '../src/session/commands/index.ts';
import { shortHistory } from '../src/session/history.ts';
import { LessonRoom } from '../src/session/lesson-room.ts';
import { Session } from '../src/session/session.ts';

const TIMEOUT = 300_000;
const state = mkdtempSync(join(tmpdir(), 'toyfhe-play-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const folder = courseFolder();
const lessons = (await findLessons(folder)).map(({ lesson, problem }) => {
  if (problem) throw problem;
  return lesson;
});

describe('in the REPL', () => {
  it.each(lessons.map((lesson) => [lesson.number, lesson.title, lesson] as const))(
    '.lesson %i plays to its end: %s',
    async (number, _title, lesson) => {
      const solutions = await loadSolutions(lesson, folder);
      const store = progressStore(join(state, String(number)), (notice) => expect.fail(notice));
      const kernel = startKernel({ folder });
      const session = new Session({
        kernel,
        history: shortHistory(),
        commands,
        lessons: new LessonRoom(store, folder),
        theme: 'dark',
      });
      try {
        await session.submit(`.lesson ${number}`);
        for (const step of lesson.steps) {
          if (step.kind === 'check' && solutions.has(lesson.steps[lesson.steps.indexOf(step) - 1]!.id)) continue;
          if (isForLearner(step)) await session.submit(solutions.get(step.id)!);
          await session.submit(''); // the cell; after an answer, its check
          const errors = session.state.entries.filter(({ kind }) => kind === 'error');
          expect(errors, step.id).toEqual([]);
        }
        const count = lesson.steps.length;
        expect(session.state.lesson).toMatchObject({ number, done: count, total: count, next: undefined });
        expect(session.state.entries.filter(({ kind }) => kind === 'notice')).toEqual([
          { kind: 'notice', level: 'info', text: `Lesson ${number} is finished: ${count} of ${count} cells.` },
        ]);
        const finished = (await store.read()).get(lesson.name);
        expect([...(finished ?? [])].sort()).toEqual(lesson.steps.map(({ id }) => id).sort());
      } finally {
        await session.close();
      }
    },
    TIMEOUT,
  );
});
