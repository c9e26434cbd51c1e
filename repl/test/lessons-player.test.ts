/** Where the learner stands, and what each key and command does. */
import { describe, expect, it } from 'vitest';
import type { Prose, Step, StepKind } from '../src/lessons/cells.ts';
import type { Lesson } from '../src/lessons/lesson.ts';
import { LessonPlayer, type LessonReply } from '../src/lessons/lesson-player.ts';

const prose = (markdown: string): Prose => ({ kind: 'prose', markdown, withoutNoise: undefined });
const step = (id: string, kind: StepKind = 'plain', level: Step['level'] = undefined): Step => ({
  id,
  kind,
  level,
  prose: [prose(`about ${id}`)],
  code: `${id}()`,
  codeWithoutNoise: undefined,
  output: '',
  tolerance: 0,
});
/** Two plain cells, a guided exercise and its check, a worked exercise and its check. */
const lesson: Lesson = {
  number: 3,
  title: 'Keys',
  minutes: 20,
  name: '03-keys',
  steps: [
    step('a'),
    step('b'),
    step('ask', 'exercise', 'guided'),
    step('ask-check', 'check'),
    step('show', 'exercise', 'worked'),
    step('show-check', 'check'),
  ],
  closing: [prose('questions'), prose('reading')],
};

/** What a learner can do: a line of a script. `ok` and `no`: the cell that runs has ended well, or not. */
type Act = 'enter' | 'ok' | 'no' | 'type' | 'type wrong' | 'skip' | 'back' | 'restart';

/** Plays a script; the last reply, with the player. */
function play(script: readonly Act[]): { player: LessonPlayer; last: LessonReply; finished: string[] } {
  const player = new LessonPlayer(lesson);
  let last = player.begin();
  let running: Step | undefined;
  const finished: string[] = [];
  for (const act of script) {
    if (act === 'type' || act === 'type wrong') {
      player.typed(act === 'type');
      continue;
    }
    if (act === 'ok' || act === 'no') last = player.ran(running!, act === 'ok');
    else if (act === 'enter') last = player.next();
    else last = player[act]();
    if (last.run) running = last.run;
    finished.push(...last.finished);
  }
  return { player, last, finished };
}

const TWO_CELLS: Act[] = ['enter', 'ok', 'enter', 'ok'];
const SOLVED: Act[] = [...TWO_CELLS, 'type', 'enter', 'ok'];
const ALL: Act[] = [...SOLVED, 'enter', 'ok', 'enter', 'ok'];

describe('what comes next', () => {
  it.each<[what: string, script: Act[], at: string | undefined, run: string | undefined]>([
    ['it begins with the first cell', [], 'a', undefined],
    ['Enter runs the cell', ['enter'], 'a', 'a'],
    ['which has to end well', ['enter', 'no'], 'a', undefined],
    ['and is run again', ['enter', 'no', 'enter'], 'a', 'a'],
    ['after it the next', ['enter', 'ok'], 'b', undefined],
    ['typing does not move', ['type', 'type wrong'], 'a', undefined],
    ['a cell is passed by', ['skip'], 'b', undefined],
    ['back to the one before', ['enter', 'ok', 'back'], 'a', undefined],
    ['which runs again', ['enter', 'ok', 'back', 'enter'], 'a', 'a'],
    ['not before the first', ['back'], 'a', undefined],
    ['an exercise does not run', [...TWO_CELLS, 'enter'], 'ask', undefined],
    ['nor after code that failed', [...TWO_CELLS, 'type wrong', 'enter'], 'ask', undefined],
    ['but after an answer its check runs', [...TWO_CELLS, 'type', 'enter'], 'ask-check', 'ask-check'],
    ['a wrong answer stays there', [...TWO_CELLS, 'type', 'enter', 'no'], 'ask-check', undefined],
    ['and is checked again', [...TWO_CELLS, 'type', 'enter', 'no', 'type', 'enter'], 'ask-check', 'ask-check'],
    ['back from the check to the exercise', [...TWO_CELLS, 'type', 'enter', 'no', 'back'], 'ask', undefined],
    ['whose answer is still there', [...TWO_CELLS, 'type', 'enter', 'no', 'back', 'enter'], 'ask-check', 'ask-check'],
    ['a right answer goes on', SOLVED, 'show', undefined],
    ['an exercise is passed by with its check', [...TWO_CELLS, 'skip'], 'show', undefined],
    ['and so is a check that fails', [...TWO_CELLS, 'type', 'enter', 'no', 'skip'], 'show', undefined],
    ['what was typed for another cell is no answer', ['type', ...TWO_CELLS, 'enter'], 'ask', undefined],
    ['a worked exercise runs', [...SOLVED, 'enter'], 'show', 'show'],
    ['the end', ALL, undefined, undefined],
    ['nothing comes after the end', [...ALL, 'enter', 'skip'], undefined, undefined],
    ['back from the end', [...ALL, 'back'], 'show-check', undefined],
    ['from the beginning', [...ALL, 'restart'], 'a', undefined],
    ['where the exercise waits for an answer again', [...ALL, 'restart', ...TWO_CELLS, 'enter'], 'ask', undefined],
  ])('%s: %j', (_what, script, at, run) => {
    const { player, last } = play(script);
    expect({ at: player.step?.id, run: last.run?.id }).toEqual({ at, run });
  });

  it('a cell that ends after the learner has gone elsewhere counts, and does not move', () => {
    const player = new LessonPlayer(lesson);
    const { run } = player.next();
    player.skip();
    expect(player.ran(run!, true).finished).toEqual(['a']);
    expect(player.step!.id).toBe('b');
  });
});

