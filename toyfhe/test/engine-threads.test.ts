/** The engine's threads: the same bits whatever their number, no hang when one dies, no work when there is none. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { CheckedBackend } from '../src/backend/checked.ts';
import type { Backend, Ciphertext, Keys } from '../src/backend/contract.ts';
import { FheError } from '../src/backend/errors.ts';
import { type ParameterSpec, parameters } from '../src/backend/parameters.ts';
import { seededRandom } from '../src/backend/random.ts';
import type { EngineArithmetic } from '../src/engine/arithmetic.ts';
import type { EngineHandles } from '../src/engine/handles.ts';
import { Heap } from '../src/engine/heap.ts';
import { engine, type EngineOptions } from '../src/engine/index.ts';
import { KeyStore } from '../src/engine/key-store.ts';
import type { Machine } from '../src/engine/machine.ts';
import { Ring } from '../src/engine/ring.ts';
import { OP, Tasks } from '../src/engine/tasks.ts';
import { Threads } from '../src/engine/threads.ts';
import { chooseKernels, instantiate, type Kernels } from '../src/engine/wasm.ts';

afterEach(() => vi.restoreAllMocks());

const SEED = process.env.TOYFHE_SEED ?? 'threads-1';
/** Three digits of at most two primes; tasks long enough for workers to take some. */
const SPEC: ParameterSpec = { ringDegree: 4096, chain: [50, 40, 40, 40, 40], special: [45, 45], insecure: true };

function machineOf(backend: Backend): Machine {
  const { arithmetic } = backend as CheckedBackend<EngineHandles>;
  return (arithmetic as EngineArithmetic).machine;
}

/** A copy of all residues of a ciphertext. */
function limbsOf(backend: Backend, c: Ciphertext): Buffer {
  const { handle } = (backend as CheckedBackend<EngineHandles>).handleOfCiphertext('test', c);
  const machine = machineOf(backend);
  return Buffer.concat(handle.polynomials.flat().map((limb) => Buffer.from(machine.view(limb).slice().buffer)));
}

const x0 = Float64Array.from({ length: 2048 }, (_, i) => Math.sin(i));
const x1 = Float64Array.from({ length: 2048 }, (_, i) => Math.cos(3 * i));

/** Every verb: its results, and what they decrypt to. */
function program(b: Backend, keys: Keys): Map<string, Buffer> {
  const { evaluationKeys: ev, publicKey, secretKeys } = keys;
  const results = new Map<string, Buffer>();
  const seen = (name: string, ...cs: Ciphertext[]): Ciphertext => {
    results.set(name, Buffer.concat(cs.map((c) => limbsOf(b, c))));
    for (const [i, c] of cs.entries()) {
      const { re, im } = b.decodeComplex(secretKeys.decrypt(c));
      results.set(`${name}, decrypted ${i}`, Buffer.concat([Buffer.from(re.buffer), Buffer.from(im.buffer)]));
    }
    return cs[0]!;
  };
  b.scope(() => {
    const [p, half] = [b.encode({ re: x0, im: x1 }), b.encode(0.5)];
    const x = seen('encrypt', publicKey.encrypt(p));
    const y = seen('encrypt with the secret key', secretKeys.encrypt(b.encode(x1)));
    const z = seen('encrypt a constant', publicKey.encrypt(half));
    seen('add', ev.add(x, y));
    seen('sub', ev.sub(x, y));
    seen('neg', ev.neg(x));
    seen('addPlain', ev.addPlain(x, p), ev.addPlain(x, half));
    seen('mulPlain', ev.mulPlain(x, p), ev.mulPlain(x, half));
    const product = seen('mul', ev.mul(x, y));
    seen('square', ev.square(z));
    const short = seen('relinearize', ev.relinearize(product));
    const low = seen('rescale', ev.rescale(short), ev.rescale(product));
    seen('dropLevel', ev.dropLevel(x, 1));
    seen('rotate', ev.rotate(x, 1), ev.rotate(low, 3), ev.rotate(ev.dropLevel(x, 0), -1));
    seen('rotateMany', ...ev.rotateMany(low, [3, 0, 1, -1]));
    seen('conjugate', ev.conjugate(low));
    seen('rotateSum', ev.rotateSum([x, y, x, z], [1, 3, 0, -1]));
    seen('dotPlain', ev.dotPlain([x, y, z], [p, half, p]));
  });
  return results;
}

