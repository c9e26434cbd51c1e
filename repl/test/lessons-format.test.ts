/** How a notebook becomes a lesson, and what is refused (docs/lessons.md). */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FheError } from 'toyfhe/backend';
import { describe, expect, it, test } from 'vitest';
import { readLesson, type Lesson } from '../src/lessons/lesson.ts';
import { readNotebook } from '../src/lessons/notebook.ts';
import { outputDifference } from '../src/lessons/output-difference.ts';
import { readSolutions, withAnswers } from '../src/lessons/solutions.ts';
import { runCells } from './lesson-run.ts';

const FILE = '01-adding.ipynb';
const page = readFileSync(join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'docs/lessons.md'), 'utf8');
/** The blocks of the page that are `json <kind>`. */
const blocks = (kind: string): unknown[] =>
  [...page.matchAll(new RegExp(`^\`\`\`json ${kind}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, json]) => JSON.parse(json!) as unknown,
  );

const notebookText = (cells: readonly unknown[], toyfhe: unknown): string =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { toyfhe }, cells });

type Fields = Readonly<Record<string, unknown>>;
const markdown = (source: unknown, toyfhe?: Fields): Fields => ({
  cell_type: 'markdown',
  id: 'm',
  metadata: toyfhe === undefined ? {} : { toyfhe },
  source,
});
const code = (id: string, toyfhe: Fields = {}, more: Fields = {}): Fields => ({
  cell_type: 'code',
  id: `cell-${id}`,
  metadata: { toyfhe: { id, ...toyfhe } },
  source: `'${id}'`,
  outputs: [],
  execution_count: null,
  ...more,
});
const ABOUT = { lesson: 1, title: 'Adding', minutes: 20 };
const lessonOf = (...cells: Fields[]): Lesson => readLesson(notebookText(cells, ABOUT), FILE);

/** The message of the FheError FORMAT that it throws. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(FheError);
    expect(error).toMatchObject({ code: 'FORMAT' });
    return (error as FheError).message;
  }
  throw new Error('nothing was refused');
}

describe('a lesson', () => {
  it('has a step for each code cell, with the prose before it, and what stands at the end', () => {
    const lesson = lessonOf(
      markdown('# Adding', { kind: 'opening' }),
      markdown(['One\n', 'two'], { withoutNoise: ['less\n', 'noise'] }),
      code('a', { withoutNoise: 'b', tolerance: 0.5 }, { source: ['const x = 1;\n', 'x'] }),
      code('b', { kind: 'checkpoint', tolerance: 'any' }),
      markdown('Read on', { kind: 'reading' }),
    );
    const plain = { withoutNoise: undefined };
    expect(lesson).toEqual({
      number: 1,
      title: 'Adding',
      minutes: 20,
      name: '01-adding',
      steps: [
        {
          id: 'a',
          kind: 'plain',
          level: undefined,
          prose: [
            { kind: 'opening', markdown: '# Adding', ...plain },
            { kind: 'prose', markdown: 'One\ntwo', withoutNoise: 'less\nnoise' },
          ],
          code: 'const x = 1;\nx',
          codeWithoutNoise: 'b',
          output: '',
          tolerance: 0.5,
        },
        {
          id: 'b',
          kind: 'checkpoint',
          level: undefined,
          prose: [],
          code: "'b'",
          codeWithoutNoise: undefined,
          output: '',
          tolerance: 'any',
        },
      ],
      closing: [{ kind: 'reading', markdown: 'Read on', ...plain }],
    });
  });

  it('takes the cell’s own id where there is no other', () => {
    expect(lessonOf({ ...code('x'), id: 'own-id', metadata: {} }).steps[0]!.id).toBe('own-id');
    expect(lessonOf({ ...code('x'), id: undefined }).steps[0]!.id, 'before nbformat 4.5').toBe('x');
  });

  it('keeps what was printed, as text without colours', () => {
    const outputs = [
      { output_type: 'stream', name: 'stdout', text: ['\u001b[33m1\u001b[39m\n', '2\n'] },
      { output_type: 'stream', name: 'stderr', text: 'careful\n' },
      { output_type: 'display_data', data: { 'image/png': 'AAAA' }, metadata: {} },
      { output_type: 'execute_result', data: { 'text/plain': ['three'] }, metadata: {}, execution_count: 1 },
    ];
    expect(lessonOf(code('a', {}, { outputs })).steps[0]!.output).toBe('1\n2\nthree');
  });
});

describe('what is refused, with the file, the cell and what to do', () => {
  it.each<[what: string, text: string, message: RegExp]>([
    ['no JSON', '{"cells": [', /^cannot read 01-adding.ipynb: the file should be JSON but is .*; take a whole copy/],
    ['a list', '[]', /the file should be an object but is \[\]/],
    ['another format', '{"nbformat": 3}', /nbformat should be 4 but is 3; open it in Jupyter and save it again/],
    [
      'a notebook of others',
      JSON.stringify({ nbformat: 4, metadata: {} }),
      /metadata.toyfhe should be an object but is missing/,
    ],
    ['no cells', JSON.stringify({ nbformat: 4, metadata: { toyfhe: ABOUT } }), /cells should be a list but is missing/],
    [
      'no number',
      notebookText([code('a')], { ...ABOUT, lesson: 'one' }),
      /toyfhe.lesson should be an integer from 0 to 99 but is "one"/,
    ],
    ['no title', notebookText([code('a')], { ...ABOUT, title: ' ' }), /toyfhe.title should be a title but is " "/],
    [
      'no time',
      notebookText([code('a')], { ...ABOUT, minutes: 0 }),
      /toyfhe.minutes should be an integer from 1 to 600 but is 0/,
    ],
    [
      'a misspelt field',
      notebookText([code('a')], { ...ABOUT, minute: 3 }),
      /toyfhe should be of the fields lesson, title, minutes only but is with minute/,
    ],
    [
      'nothing to run',
      notebookText([markdown('x')], ABOUT),
      /cells should be a list with at least one code cell but is one without/,
    ],
  ])('%s', (_what, text, message) => {
    expect(refusal(() => readLesson(text, FILE))).toMatch(message);
  });

  const exercise = code('e', { kind: 'exercise', level: 'guided' });
  const checked = code('k', { kind: 'check' });
  it.each<[what: string, cells: Fields[], message: RegExp]>([
    [
      'a raw cell',
      [{ ...markdown('x'), cell_type: 'raw' }],
      /cell 1, cell_type should be one of markdown, code but is "raw"/,
    ],
    ['source that is no text', [code('a'), markdown(['a', 3])], /cell 2, source\[1\] should be a text but is 3/],
    [
      'a code cell without outputs',
      [{ ...code('a'), outputs: undefined }],
      /cell 1, outputs should be a list but is missing/,
    ],
    ['an empty code cell', [code('a', {}, { source: '\n' })], /cell 1, source should be code but is empty/],
    [
      'a kind that does not exist',
      [code('a', { kind: 'exercize' })],
      /cell 1, metadata.toyfhe.kind should be one of plain, checkpoint, exercise, check but is "exercize"/,
    ],
    [
      'a kind of the other cells',
      [markdown('x', { kind: 'check' }), code('a')],
      /cell 1, metadata.toyfhe.kind should be one of prose, opening/,
    ],
    [
      'a misspelt field',
      [code('a', { tolerence: 1 })],
      /cell 1, metadata.toyfhe should be of the fields .* but is with tolerence; correct it there/,
    ],
    [
      'no level',
      [code('a', { kind: 'exercise' }), checked],
      /cell 1, metadata.toyfhe.level should be one of worked, guided, independent but is missing/,
    ],
    [
      'a level of what is no exercise',
      [code('a', { level: 'guided' })],
      /level should be left out, because the cell is a plain cell but is "guided"/,
    ],
    ['a tolerance below zero', [code('a', { tolerance: -1 })], /tolerance should be a number ≥ 0, or "any" but is -1/],
    [
      'a strange id',
      [code('a b')],
      /cell 1, metadata.toyfhe.id should be 1 to 64 letters, digits, - and _ but is "a b"/,
    ],
    ['no id at all', [{ ...code('a'), id: undefined, metadata: {} }], /cell 1, id should be a text but is missing/],
    [
      'an id twice',
      [code('a'), markdown('x'), code('a')],
      /cell 3, the id should be one that no cell before it has but is a/,
    ],
    [
      'an exercise without a check',
      [exercise, code('a')],
      /the code cell after cell 1 should be its check but is plain/,
    ],
    [
      'an exercise at the end',
      [exercise, markdown('x')],
      /the code cell after cell 1 should be its check but is missing/,
    ],
    [
      'a check without an exercise',
      [code('a'), checked],
      /the code cell before cell 2 should be its exercise but is plain/,
    ],
  ])('%s', (_what, cells, message) => {
    expect(refusal(() => lessonOf(...cells))).toMatch(message);
  });

  it('but a worked exercise may do without a check', () => {
    expect(lessonOf(code('e', { kind: 'exercise', level: 'worked' }), code('a')).steps).toHaveLength(2);
    expect(lessonOf(exercise, markdown('then'), checked).steps.map((step) => step.kind)).toEqual(['exercise', 'check']);
  });
});

describe('solutions', () => {
  const lesson = lessonOf(
    code('shown', { kind: 'exercise', level: 'worked' }),
    code('a', { kind: 'exercise', level: 'guided' }),
    code('a-check', { kind: 'check' }),
    code('b', { kind: 'exercise', level: 'independent' }),
    code('b-check', { kind: 'check' }),
  );
  const read = (cells: Fields[], about: unknown = { solutionsOf: 1 }): ReadonlyMap<string, string> =>
    readSolutions(notebookText(cells, about), 'solutions/01-adding.ipynb', lesson);

  it('stand in the place of the exercises that are not worked', () => {
    const solutions = read([markdown('why'), code('b', {}, { source: '2' }), code('a', {}, { source: '1' })]);
    expect(Object.fromEntries(solutions)).toEqual({ a: '1', b: '2' });
    const solved = withAnswers(lesson, solutions).steps.map((step) => step.code);
    expect(solved).toEqual(["'shown'", '1', "'a-check'", '2', "'b-check'"]);
    expect(lesson.steps[1]!.code).toBe("'a'");
  });

  it.each<[what: string, cells: Fields[], about: unknown, message: RegExp]>([
    ['one too few', [code('a')], { solutionsOf: 1 }, /cells should be a list with b but is one without/],
    [
      'one too many',
      [code('a'), code('c')],
      { solutionsOf: 1 },
      /cell 2, the id should be an exercise of the lesson \(a, b\) but is "c"/,
    ],
    ['one of a worked exercise', [code('shown')], { solutionsOf: 1 }, /cell 1, the id should be an exercise/],
    [
      'one twice',
      [code('a'), code('a')],
      { solutionsOf: 1 },
      /cell 2, the id should be one that no cell before it has/,
    ],
    ['those of another lesson', [], { solutionsOf: 2 }, /solutionsOf should be 1, the lesson's number but is 2/],
    ['a lesson', [], ABOUT, /should be of the fields solutionsOf only but is with lesson/],
  ])('refused: %s', (_what, cells, about, message) => {
    expect(refusal(() => read(cells, about))).toMatch(/^cannot read solutions\/01-adding.ipynb: /);
    expect(refusal(() => read(cells, about))).toMatch(message);
  });

  it('an answer to what is no exercise is refused', () => {
    expect(() => withAnswers(lesson, new Map([['a-check', '1']]))).toThrow(/the id should be of an exercise/);
  });
});

describe('the examples of docs/lessons.md', () => {
  const [about] = blocks('notebook') as [{ toyfhe: Fields }];
  const lesson = readLesson(notebookText(blocks('cell'), about.toyfhe), FILE);
  const solutions = readSolutions(notebookText(blocks('solution'), { solutionsOf: 1 }), FILE, lesson);

  it('are a lesson with every kind of code cell', () => {
    expect(lesson.steps.map((step) => step.kind)).toEqual(['plain', 'checkpoint', 'exercise', 'check']);
    expect(lesson.steps[0]!.prose[0]!.kind).toBe('opening');
    expect(readNotebook(notebookText(blocks('cell'), about.toyfhe), FILE).cells).toHaveLength(blocks('cell').length);
  });

  it('do what the page says: the exercise as it is fails its check, the solution passes it', () => {
    const solved = runCells(withAnswers(lesson, solutions), 'docs');
    expect([...solved.values()].map((cell) => cell.error)).toEqual(lesson.steps.map(() => undefined));
    expect(solved.get('double-check')!.printed).toBe('✓ twice the sum: 31.8 bits right\n✓ as many numbers\n');
    const unsolved = runCells(lesson, 'docs').get('double-check')!;
    expect(unsolved.error).toMatchObject({ hint: 'each number is added to itself' });
  });

  it('prints what is saved', () => {
    const { output, tolerance } = lesson.steps[0]!;
    expect(outputDifference(runCells(lesson, 'docs').get('sum')!.printed, output, tolerance)).toBeUndefined();
  });
});

test.each<[got: string, saved: string, tolerance: number | 'any', different: boolean]>([
  ['a 1', 'a 1', 0, false],
  ['a  1\n', 'a 1', 0, false],
  ['a 1', 'a 1.0', 0, true],
  ['a 1', 'a 1.0', 0.1, false],
  ['x 0.99 + 1e-9im', 'x  1.0 - 1e-9im', 0.1, false],
  ['x 0.5 + 1e-9im', 'x 1.0 - 1e-9im', 0.1, true],
  ['1 2 3', '1 2', 9, true],
  ['one', 'two', 9, true],
  ['NaN', '1', 9, true],
  ['exact', '3.5 bits', 'any', false],
])('%j instead of %j, tolerance %s: different: %s', (got, saved, tolerance, different) => {
  expect(outputDifference(got, saved, tolerance) !== undefined).toBe(different);
});
