/** `toyfhe doctor` on machines that have all, or nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { describe, expect, it } from 'vitest';
import { doctor, exitCode } from '../src/doctor/doctor.ts';
import { doctorText } from '../src/doctor/doctor-text.ts';
import type { Finding } from '../src/doctor/finding.ts';
import type { Machine } from '../src/doctor/machine.ts';
import { runCommand } from '../src/doctor/run-command.ts';
import { thisMachine } from '../src/doctor/this-machine.ts';
import type { FoundLesson } from '../src/lessons/find-lessons.ts';
import { makeStyle } from '../src/show/theme.ts';

const GIB = 2 ** 30;
const damaged = new FheError({ code: 'FORMAT', op: 'read x', field: 'it', should: 'a', is: 'b', hint: 'mend it' });
const found = { number: 0, file: '00-x.ipynb', lesson: {} } as FoundLesson;

/** A machine that has everything. */
const WELL: Machine = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  nodeVersion: '24.1.0',
  folder: '/project',
  processors: 8,
  terminal: { interactive: true, columns: 120, rows: 40, abilities: { colours: 'true', unicode: true } },
  memory: () => ({ total: 16 * GIB, available: 8 * GIB, limit: undefined }),
  exists: () => true,
  writable: () => true,
  command: async (name, args) => {
    if (name === 'dot') return 'dot - graphviz version 2.43.0 (0)\n';
    if (name !== 'jupyter' || args[0] !== '--version') return undefined;
    return 'jupyter_core     : 5.7.2\njupyterlab       : 4.3.1\nnotebook         : not installed\n';
  },
  engine: async () => ({ kernels: 'fused', threads: 8 }),
  seal: async () => undefined,
  dataFolder: { path: '/data', from: 'TOYFHE_DATA' },
  mnist: async () => 'MNIST test, 10000 of 10000 images, from /data/mnist',
  weights: async () => ['mnist-article'],
  lessonsFolder: '/project/notebooks',
  lessons: async () => [found],
  stateFolder: '/state',
};

/** What is found under a name on the machine that has everything but this. */
async function finding(name: string, but: Partial<Machine>): Promise<Finding> {
  return (await doctor({ ...WELL, ...but })).find((one) => one.name === name)!;
}
const fails = async (): Promise<never> => {
  throw damaged;
};

it('a machine that has all', async () => {
  const findings = await doctor(WELL);
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(exitCode(findings)).toBe(0);
  expect(Object.fromEntries(findings.map(({ name, what }) => [name, what]))).toEqual({
    'Node.js': '24.1.0',
    'The build': 'in /project',
    'The engine': 'runs on 8 threads, with relaxed SIMD and fused multiply-add',
    Threads: '8 can run at once',
    Memory: '16.0 GiB; 8.0 GiB available',
    Terminal: '120×40, all colours, Unicode',
    Weights: 'mnist-article',
    Lessons: '1 lesson in /project/notebooks',
    State: 'history and progress are kept in /state',
    MNIST: 'MNIST test, 10000 of 10000 images, from /data/mnist',
    'node-seal': 'runs',
    Browser: 'figures open in it',
    Jupyter: 'jupyterlab 4.3.1',
    'TypeScript kernel': 'tslab; npm run notebooks shows it to Jupyter',
    Graphviz: '2.43.0',
  });
});

describe('what is needed: the exit code is 1', () => {
  it.each<[name: string, but: Partial<Machine>, what: RegExp, cure: RegExp]>([
    ['Node.js', { nodeVersion: '20.20.2' }, /^20.20.2, and it should be 22 or newer$/, /npx toyfhe/],
    [
      'The build',
      { exists: (path) => !path.includes('cjs') },
      /^toyfhe\/dist\/cjs not found in \/project$/,
      /npm run setup/,
    ],
    ['The engine', { engine: fails }, /^cannot read x: it should be a but is b$/, /^mend it$/],
  ])('%s', async (name, but, what, cure) => {
    const findings = await doctor({ ...WELL, ...but });
    expect(exitCode(findings)).toBe(1);
    const one = findings.find((each) => each.name === name)!;
    expect(one).toMatchObject({ status: 'missing', needed: true });
    expect(one.what).toMatch(what);
    expect(one.cure).toMatch(cure);
  });
});

