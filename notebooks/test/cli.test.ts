/** `npm run notebooks` as a command: what it prints, what it refuses, its exit codes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RawNotebook } from '../src/course/notebook-file.ts';
import { root } from '../src/jupyter/project.ts';
import { type Ended, runProgram } from '../src/jupyter/run-program.ts';
import { codeCell, pageCells, pageSolutions, writeCourse } from './sample-course.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function course(...args: Parameters<typeof writeCourse>): string {
  folders.push(writeCourse(...args));
  return folders.at(-1)!;
}

function run(lessons: string, ...args: string[]): Promise<Ended> {
  const cli = join(root, 'notebooks/src/cli.ts');
  return runProgram(process.execPath, ['--conditions=toyfhe:source', cli, ...args], {
    env: { ...process.env, TOYFHE_LESSONS: lessons },
  });
}

describe('checking', () => {
  it('outputs that are missing are written, then right, then wrong where they are changed', async () => {
    const folder = course(pageCells, pageSolutions);
    const file = join(folder, '01-sample.ipynb');
    const first = await run(folder, '--check');
    expect(first.output).toMatch(/^lesson 1 +4 cells +[\d.]+ s {2}1 wrong\n {2}cell bits: it prints .*\n$/);
    expect(first.code).toBe(1);
    const written = await run(folder, '--write', '1');
    expect([written.code, written.output]).toEqual([0, expect.stringMatching(/ outputs written\n$/)]);
    const before = readFileSync(file, 'utf8');
    const second = await run(folder, '--write');
    expect([second.code, second.output]).toEqual([0, expect.stringMatching(/ ok\n$/)]);
    expect(readFileSync(file, 'utf8')).toBe(before);
    writeFileSync(file, before.replace('2.00000000012, 4, 5.9', '2.00000000012, 4, 5.8'));
    const third = await run(folder, '--check', '1');
    expect([third.code, third.output]).toEqual([1, expect.stringMatching(/cell sum: it prints 5\.99999999987 where/)]);
  });

  it('full sizes are seen by cells, and their outputs are not compared', async () => {
    const cell = codeCell({ id: 'size' }, "process.env['TOYFHE_FULL'] === '1' ? 'full' : 'small'");
    const saved = { ...cell, outputs: [{ output_type: 'stream', name: 'stdout', text: ['small\n'] }] };
    const folder = course([saved], []);
    expect((await run(folder, '--check')).output).toMatch(/ ok\n$/);
    expect((await run(folder, '--check', '--full')).output).toMatch(/ ok\n$/);
    const asserting = course([codeCell({ id: 'size' }, "if (!process.env['TOYFHE_FULL']) throw 1")], []);
    expect((await run(asserting, '--full')).code).toBe(0);
  });

  it('a lesson that fails is not written', async () => {
    const folder = course(
      [codeCell({ id: 'a' }, "console.log('a')"), codeCell({ id: 'b' }, 'throw new Error("b")')],
      [],
    );
    const { code, output } = await run(folder, '--write');
    expect([code, output]).toEqual([1, expect.stringMatching(/ 1 wrong\n {2}cell b: it fails: .*\n {2}Error: b\n$/)]);
    const { cells } = JSON.parse(readFileSync(join(folder, '01-sample.ipynb'), 'utf8')) as RawNotebook;
    expect(cells.map(({ outputs }) => outputs)).toEqual([[], []]);
  });
});

it('student copies', async () => {
  const folder = course(pageCells, pageSolutions);
  const to = join(folder, 'students');
  const first = await run(folder, '--student', to);
  expect([first.code, first.output]).toEqual([0, `${join(to, '01-sample.ipynb')}\n`]);
  writeFileSync(join(to, '01-sample.ipynb'), 'mine');
  const second = await run(folder, '--student', to);
  expect([second.code, second.output]).toEqual([
    2,
    `cannot write student copies: ${join(to, '01-sample.ipynb')} should be missing or the same but is there with ` +
      'another content; name an empty folder\n',
  ]);
});

describe('refusals', () => {
  it.each([
    [['--check', '7'], /^cannot find the lesson: its number should be one of 1 but is 7; correct the number\n$/],
    [['first'], /should be the number of a lesson/],
    [['--check', '--write'], /cannot be used with/],
    [['--port', '0'], /should be a port/],
    [['--nonsense'], /unknown option/],
  ])('%j', async (args, message) => {
    const { code, output } = await run(course(pageCells, pageSolutions), ...args);
    expect([code, output]).toEqual([2, expect.stringMatching(message)]);
  });

  it('a damaged lesson', async () => {
    const folder = course(pageCells, []);
    const { code, output } = await run(folder, '--check');
    expect([code, output]).toEqual([2, expect.stringMatching(/^cannot read .*a list with double but is one without/)]);
  });
});

it('help names every option', async () => {
  const { code, output } = await run(course(pageCells, pageSolutions), '--help');
  expect(code).toBe(0);
  for (const option of ['--check', '--write', '--full', '--student', '--install', '--no-browser', '--port'])
    expect(output).toContain(option);
});