async function run(options: EngineOptions): Promise<Map<string, Buffer>> {
  const b = await engine(SPEC, { random: seededRandom(SEED), ...options });
  const keys = b.keygen({ rotations: [1, 3, -1], conjugate: true });
  const results = program(b, keys);
  // Once more: by now all workers have heard of keys that lie outside.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const ev = keys.evaluationKeys;
  const x = keys.secretKeys.encrypt(b.encode(x0));
  const many = [ev.relinearize(ev.square(x)), ...ev.rotateMany(x, [1, 3, -1]), ev.rotateSum([x, x], [1, 3])];
  results.set('keys that all workers know', Buffer.concat(many.map((c) => limbsOf(b, c))));
  b.dispose();
  return results;
}

describe('the same bits', () => {
  const reference = run({ threads: 1 });

  const cases: Record<string, EngineOptions> = {
    '1 thread again': { threads: 1 },
    '2 threads': { threads: 2 },
    '3 threads': { threads: 3 },
    '5 threads, more than cores or limbs': { threads: 5 },
    '1 thread, all keys outside': { threads: 1, keyMemory: 0 },
    '2 threads, all keys outside': { threads: 2, keyMemory: 0 },
    '3 threads, all keys outside': { threads: 3, keyMemory: 0 },
    // A key has 3·2·7 limbs of 32 KiB and a little: room for two of the five.
    '2 threads, some keys inside and some outside': { threads: 2, keyMemory: 3 * 2 ** 20 },
    'the software build, 2 threads': { threads: 2, kernels: 'software' },
  };
  test.each(Object.entries(cases))('%s', async (_name, options) => {
    const want = options.kernels === undefined ? await reference : await run({ ...options, threads: 1 });
    const got = await run(options);
    expect([...got.keys()]).toEqual([...want.keys()]);
    const different = [...want].filter(([name, bytes]) => !got.get(name)!.equals(bytes)).map(([name]) => name);
    expect(different).toEqual([]);
  });

  test('keys outside come and go, and are used at once and later', async () => {
    const b = await engine(SPEC, { threads: 3, keyMemory: 0, random: seededRandom(SEED) });
    const keys = b.keygen({ rotations: [1] });
    const x = keys.publicKey.encrypt(b.encode(x0));
    for (let i = 0; i < 20; i++) {
      const more = keys.secretKeys.evaluationKeys({ rotations: [2, 5], relinearize: false });
      const sum = b.scope(() => more.rotateSum([x, x], [2, 5]));
      const got = b.decode(keys.secretKeys.decrypt(sum));
      const want = x0.map((_, j) => x0[(j + 2046) % 2048]! + x0[(j + 2043) % 2048]!);
      // Noise of some hundred units in 2048 slots at a scale of 2^40.
      for (const [j, v] of got.entries()) expect(Math.abs(v - want[j]!)).toBeLessThan(2 ** -20);
      more.dispose();
      sum.dispose();
      if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    b.dispose();
  });
});

const run_ = promisify(execFile);
/** A hang is killed, and its test fails; nothing here is about how long it takes. */
const HANG = 60_000; // milliseconds
const ENGINE = new URL('../src/engine/index.ts', import.meta.url).href;
const COMPUTE = `
  const { engine } = await import(${JSON.stringify(ENGINE)});
  const b = await engine({ ringDegree: 1024, chain: [50, 40, 40], special: [50], insecure: true }, { threads: THREADS });
  const keys = b.keygen({ rotations: [1] });
  const ev = keys.evaluationKeys;
  const x = ev.rescale(ev.relinearize(ev.square(keys.publicKey.encrypt(b.encode([3, 4])))));
  const [, first, second] = b.decode(keys.secretKeys.decrypt(ev.rotate(x, 1)));
`;

describe('programs', () => {
  async function child(source: string): Promise<string> {
    const args = ['--conditions=toyfhe:source', '--input-type=module', '--eval', source];
    const { stdout } = await run_(process.execPath, args, { timeout: HANG });
    return stdout.trim();
  }

  test('a process that computes and disposes nothing ends by itself', async () => {
    const source = `${COMPUTE.replace('THREADS', '3')} console.log(b.threads, first.toFixed(3), second.toFixed(3));`;
    expect(await child(source)).toBe('3 9.000 16.000');
  });

  test('an idle pool burns no time', async () => {
    // Three workers that spun would burn at least the time of one core, a second or more.
    const source = `${COMPUTE.replace('THREADS', '4')}
      await new Promise((resolve) => setTimeout(resolve, 200));
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { user, system } = process.cpuUsage(before);
      console.log((user + system) / 1000);
    `;
    expect(Number(await child(source))).toBeLessThan(300); // milliseconds
  });

  test('an engine can be made inside a worker thread', async () => {
    const source = `
      const { parentPort } = require('node:worker_threads');
      (async () => {
        ${COMPUTE.replace('THREADS', '2')}
        b.dispose();
        parentPort.postMessage([first, second]);
      })();
    `;
    const worker = new Worker(source, { eval: true, execArgv: ['--conditions=toyfhe:source'] });
    const [message, code] = await Promise.all([
      new Promise<unknown>((resolve, reject) => worker.once('message', resolve).once('error', reject)),
      new Promise<number>((resolve) => worker.once('exit', resolve)),
    ]);
    const [first, second] = message as [number, number];
    expect(first).toBeCloseTo(9, 4);
    expect(second).toBeCloseTo(16, 4);
    expect(code).toBe(0);
  });
});

async function refused(f: () => unknown): Promise<FheError> {
  try {
    await f();
  } catch (error) {
    if (error instanceof FheError) return error;
    throw error;
  }
  return expect.fail('should be refused');
}

/** Lets events of worker threads arrive until `f` is refused. */
async function refusedSoon(f: () => unknown): Promise<FheError> {
  for (let i = 0; i < 500; i++) {
    try {
      f();
    } catch (error) {
      if (error instanceof FheError) return error;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return expect.fail('should be refused sooner or later');
}

describe('a worker that dies', () => {
  /** An engine with two threads, and a computation whose result is checked. */
  async function open(): Promise<{ b: Backend; compute: () => void }> {
    const b = await engine(SPEC, { threads: 2, patience: 3, random: seededRandom(SEED) });
    const keys = b.keygen({ rotations: [1] });
    const x = keys.publicKey.encrypt(b.encode(x0));
    const compute = (): void =>
      b.scope(() => {
        const got = b.decode(keys.secretKeys.decrypt(keys.evaluationKeys.rotate(x, 1)));
        for (const [i, v] of got.entries()) expect(Math.abs(v - x0[(i + 2047) % 2048]!)).toBeLessThan(2 ** -20);
      });
    return { b, compute };
  }
  /** It may have died between two tasks: then what was asked is right, or refused; never wrong, never waiting for ever. */
  function rightOrRefused(compute: () => void): void {
    try {
      compute();
    } catch (error) {
      expect(error).toMatchObject({ code: 'WORKER' });
    }
  }
  async function expectDead(b: Backend, compute: () => void): Promise<void> {
    const error = await refusedSoon(compute);
    expect(error.code).toBe('WORKER');
    expect(error.message).toMatch(
      /^cannot compute: worker threads should be alive but is .+; create the engine again; .+$/,
    );
    for (let i = 0; i < 3; i++) expect((await refused(compute)).code).toBe('WORKER');
    expect((await refused(() => b.keygen())).code).toBe('WORKER');
    b.dispose();
    b.dispose();
    expect((await refused(compute)).code).toBe('DISPOSED');
  }

  test('asleep', async () => {
    const { b, compute } = await open();
    compute();
    await new Promise((resolve) => setTimeout(resolve, 50)); // it sleeps after some 50 µs
    machineOf(b).threads.kill();
    rightOrRefused(compute);
    await expectDead(b, compute);
  });

  test('awake, right after an operation', async () => {
    const { b, compute } = await open();
    compute();
    machineOf(b).threads.kill();
    for (let i = 0; i < 20; i++) rightOrRefused(compute);
    await expectDead(b, compute);
  });

  test('before its first operation', async () => {
    const b = await engine(SPEC, { threads: 2, patience: 3 });
    machineOf(b).threads.kill();
    const compute = (): void => b.encode(x0).dispose();
    rightOrRefused(compute);
    await expectDead(b, compute);
  });

  test('while others go on: a thread of four', async () => {
    const b = await engine(SPEC, { threads: 4, patience: 3 });
    const compute = (): void => b.encode(x0).dispose();
    compute();
    machineOf(b).threads.kill();
    rightOrRefused(compute);
    await expectDead(b, compute);
  });

  test('a new engine works while a broken one is still there', async () => {
    const { b, compute } = await open();
    machineOf(b).threads.kill();
    await refusedSoon(compute);
    const other = await open();
    other.compute();
    other.b.dispose();
    b.dispose();
  });
});

describe('in the midst of a task', () => {
  // Places in the control block (kernels/pool.ts), u32 each.
  const [LIMIT, NEXT, DONE] = [0, 64 / 4, 128 / 4];
  const opened: Threads[] = [];
  afterAll(() => opened.forEach((threads) => threads.close()));

  /** How the main thread publishes tasks: by `go`, after something else. */
  type Publish = (control: Int32Array, limit: number, go: (limit: number) => void) => void;

  /** Before the main thread works itself it lets the worker claim the first task, and then does what a test says. */
  const afterClaim =
    (meanwhile: (threads: Threads) => void): Publish =>
    (control, limit, go) => {
      const first = Atomics.load(control, NEXT);
      Atomics.store(control, LIMIT, limit);
      Atomics.notify(control, LIMIT);
      while (Atomics.load(control, NEXT) === first);
      meanwhile(opened.at(-1)!);
      go(limit);
    };

  async function pool(publish: Publish): Promise<{ heap: Heap; tasks: Tasks; threads: Threads }> {
    const params = parameters({ ringDegree: 4096, chain: [50, 40], insecure: true });
    const { module } = await chooseKernels();
    const heap = new Heap();
    const keys = new KeyStore(heap, { degree: 4096, stride: Ring.strideOf(4096), parts: 0 }, 0);
    const kernels = instantiate(module, heap.memory, keys);
    const ring = new Ring(params, heap, kernels, 2);
    const waiting: Kernels = {
      ...kernels,
      publish(control, tasks, record, limit) {
        const words = new Int32Array(heap.memory.buffer, control, 64);
        publish(words, limit, (to) => kernels.publish(control, tasks, record, to));
      },
    };
    let threads: Threads | undefined;
    const tasks = new Tasks(heap, (address) => {
      threads = new Threads(heap, waiting, keys, { tasks: address, ring: ring.record }, 2, 3);
      return threads;
    });
    await threads!.start(module, 4096);
    opened.push(threads!);
    return { heap, tasks, threads: threads! };
  }

  /** A sum of so many products that it takes seconds: whoever works on it is in the midst of it. */
  function addLongTask(heap: Heap, tasks: Tasks): void {
    const [a, d0, d1] = heap.allocateMany(3, 8 * 4096, 'limbs');
    for (const at of [a!, d0!, d1!]) heap.f64.fill(1, at / 8, at / 8 + 4096);
    const rows = 2 ** 20;
    const table = heap.allocate(12 * rows);
    heap.u32.fill(a!, table / 4, table / 4 + 3 * rows);
    tasks.add(OP.dot, 0, [d0!, d1!, table, rows]);
  }

  test('a worker is killed: the others do their tasks, then the call is refused', async () => {
    const { heap, tasks, threads } = await pool(afterClaim((it) => it.kill()));
    const [a, b] = heap.allocateMany(2, 8 * 4096, 'limbs');
    heap.f64.fill(7, a! / 8, a! / 8 + 4096);
    addLongTask(heap, tasks);
    tasks.add(OP.neg, 1, [b!, a!]);
    const error = await refused(() => tasks.run());
    expect(error.code).toBe('WORKER');
    expect(error.message).toContain('its task does not end');
    expect(heap.f64[b! / 8]).toBe(-7);
    tasks.add(OP.neg, 1, [b!, a!]);
    expect((await refused(() => tasks.run())).code).toBe('WORKER');
    threads.close();
  });

  test('a task that a worker has claimed is waited for', async () => {
    const { heap, tasks, threads } = await pool(afterClaim(() => undefined));
    const [a, b] = heap.allocateMany(2, 8 * 4096, 'limbs');
    heap.f64.fill(7, a! / 8, a! / 8 + 4096);
    for (let i = 0; i < 2000; i++) tasks.add(OP.neg, 0, [b!, a!]);
    tasks.run();
    expect(heap.f64[b! / 8 + 4095]).toBe(-7);
    threads.close();
  });

  test('the numbers of tasks go around at 2^32', async () => {
    const offset = 2 ** 32 - 4096; // a multiple of the slots, so that each task is where it was written
    let started = false;
    const { heap, tasks, threads } = await pool((control, limit, go) => {
      if (!started) for (const word of [NEXT, DONE]) Atomics.store(control, word, offset); // while the worker sleeps
      started = true;
      go((limit + offset) % 2 ** 32);
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [from, ...to] = heap.allocateMany(4, 8 * 4096, 'limbs');
    for (let i = 1; i <= 3000; i++) {
      heap.f64.fill(i, from! / 8, from! / 8 + 4096);
      const phase = to.slice(0, 1 + (i % 3));
      for (const limb of phase) tasks.add(OP.neg, 0, [limb, from!]);
      tasks.run();
      for (const limb of phase) expect([heap.f64[limb / 8], heap.f64[limb / 8 + 4095]]).toEqual([-i, -i]);
      if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1)); // the worker sleeps now and then
    }
    threads.close();
  });

  test('a worker whose task traps: the call is refused', async () => {
    const { heap, tasks, threads } = await pool(afterClaim(() => undefined));
    const [d0, d1] = heap.allocateMany(2, 8 * 4096, 'limbs');
    const table = heap.allocate(12);
    heap.u32.fill(0xffff_fff0, table / 4, table / 4 + 3); // beyond all memory
    tasks.add(OP.dot, 0, [d0!, d1!, table, 1]);
    const error = await refused(() => tasks.run());
    expect(error.code).toBe('WORKER');
    expect(error.message).toContain('a task has failed in a worker');
    tasks.add(OP.neg, 0, [d0!, d1!]);
    expect((await refused(() => tasks.run())).code).toBe('WORKER');
    threads.close();
  });
});

describe('starting', () => {
  test.each([0, -1, 1.5, 257, Number.NaN])('%d threads are refused', async (threads) => {
    expect((await refused(() => engine(SPEC, { threads }))).code).toBe('RANGE');
  });

  test.each([
    ['throws', 'throw new Error("nothing works")'],
    ['ends', 'process.exit(3)'],
  ])('a worker that %s at once: the engine is refused', async (_what, program_) => {
    const threads = process.getBuiltinModule('node:worker_threads');
    class Broken extends threads.Worker {
      constructor(_text: string, options: object) {
        super(program_, options);
      }
    }
    const original = process.getBuiltinModule;
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
      name === 'node:worker_threads' ? { ...threads, Worker: Broken } : original(name)) as typeof original);
    const error = await refused(() => engine(SPEC, { threads: 2 }));
    expect(error.code).toBe('WORKER');
    expect(error.message).toMatch(/^cannot start the engine: worker threads should be alive but is .+$/);
  });

  test('one thread starts no worker, and works after any other engine is gone', async () => {
    const threads = process.getBuiltinModule('node:worker_threads');
    const started = vi.spyOn(threads, 'Worker');
    const b = await engine(SPEC, { threads: 1 });
    expect(b.threads).toBe(1);
    expect(started).not.toHaveBeenCalled();
    b.dispose();
  });
});