describe('what is shown', () => {
  it('the prose of the cell that comes next, once', () => {
    expect(play([]).last.prose).toEqual(['about a']);
    expect(play(['enter']).last.prose).toEqual([]);
    expect(play(['enter', 'ok']).last.prose).toEqual(['about b']);
    expect(play(['enter', 'no']).last.prose).toEqual([]);
    expect(play([...TWO_CELLS, 'type', 'enter']).last.prose).toEqual(['about ask-check']);
    expect(play([...TWO_CELLS, 'type', 'enter', 'no', 'enter']).last.prose).toEqual([]);
    expect(play(['enter', 'ok', 'back']).last.prose).toEqual(['about a']);
    expect(play(ALL).last.prose).toEqual(['questions', 'reading']);
  });

  it('a notice where something has to be explained', () => {
    expect(play(['enter', 'ok']).last.notice).toBeUndefined();
    expect(play([...TWO_CELLS, 'enter']).last.notice).toMatch(
      /type your own code.*Enter on an empty line checks it.*\.skip/,
    );
    expect(play(['enter', 'no']).last.notice).toMatch(/Enter runs it again, \.skip/);
    expect(play([...TWO_CELLS, 'type', 'enter', 'no']).last.notice).toMatch(/^Not yet.*\.back.*\.skip/);
    expect(play(['back']).last.notice).toMatch(/first cell/);
    expect(play(['restart']).last.notice).toMatch(/Variables stay; \.reset/);
  });

  it('at the end, whether all is done, and what was passed by', () => {
    expect(play(ALL).last.notice).toBe('Lesson 3 is finished: 6 of 6 cells.');
    expect(play(['skip', 'enter', 'ok', 'skip', 'enter', 'ok', 'skip']).last.notice).toBe(
      'The end of lesson 3: 2 of 6 cells done, passed by a, ask, ask-check, show-check. .back leads back to them.',
    );
    const later: Act[] = ['skip', ...SOLVED.slice(2), 'enter', 'ok', 'enter', 'ok', ...Array<Act>(6).fill('back')];
    expect(play([...later, 'enter', 'ok', ...Array<Act>(5).fill('skip')]).last.notice, 'done stays done').toMatch(
      /6 of 6/,
    );
  });

  it('what was finished in earlier sessions', () => {
    expect(new LessonPlayer(lesson, new Set(['a', 'ask', 'of another edition'])).begin()).toMatchObject({
      prose: ['about a'],
      notice: expect.stringMatching(
        /^Finished in earlier sessions: 2 of 6 cells\. Variables do not outlast a session/,
      ) as string,
    });
  });

  it('for the screen: how many are done, and the cell that Enter is about', () => {
    const about = (script: Act[]): unknown => {
      const { done, next, enter } = play(script).player.state;
      return [done, next, enter];
    };
    expect(play([]).player.state).toEqual({ number: 3, title: 'Keys', done: 0, total: 6, next: 'a()', enter: 'runs' });
    expect(about(['enter', 'ok'])).toEqual([1, 'b()', 'runs']);
    expect(about(['enter', 'ok', 'skip'])).toEqual([1, 'ask()', 'waits']);
    expect(about([...TWO_CELLS, 'type'])).toEqual([2, 'ask-check()', 'checks']);
    expect(about([...TWO_CELLS, 'type', 'enter', 'no'])).toEqual([2, 'ask-check()', 'checks']);
    expect(about(SOLVED)).toEqual([4, 'show()', 'runs']);
    expect(about(ALL)).toEqual([6, undefined, 'runs']);
    expect(about([...ALL, 'restart'])).toEqual([0, 'a()', 'runs']);
  });
});

describe('what is to be remembered', () => {
  it.each<[script: Act[], finished: string[]]>([
    [['enter', 'ok'], ['a']],
    [['enter', 'no', 'skip'], []],
    [
      [...TWO_CELLS, 'type', 'enter', 'no'],
      ['a', 'b'],
    ],
    [SOLVED, ['a', 'b', 'ask', 'ask-check']],
    [
      [...TWO_CELLS, 'skip'],
      ['a', 'b'],
    ],
    [ALL, ['a', 'b', 'ask', 'ask-check', 'show', 'show', 'show-check']],
  ])('%j: %j', (script, finished) => {
    expect(play(script).finished).toEqual(finished);
  });
});