describe('what most can be done without: the exit code is 0', () => {
  const terminal = WELL.terminal;
  it.each<[name: string, status: Finding['status'], but: Partial<Machine>, what: RegExp, cure: RegExp]>([
    [
      'The engine',
      'warning',
      { engine: async () => ({ kernels: 'software', threads: 1 }) },
      /1 thread, without fused/,
      /processor with FMA/,
    ],
    [
      'Memory',
      'warning',
      { memory: () => ({ total: 8 * GIB, available: GIB / 2, limit: 2 * GIB }) },
      /8.0 GiB, of which this container may take 2.0 GiB; 0.5 GiB/,
      /few images/,
    ],
    [
      'Terminal',
      'warning',
      { terminal: { ...terminal, interactive: false } },
      /^none: .*plain text/,
      /open it in a terminal/,
    ],
    ['Terminal', 'warning', { terminal: { ...terminal, columns: 60 } }, /^60×40/, /80×24 or larger/],
    [
      'Terminal',
      'warning',
      { terminal: { ...terminal, abilities: { colours: 'none', unicode: false } } },
      /no colours, ASCII only/,
      /LANG/,
    ],
    ['Weights', 'missing', { weights: async () => [] }, /no trained networks/, /npm run train/],
    ['Weights', 'warning', { weights: fails }, /^cannot read x/, /mend it/],
    ['Lessons', 'missing', { lessons: async () => [] }, /^0 lessons/, /TOYFHE_LESSONS/],
    ['State', 'warning', { writable: () => false }, /nothing can be written to \/state/, /TOYFHE_STATE/],
    ['MNIST', 'missing', { mnist: async () => undefined }, /not in \/data: digits are drawn/, /npm run data/],
    ['MNIST', 'warning', { mnist: fails }, /^cannot read x/, /mend it/],
    ['node-seal', 'missing', { seal: fails }, /cannot read x/, /only the backend seal/],
    ['Browser', 'warning', { env: {} }, /no display/, /elsewhere/],
    ['Jupyter', 'missing', { command: async () => undefined }, /not found/, /npm run notebooks gets one.*\.lessons/],
    [
      'Jupyter',
      'missing',
      { command: async () => 'jupyter_core : 5.7.2\nnotebook : not installed\n' },
      /not found/,
      /npm run notebooks/,
    ],
    ['TypeScript kernel', 'missing', { exists: (path) => !path.endsWith('tslab') }, /not installed/, /npm run setup/],
    ['Graphviz', 'missing', { command: async () => undefined }, /not found/, /--dot/],
  ])('%s: %s', async (name, status, but, what, cure) => {
    const one = await finding(name, but);
    expect(one).toMatchObject({ status, needed: false });
    expect(one.what).toMatch(what);
    expect(one.cure).toMatch(cure);
    expect(exitCode(await doctor({ ...WELL, ...but }))).toBe(0);
  });

  it('one thread is no fault that could be cured', async () => {
    expect(await finding('Threads', { processors: 1 })).toMatchObject({ status: 'warning', cure: undefined });
  });

  it('a damaged lesson is named', async () => {
    const lessons = async (): Promise<FoundLesson[]> => [found, { number: 1, file: '01-y.ipynb', problem: damaged }];
    expect((await finding('Lessons', { lessons })).what).toBe(`2 lessons in /project/notebooks; ${damaged.message}`);
  });

  it.each(['python3', '/project/.cache/venv/bin/python'])('Jupyter may be a module of Python: %s', async (python) => {
    const asked: string[] = [];
    const command: Machine['command'] = async (name, args) => {
      asked.push([name, ...args].join(' '));
      if (name === 'jupyter') return 'jupyter_core : 5.7.2\nnotebook : not installed\n'; // without a front end
      return name === python ? 'notebook : 6.4.12' : undefined;
    };
    expect(await finding('Jupyter', { command })).toMatchObject({ status: 'ok', what: 'notebook 6.4.12' });
    expect(asked).toContain(`${python} -m jupyter --version`);
  });
});

it('a table that fits: what is there, what to do about the rest, and what follows', () => {
  const style = makeStyle({ columns: 44, theme: 'plain', colours: 'none', unicode: true });
  const findings: Finding[] = [
    { name: 'Node.js', status: 'ok', what: '24.1.0', cure: undefined, needed: false },
    {
      name: 'Memory',
      status: 'warning',
      what: '1.0 GiB',
      cure: 'end other programs, or take few images',
      needed: false,
    },
    { name: 'Jupyter', status: 'missing', what: 'not found', cure: 'install it', needed: false },
  ];
  expect(doctorText(findings, style).split('\n')).toEqual([
    '✓ Node.js  24.1.0',
    '! Memory   1.0 GiB',
    '           → end other programs, or take few',
    '             images',
    '· Jupyter  not found',
    '           → install it',
    '',
    'Ready: what is needed is there. The rest is',
    'for some purposes only.',
  ]);
  expect(doctorText(findings.slice(0, 1), style)).toBe('✓ Node.js  24.1.0\n\nAll is there.');
  const broken: Finding = { name: 'The build', status: 'missing', what: 'none', cure: 'npm run setup', needed: true };
  expect(doctorText([broken], { ...style, unicode: false }).split('\n')).toEqual([
    'x The build  none',
    '             -> npm run setup',
    '',
    'Not ready: The build. See above for what to',
    'do.',
  ]);
});

describe('this machine', () => {
  it('is examined without a word of the error kind', async () => {
    const findings = await doctor({ ...thisMachine(), mnist: async () => undefined });
    expect(findings.map(({ name }) => name)).toEqual((await doctor(WELL)).map(({ name }) => name));
    expect(findings.find(({ name }) => name === 'Node.js')).toMatchObject({
      status: 'ok',
      what: process.versions.node,
    });
    expect(findings.find(({ name }) => name === 'The engine')!.what).toMatch(/^runs on \d+ threads?, with/);
    expect(findings.find(({ name }) => name === 'Lessons')!.what).toMatch(/^[1-9]\d* lessons? in /);
  });

  it('says where files can be made, and makes none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'toyfhe-doctor-'));
    const { writable, exists } = thisMachine();
    expect(writable(folder)).toBe(true);
    expect(writable(join(folder, 'not', 'there'))).toBe(true);
    expect(exists(join(folder, 'not'))).toBe(false);
    rmSync(folder, { recursive: true });
    expect(writable(join(process.execPath, 'beneath-a-file'))).toBe(false);
  });

  it('commands that are missing, fail or hang print nothing', async () => {
    expect(await runCommand(process.execPath, ['-e', 'console.log(1); console.error(2)'])).toBe('1\n2\n');
    expect(await runCommand('no-such-program-here', [])).toBeUndefined();
    expect(await runCommand('', [])).toBeUndefined();
    expect(await runCommand(process.execPath, ['-e', 'process.exit(3)'])).toBeUndefined();
    expect(await runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], 50)).toBeUndefined();
  });
});
