/** `toyfhe bench`: what it prints, never how fast anything was. */
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parameters } from 'toyfhe/backend';
import { liveSealObjects } from 'toyfhe/seal';
import { beforeAll, describe, expect, it } from 'vitest';
import { benchRing } from '../src/bench/job.ts';
import { type BenchLine, benchLines, benchTable, type RingResult } from '../src/bench/report.ts';
import { benchSet, RINGS } from '../src/bench/sets.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** From the sources: this says nothing about the build. */
function toyfhe(...args: string[]): { code: number | null; out: string; err: string } {
  const cli = pathToFileURL(join(root, 'repl/src/cli.ts')).href;
  const program = `process.exitCode = await (await import('${cli}')).run(process.argv.slice(1))`;
  const flags = ['--conditions=toyfhe:source', '--input-type=module', '-e', program, '--'];
  const done = spawnSync(process.execPath, [...flags, ...args], { encoding: 'utf8', cwd: root });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const OPERATIONS = (
  'ntt ntt_widest encode encrypt decrypt+decode add multiply multiply_plain relinearize rescale rotate' +
  ' rotateMany(4) rotateSum(4) keygen'
).split(' ');

describe('on a small ring', () => {
  let result: RingResult;
  let lines: BenchLine[];
  let sealObjects = 0;

  beforeAll(async () => {
    const spec = { ringDegree: 1024, chain: [50, 40, 40], insecure: true };
    const set = {
      engine: { ...spec, special: [50, 50] },
      seal: { ...spec, special: [50] },
      rotations: 4,
      targets: { relinearize: { factor: 1e-6 }, rotate: { factor: 1e6 }, add: { ms: { 1: 1e6, 2: 1e-6 } } },
    };
    sealObjects = liveSealObjects();
    result = await benchRing(set, { threads: 2, rounds: 3, sampleMs: 1 });
    lines = benchLines(result);
  });

  it('every operation has a line for the engine on one and two threads, and for node-seal', () => {
    for (const [backend, threads] of [
      ['engine', 1],
      ['engine', 2],
      ['seal', 1],
    ] as const) {
      const ops = lines.filter((l) => l.backend === backend && l.threads === threads).map(({ op }) => op);
      expect(ops.toSorted()).toEqual([...OPERATIONS, 'lazy rotation'].toSorted());
    }
  });

  it('times and factors are positive', () => {
    // A difference of two medians may come out anyhow on a ring as small as this.
    for (const line of lines.filter(({ op }) => op !== 'lazy rotation')) {
      expect(line.ms, line.op).toBeGreaterThan(0);
      expect(line.cpuMs, line.op).toBeGreaterThanOrEqual(0);
      if (line.backend === 'seal') expect(line).not.toHaveProperty('vsNodeSeal');
      else expect(line.vsNodeSeal, line.op).toBeGreaterThan(0);
    }
  });

  it('says what was compared: modulus, special primes, limbs, and what was timed in its place', () => {
    const of = (op: string, backend: string): BenchLine | undefined =>
      lines.find((l) => l.op === op && l.backend === backend);
    expect(of('rotate', 'engine')).toMatchObject({ ringDegree: 1024, logQ: 130, logQP: 230, special: [50, 50] });
    expect(of('rotate', 'seal')).toMatchObject({ logQ: 130, logQP: 180, special: [50] });
    expect([of('ntt', 'engine'), of('ntt', 'seal')].map((l) => l?.bitsPerLimb)).toEqual([50, 50]);
    expect([of('ntt_widest', 'engine'), of('ntt_widest', 'seal')].map((l) => l?.bitsPerLimb)).toEqual([50, 60]);
    const [one, sum] = [of('rotate', 'seal')!, of('rotateSum(4)', 'seal')!];
    expect(sum).toEqual({ ...one, op: 'rotateSum(4)', measuredAs: 'rotate' });
    expect(of('rotate', 'engine')).toMatchObject({ target: 1e6 });
  });

  it('prints a table of 80 columns, with targets reached and missed', () => {
    const table = benchTable(result);
    expect(table).toContain('special 50×2, log QP 230 of 27 INSECURE');
    for (const op of OPERATIONS) expect(table).toContain(`\n${op} `);
    expect(table).toMatch(/^relinearize .* ✓ \(0\.000001\)/m);
    expect(table).toMatch(/^rotate .* ✗ \(1000000\)/m);
    for (const line of table.split('\n')) {
      // The targets of this test are wider than any real one.
      if (!/✓|✗/.test(line)) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('leaves nothing of SEAL behind', () => expect(liveSealObjects()).toBe(sealObjects));
});

it('the engine alone, on one thread: limits in milliseconds', async () => {
  const engine = { ringDegree: 1024, chain: [40, 40, 40], special: [45], insecure: true };
  const targets = { add: { ms: { 1: 1e6, 2: 1e-6 } } };
  const result = await benchRing({ engine, rotations: 2, targets }, { threads: 1, rounds: 1, sampleMs: 0 });
  const lines = benchLines(result);
  expect(lines.every((l) => l.backend === 'engine' && l.threads === 1 && l.vsNodeSeal === undefined)).toBe(true);
  expect(lines.find(({ op }) => op === 'add')).toMatchObject({ targetMs: 1e6 });
  expect(benchTable(result)).toMatch(/^add .* ✓ < 1000000$/m);
});

it('the parameters are secure, and the same but for the special primes', () => {
  for (const ring of RINGS) {
    const { engine, seal } = benchSet(ring);
    expect(parameters(engine).securityBits).toBe(128);
    if (ring === 65536) expect(seal).toBeUndefined();
    else {
      expect(parameters(seal!).securityBits).toBe(128);
      expect({ ...seal, special: [] }).toEqual({ ...engine, special: [] });
    }
  }
});

describe('the command', () => {
  it('--json: nothing but lines of JSON on stdout', () => {
    const { code, out, err } = toyfhe('bench', '--ring', '8192', '--threads', '1', '--quick', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as BenchLine);
    expect(new Set(lines.map(({ backend }) => backend))).toEqual(new Set(['engine', 'seal']));
    expect(lines.every(({ ringDegree, threads }) => ringDegree === 8192 && threads === 1)).toBe(true);
  });

  it.each([
    [['--ring', '4096'], /ring.*8192,16384,32768,65536/],
    [['--ring', '8192,5'], /ring.*"5" should be one of 8192,16384,32768,65536/],
    [['--ring', '8192,'], /ring.*"" should/],
    [['--threads', '0'], /threads/],
    [['--threads', '257'], /threads should be an integer from 1 to 256 but is 257/],
    [['--fast'], /unknown option/],
  ])('refuses %j', (args, line) => {
    const { code, out, err } = toyfhe('bench', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trimEnd().split('\n'), err).toHaveLength(1);
    expect(err).toMatch(line);
  });
});
