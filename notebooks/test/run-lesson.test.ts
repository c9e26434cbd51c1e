/** Lessons in tslab: a good one, whose saved outputs are then spoilt, and one with every fault. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CourseLesson, readCourse } from '../src/course/course-lesson.ts';
import { lessonProblems } from '../src/course/lesson-problems.ts';
import { type RawNotebook, writeNotebookFile } from '../src/course/notebook-file.ts';
import { type LessonRun, runLesson } from '../src/course/run-lesson.ts';
import { writeStudentCopies } from '../src/course/student-copies.ts';
import { withOutputs, withoutOutputs } from '../src/course/with-outputs.ts';
import { codeCell, pageCells, pageSolutions, writeCourse } from './sample-course.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function run(
  cells: Parameters<typeof writeCourse>[0],
  solutions: Parameters<typeof writeCourse>[1],
): Promise<Ran> {
  folders.push(writeCourse(cells, solutions));
  const [course] = await readCourse(folders.at(-1)!);
  return { course: course!, run: await runLesson(course!) };
}
interface Ran {
  readonly course: CourseLesson;
  readonly run: LessonRun;
}

describe('the lesson of docs/lessons.md', () => {
  let ran: Ran;
  let saved: RawNotebook;
  beforeAll(async () => {
    ran = await run(pageCells, pageSolutions);
    saved = withOutputs(ran.course.notebook, ran.run);
  });

  /** The problems where one cell's outputs have been replaced. */
  const spoilt = (id: string, outputs: readonly Record<string, unknown>[]): string[] => {
    const cells = saved.cells.map((cell) =>
      (cell.metadata['toyfhe'] as { id?: string } | undefined)?.id === id ? { ...cell, outputs } : cell,
    );
    return lessonProblems(ran.run, { ...saved, cells });
  };
  const printed = (text: string): Record<string, unknown>[] => [
    { output_type: 'stream', name: 'stdout', text: [text] },
  ];

  it('runs, solved and as it is given', () => {
    expect(ran.run.steps.map(({ step, execution, asGiven }) => [step.id, execution.status, asGiven?.status])).toEqual([
      ['sum', 'ok', undefined],
      ['bits', 'ok', undefined],
      ['double', 'ok', 'ok'],
      ['double-check', 'ok', 'error'],
    ]);
    expect(ran.run.steps.at(-1)!.asGiven!.error).toMatch(/^✗ twice the sum: bits right should be at least 20 but is/);
  });

  it('what is saved with it is compared', () => {
    // Its second cell has no output on the page.
    expect(lessonProblems(ran.run, ran.course.notebook)).toEqual([
      expect.stringMatching(/^cell bits: .*missing|prints/),
    ]);
    expect(lessonProblems(ran.run, ran.course.notebook, { compare: false })).toEqual([]);
    expect(lessonProblems(ran.run, saved)).toEqual([]);
    expect(spoilt('sum', printed('[ 2.00000000013, 4, 5.99999999987 ]'))).toEqual([]);
    expect(spoilt('sum', printed('[ 2.1, 4, 6 ]'))).toEqual([
      expect.stringMatching(/^cell sum: it prints .* 2\.1 is saved/),
    ]);
    expect(spoilt('double-check', printed('✓'))).toEqual([
      'cell double-check: its output is saved, but would give the answer away',
    ]);
  });

  it('outputs are written where they were wrong, and only there; none for exercises', () => {
    const [, sum, bits, exercise, check] = saved.cells;
    expect(sum!.outputs).toEqual(pageCells[1]!.outputs);
    expect(bits).toMatchObject({ execution_count: 2, outputs: [{ name: 'stdout', output_type: 'stream' }] });
    for (const cell of [exercise, check]) expect(cell).toMatchObject({ execution_count: null, outputs: [] });
    expect(withOutputs(saved, ran.run)).toEqual(saved);
    const fresh = withOutputs(withoutOutputs(saved), ran.run);
    expect(fresh.cells[1]!.outputs).not.toEqual([]);
  });

  it('a file is written only where it changes', async () => {
    const { path } = ran.course;
    expect(await writeNotebookFile(path, saved)).toBe(true);
    expect(await writeNotebookFile(path, saved)).toBe(false);
  });

  it('students get it without outputs and solutions, with its pictures', async () => {
    const [from] = folders;
    const to = join(from!, 'students');
    mkdirSync(join(from!, 'images'));
    writeFileSync(join(from!, 'images/a.svg'), '<svg/>');
    const course = await readCourse(from!);
    expect(await writeStudentCopies(course, to)).toEqual([join(to, '01-sample.ipynb')]);
    const copy = JSON.parse(readFileSync(join(to, '01-sample.ipynb'), 'utf8')) as RawNotebook;
    expect(copy).toEqual(withoutOutputs(saved));
    expect(copy.cells.flatMap(({ outputs = [] }) => outputs)).toEqual([]);
    expect(readFileSync(join(to, 'images/a.svg'), 'utf8')).toBe('<svg/>');
    await writeStudentCopies(course, to); // the same again does no harm
    writeFileSync(join(to, '01-sample.ipynb'), "somebody's work");
    for (const folder of [to, from!])
      await expect(writeStudentCopies(course, folder)).rejects.toMatchObject({ code: 'RANGE' });
    expect(readFileSync(join(to, '01-sample.ipynb'), 'utf8')).toBe("somebody's work");
  });
});

it('every fault is found, and a cell that fails is the end', async () => {
  const exercise = (id: string, given: string, check: string): ReturnType<typeof codeCell>[] => [
    codeCell({ id, kind: 'exercise', level: 'guided' }, given),
    codeCell({ id: `${id}-check`, kind: 'check' }, check),
  ];
  const { course, run: result } = await run(
    [
      codeCell({ id: 'tools' }, "import { check } from 'toyfhe/inspect';\nconsole.error('careful')"),
      ...exercise('solved', 'const a = 1;', "check('a', a === 1)"),
      ...exercise('unsolvable', 'const b = 1;', "check('b', b > 2)"),
      ...exercise('broken', 'const c: string = 1;', "check('c', c === 'c')"),
      ...exercise('other', 'const d: number = 1;', "if (d !== 2) throw new Error('d'); check('d', true)"),
      ...exercise('silent', 'const e: number = 1;', 'if (e !== 2) check("e", false)'),
      codeCell({ id: 'wrong' }, 'throw new Error("at the end")'),
      codeCell({ id: 'never' }, '1'),
    ],
    [
      codeCell({ id: 'solved' }, 'const a = 1;'),
      codeCell({ id: 'unsolvable' }, 'const b = 2;'),
      codeCell({ id: 'broken' }, "const c = 'c';"),
      codeCell({ id: 'other' }, 'const d = 2;'),
      codeCell({ id: 'silent' }, 'const e = 2;'),
    ],
  );
  expect(lessonProblems(result, course.notebook, { compare: false })).toEqual([
    'cell tools: it prints on stderr: careful',
    'cell solved-check: the exercise as it is given passes',
    'cell unsolvable-check: it fails: ✗ b: the answer should be right but is wrong; change the answer and check it again',
    "cell broken: as it is given it fails: 1:7 - Type 'number' is not assignable to type 'string'.",
    "cell other-check: the exercise as it is given fails otherwise than by check: throw new Error('d');\n  Error: d",
    'cell silent-check: a check should print ✓ lines only, but prints ""',
    'cell wrong: it fails: throw new Error("at the end");\n  Error: at the end',
  ]);
  expect(result.steps.at(-1)!.step.id).toBe('wrong');
});
