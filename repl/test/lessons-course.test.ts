/**
 * Every lesson of the course has the form of one; lesson 0, which needs the toy alone, is played here with seeded keys. All are
 * executed in Jupyter's kernel (notebooks/test/lessons.test.ts) and played in the REPL (lessons-play.test.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLessons, loadSolutions } from '../src/lessons/find-lessons.ts';
import { isForLearner, type Lesson } from '../src/lessons/lesson.ts';
import { courseFolder } from '../src/lessons/lessons-folder.ts';
import { outputDifference } from '../src/lessons/output-difference.ts';
import { withAnswers } from '../src/lessons/solutions.ts';
import { runCells } from './lesson-run.ts';
import { problemsOf } from './strict-module.ts';

const SEED = 'lessons';
const found = await findLessons(courseFolder());
const lessons = found.map(({ problem, lesson }) => {
  if (problem) throw problem;
  return lesson;
});

it('every notebook of the course is a lesson', () => {
  const notebooks = readdirSync(courseFolder()).filter((name) => name.endsWith('.ipynb'));
  expect(found.map(({ file }) => file)).toEqual(notebooks.sort());
  expect(lessons[0]).toMatchObject({ number: 0, title: 'Eight numbers, encrypted' });
});

describe.each(lessons.map((lesson) => [lesson.number, lesson] as const))('lesson %i', (_number, lesson) => {
  it('has the parts of a lesson', () => {
    const [opening] = lesson.steps[0]!.prose;
    expect(opening?.kind).toBe('opening');
    expect(opening!.markdown).toMatch(
      /^# Lesson \d+: .*\n\n\*\*The question\.\*\*[^]*\*\*What you need\.\*\*[^]*\*\*After it you can\*\*/,
    );
    expect(opening!.markdown).toContain(`# Lesson ${lesson.number}: ${lesson.title}\n`);
    const kinds = [...lesson.steps.flatMap((step) => step.prose), ...lesson.closing].map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(['questionnaire', 'reading']);
    expect(kinds).toContain('misconception');
    expect(lesson.steps.map(({ kind }) => kind)).toContain('checkpoint');
    const levels = lesson.steps.map(({ level }) => level);
    expect(levels).toEqual(expect.arrayContaining(['worked', 'guided', 'independent']));
  });

  it('has nothing in it that one of the front ends cannot do', () => {
    for (const { id, code } of lesson.steps) {
      expect(code, id).not.toMatch(/^\s*export\b|import\.meta|^%|\bfrom '(\.|tslab)/m);
      for (const line of code.split('\n')) expect(line.length, `${id}: ${line}`).toBeLessThanOrEqual(78);
    }
    for (const { markdown } of [...lesson.steps.flatMap((step) => step.prose), ...lesson.closing]) {
      expect(markdown).not.toMatch(/<\/?[a-z]+[ >]/);
      for (const [block] of markdown.matchAll(/^```.*?^```/gms)) {
        for (const line of block.split('\n')) expect(line.length, line).toBeLessThanOrEqual(76);
      }
    }
  });

  it('is written as Jupyter writes it', () => {
    for (const file of [`${lesson.name}.ipynb`, `solutions/${lesson.name}.ipynb`]) {
      // Jupyter's server is Python, which writes 1e-07.
      const text = readFileSync(join(courseFolder(), file), 'utf8').replace(/(?<=: [\d.]+e-)0(?=\d,?$)/gm, '');
      expect(`${JSON.stringify(sorted(JSON.parse(text)), null, 1)}\n`, file).toBe(text);
      expect(JSON.parse(text)).toMatchObject({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: { kernelspec: { name: 'tslab' } },
      });
    }
  });
});

describe(`lesson 0, played (seed ${SEED})`, () => {
  const lesson = lessons[0]!;
  const forLearner = lesson.steps.filter(isForLearner);
  const checkOf = (id: string): string => lesson.steps[lesson.steps.findIndex((step) => step.id === id) + 1]!.id;
  const solve = async (): Promise<Lesson> => withAnswers(lesson, await loadSolutions(lesson, courseFolder()));

  it('runs from beginning to end with the solutions, and prints what is saved', async () => {
    const solved = await solve();
    const cells = runCells(solved, SEED);
    for (const { id, kind, output, tolerance } of solved.steps) {
      const { printed, error } = cells.get(id)!;
      expect(error, id).toBeUndefined();
      if (kind === 'check') expect(printed, id).toMatch(/^(✓ .*\n)+$/);
      if (forLearner.some((step) => [step.id, checkOf(step.id)].includes(id)))
        expect(output, `${id} is not saved`).toBe('');
      else expect(outputDifference(printed, output, tolerance), id).toBeUndefined();
    }
  });

  it('as it is given, every exercise runs and fails its check, and nothing else depends on it', () => {
    const cells = runCells(lesson, SEED);
    const failing = lesson.steps.filter(({ id }) => cells.get(id)!.error !== undefined).map(({ id }) => id);
    expect(failing).toEqual(forLearner.map(({ id }) => checkOf(id)));
    for (const id of failing)
      expect(cells.get(id)!.error, id).toMatchObject({ name: 'FheError', op: expect.stringMatching(/^pass "/) });
  });

  it('who passes the exercises by can go on', () => {
    const own = new Set(forLearner.flatMap(({ id }) => [id, checkOf(id)]));
    const rest = { ...lesson, steps: lesson.steps.filter(({ id }) => !own.has(id)) };
    for (const [id, { error }] of runCells(rest, SEED)) expect(error, id).toBeUndefined();
  });

  it('compiles, as it is given and solved, to types that have names', async () => {
    for (const { steps } of [lesson, await solve()]) expect(problemsOf(steps.map(({ code }) => code))).toEqual([]);
  });
});

describe('answers to lesson 0 that are wrong', () => {
  it.each([
    [
      'one-step',
      'const expected = [2, 3, 4, 5, 6, 7, 8, 1]; const oneStep = keygen(GaloisKey, kp.priv, { steps: 1 });',
      /what you expect/,
    ],
    [
      'one-step',
      'const expected = [8, 1, 2, 3, 4, 5, 6, 7]; const oneStep = keygen(GaloisKey, kp.priv, { steps: -1 });',
      /moves by one step/,
    ],
    ['square-plus', 'const sum = csq_length2;', /x² \+ x/],
    ['square-plus', 'const sum = c.add(c);', /x² \+ x/],
  ])('%s: %s', (id, answer, check) => {
    const [lesson] = lessons;
    const { error } = runCells(withAnswers(lesson!, new Map([[id, answer]])), SEED).get(`${id}-check`)!;
    expect(error).toMatchObject({ code: 'RANGE', message: expect.stringMatching(check) });
  });

  it('another way to the right answer passes', () => {
    const [lesson] = lessons;
    const answer = 'const sum = modswitch(csq_length2.add(c.mul(c.blank().assign([1, 1, 1, 1, 1, 1, 1, 1]))));';
    const { error } = runCells(withAnswers(lesson!, new Map([['square-plus', answer]])), SEED).get(
      'square-plus-check',
    )!;
    expect(error).toBeUndefined();
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
