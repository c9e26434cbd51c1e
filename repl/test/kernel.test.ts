/** The kernel: a process of its own that runs cells. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelOptions, startKernel } from '../src/kernel/client.ts';
import type { Executed, Kernel } from '../src/kernel/kernel.ts';
import type { KernelError, Output, Variable } from '../src/kernel/protocol.ts';

interface Ran extends Executed {
  readonly outputs: readonly Output[];
  /** As it prints; undefined where the cell has no value. */
  readonly value: string | undefined;
  readonly error: KernelError | undefined;
  readonly printed: string;
  readonly rewritten: string | undefined;
}

async function run(kernel: Kernel, code: string): Promise<Ran> {
  const outputs: Output[] = [];
  const executed = await kernel.execute(code, (output) => outputs.push(output));
  const find = <T extends Output['type']>(type: T): Extract<Output, { readonly type: T }> | undefined =>
    outputs.find((output): output is Extract<Output, { readonly type: T }> => output.type === type);
  return {
    ...executed,
    outputs,
    value: find('execute_result')?.data['text/plain'],
    error: find('error')?.error,
    printed: outputs.map((output) => (output.type === 'stream' ? output.text : '')).join(''),
    rewritten: find('rewritten')?.code,
  };
}

/** The values of cells that all have to end well. */
async function values(kernel: Kernel, ...cells: string[]): Promise<(string | undefined)[]> {
  const all: (string | undefined)[] = [];
  for (const cell of cells) {
    const { status, value, error } = await run(kernel, cell);
    expect({ cell, status, error }).toEqual({ cell, status: 'ok', error: undefined });
    all.push(value);
  }
  return all;
}

function named(executed: Executed, name: string): Variable | undefined {
  return executed.snapshot?.variables.find((variable) => variable.name === name);
}

/** A kernel that lives for the tests of one group. */
function kernelOf(options: KernelOptions = {}): { readonly kernel: Kernel } {
  const room: { kernel?: Kernel } = {};
  beforeAll(async () => {
    room.kernel = startKernel(options);
    await room.kernel.ready;
  });
  afterAll(() => room.kernel?.close());
  return room as { readonly kernel: Kernel };
}

const SLOTS = 'const plain = CKKSEncoding(FixedRational(2n ** 40n), zero(R)).assign([1, 2, 3, 4, 5, 6, 7, 8])';
const ARTICLE = [
  'const R = NegacyclicRing(16, [40, 40, 40])',
  'const kp = keygen(InsecureDebug(CKKSParams(R, { relinWindow: 1 })))',
  SLOTS,
  'const c = encrypt(kp.pub, plain)',
];

describe('cells', () => {
  const room = kernelOf();

  it('have values, and see what was declared before', async () => {
    expect(await values(room.kernel, 'const N = 8', 'N * 2', '_ + 1', "'text'", '')).toEqual([
      undefined,
      '16',
      '17',
      "'text'",
      undefined,
    ]);
  });

  it('declare again, with another type', async () => {
    expect(await values(room.kernel, "const N = 'eight'", 'N.length', 'let N = 2', 'N += 1')).toEqual([
      undefined,
      '5',
      undefined,
      '3',
    ]);
    const ran = await run(room.kernel, 'N');
    expect(named(ran, 'N')).toEqual({ name: 'N', type: 'number', summary: '3', ciphertext: false });
  });

  it('await at top level, and have functions, classes, enums and types', async () => {
    const cells = ['const later = await new Promise<number>((resolve) => setTimeout(resolve, 1, 7)); later'];
    cells.push('function twice(x: number) { return 2 * x; }', 'twice(4)');
    cells.push('class Point { x = 1 }', 'const p: Point = new Point(); p.x', 'type T = bigint', 'const t: T = 3n; t');
    cells.push('enum Colour { Red, Green }', 'Colour.Green', 'const { a, b: [b] } = { a: 1, b: [2] }; [a, b]');
    expect((await values(room.kernel, ...cells)).filter((value) => value !== undefined)).toEqual([
      '7',
      '8',
      '1',
      '3n',
      '1',
      '[ 1, 2 ]',
    ]);
  });

  it('loop at top level as fast as anywhere: variables are no properties of a proxy', async () => {
    expect(await values(room.kernel, 'let sum = 0; for (let i = 0; i < 1e6; i++) sum += i; sum')).toEqual([
      '499999500000',
    ]);
  });

  it('import packages, those for ESM alone as well', async () => {
    const cells = ["import { Box } from 'ink'; typeof Box", "import * as path from 'node:path'; path.basename('/a/b')"];
    cells.push("const m = await import('toyfhe/toy'); m.CKKSParams === CKKSParams", 'mathjs.evaluate("2 + 3 * 4")');
    expect(await values(room.kernel, ...cells)).toEqual(["'object'", "'b'", 'true', '14']);
  });

  it('refuse what does not type-check, and say where', async () => {
    const { status, error } = await run(room.kernel, 'const x: number = 1;\nconst y: string = x;');
    expect(status).toBe('error');
    expect(error).toMatchObject({ name: 'Type error', stack: [] });
    const place = { line: 1, column: 6, length: 1, code: 2322 };
    expect(error!.problems).toEqual([{ ...place, message: "Type 'number' is not assignable to type 'string'." }]);
    expect((await run(room.kernel, 'x')).error?.problems[0]?.message).toBe("Cannot find name 'x'."); // nothing ran
  });

  it('keep what they had when they fail', async () => {
    await values(room.kernel, 'const kept = 1');
    const failed = await run(room.kernel, "const other = 2; const kept = (() => { throw new RangeError('no'); })()");
    expect(failed.error).toMatchObject({ name: 'RangeError', message: 'no' });
    expect(await values(room.kernel, 'kept', 'other')).toEqual(['1', '2']);
  });

  it('tell where in the session an error comes from', async () => {
    await values(room.kernel, "\nfunction fails() {\n  throw new Error('here');\n}");
    const { error } = await run(room.kernel, '\nfails()');
    expect(error!.stack).toEqual(['in fails, line 3 of function fails() {', 'at line 2 of fails()']);
  });

  it("print an FheError's parts", async () => {
    const { error } = await run(room.kernel, 'parameters({ ringDegree: 1024, chain: [60] })');
    expect(error).toMatchObject({ name: 'FheError', code: 'INSECURE', problems: [] });
    expect(error!.message).toMatch(/^cannot .* should be .* but is .*; /);
    expect(error!.message.endsWith(error!.hint!)).toBe(true);
  });

  it('throw anything', async () => {
    expect((await run(room.kernel, "throw 'text'")).error).toMatchObject({ name: 'Thrown', message: 'text' });
    const hostile = "throw Object.assign(new Error('x'), { get message() { throw 1; } })";
    expect((await run(room.kernel, hostile)).status).toBe('error');
    expect(await values(room.kernel, '1')).toEqual(['1']);
  });

  it('print in order, and long work tells where it stands', async () => {
    const code =
      "console.log('a'); display([1, 2]); console.error('b'); for (const x of tracked([1, 2], 'work')) console.log(x)";
    const { outputs } = await run(room.kernel, code);
    const said = outputs.map((o) =>
      o.type === 'stream' ? o.text.trim() : o.type === 'progress' ? 'progress' : o.type,
    );
    // The bar when it begins, when all is done, and when it goes: in between it was told of a moment ago.
    expect(said).toEqual(['a', 'display_data', 'b', 'progress', '1', '2', 'progress', 'progress']);
  });

  it('cut a flood', async () => {
    const { printed, status } = await run(room.kernel, "for (let i = 0; i < 200_000; i++) console.log('x'.repeat(99))");
    expect(status).toBe('ok');
    expect(printed.length).toBeLessThan(6_000_000);
    expect(printed).toMatch(/left out\)\n$/);
  });

  it('may be very long', async () => {
    const { value, status } = await run(room.kernel, `const long = '${'x'.repeat(10_000_000)}'; long.length`);
    expect({ status, value }).toEqual({ status: 'ok', value: '10000000' });
  });

  it('go on after two hundred of them', async () => {
    for (let i = 0; i < 200; i++) await run(room.kernel, `const v${i % 20} = ${i}`);
    expect(await values(room.kernel, 'v0 + v19')).toEqual(['379']);
  });
});

describe('operators on ciphertexts', () => {
  const room = kernelOf();

  it('the clear result: 1, 4, 9, …', async () => {
    await values(room.kernel, ...ARTICLE);
    expect(await values(room.kernel, '[...plain].map(({ re }) => Math.round(re * re))')).toEqual([
      expect.stringContaining('1   4   9  16  25  36  49  64'),
    ]);
  });

  const decrypted = 'Array.from(decrypt(kp.priv, result).re, (x) => Math.round(x * 1000) / 1000).join()';

  it.each([
    ['const result = c * c', 'const result = c.mul(c)', '1,4,9,16,25,36,49,64'],
    ['const result = c ** 2 + c * c - -(c ** 2)', undefined, '3,12,27,48,75,108,147,192'],
    ['const result = 2 * c + c', 'const result = c.mul(2n).add(c)', '3,6,9,12,15,18,21,24'],
    ['const result = 1 - c', 'const result = c.neg().add(1)', '0,-1,-2,-3,-4,-5,-6,-7'],
    ['const result = plain * c', 'const result = c.mul(plain)', '1,4,9,16,25,36,49,64'],
    ['const half = c / 2; const result = half', undefined, '0.5,1,1.5,2,2.5,3,3.5,4'],
    ['let result = c; result += c', 'let result = c; result = result.add(c)', '2,4,6,8,10,12,14,16'],
    ["const result = evaluate('x^2 + 3x + 1', { x: c })", undefined, '5,11,19,29,41,55,71,89'],
  ])('the same, encrypted on the toy: %s', async (code, rewritten, expected) => {
    const ran = await run(room.kernel, code);
    expect(ran.error).toBeUndefined();
    if (rewritten !== undefined) expect(ran.rewritten).toBe(rewritten);
    // Without noise; products and sums of encodings at 2^40 are right to 1e-10, and three digits are kept.
    expect((await run(room.kernel, decrypted)).value).toBe(`'${expected}'`);
  });

  it('have the right types: what comes out is a ciphertext', async () => {
    expect(await values(room.kernel, '(c ** 2 + c * c).length', 'const e = c * c; e.neg().length')).toEqual(['3', '3']);
    expect(await room.kernel.typeOf('c.mul(c)')).toMatch(/^Ciphertext</);
  });

  it('behind the contract: verbs of the newest keys', async () => {
    const spec = '{ ringDegree: 16, chain: [45, 30, 30], special: [45], insecure: true }';
    await values(
      room.kernel,
      `const backend = shadowed(twin(${spec}))`,
      'const { secretKeys, publicKey, evaluationKeys: server } = backend.keygen()',
      'const x = publicKey.encrypt(backend.encode([1, 2, 3]))',
    );
    const numbers = (name: string): string => `backend.decode(secretKeys.decrypt(${name})).slice(0, 4).join()`;
    for (const [code, rewritten, expected] of [
      ['const y = x * x', 'const y = server.mul(x, x)', '1,4,9,0'],
      ['const y = x + 1', 'const y = addConstant(backend, server, x, 1)', '2,3,4,1'],
      ['const y = 1 - x', 'const y = addConstant(backend, server, server.neg(x), 1)', '0,-1,-2,1'],
      ['const y = 3 * x - x', 'const y = server.sub(mulConstant(backend, server, x, 3), x)', undefined],
      ["const y = evaluate('x^2 + 3x', { x })", undefined, '4,10,18,0'],
    ] as const) {
      const ran = await run(room.kernel, code);
      expect(ran.rewritten, code).toBe(rewritten);
      if (expected === undefined) continue;
      const rounded = `${numbers('y')}.split(',').map((v) => Math.round(Number(v) * 1000) / 1000).join()`;
      expect((await run(room.kernel, rounded)).value, code).toBe(`'${expected}'`);
    }
  });

  it('.plain-ts on: are refused, with a hint', async () => {
    await room.kernel.configure({ plainTypeScript: true });
    const { error, rewritten } = await run(room.kernel, 'c * c');
    expect(rewritten).toBeUndefined();
    expect(error!.problems[0]).toMatchObject({ line: 0, column: 0, length: 1, code: 2362 });
    expect(error!.problems[0]!.message).toContain('operators work on');
    await room.kernel.configure({ plainTypeScript: false });
  });

  it('leave numbers and strings alone', async () => {
    const { rewritten, value } = await run(room.kernel, "-(3 ** 2) + 'x' + [1].length * 2");
    expect({ rewritten, value }).toEqual({ rewritten: undefined, value: "'-9x2'" });
  });
});

describe('what is known while typing', () => {
  const room = kernelOf();

  it('completions: the session first, then members, names of the library and modules', async () => {
    await values(room.kernel, 'const keyring = 5', ...ARTICLE);
    const texts = async (code: string): Promise<string[]> =>
      (await room.kernel.complete(code, code.length)).matches.map(({ text }) => text);
    expect((await texts('key')).slice(0, 2)).toEqual(['keyring', 'keygen']);
    expect(await texts('c.mu')).toEqual(['mul']);
    expect(await texts('const y = c.ad')).toEqual(['add']);
    expect(await texts("import { seal } from 'toyfhe/s")).toEqual(['seal']);
    expect((await room.kernel.complete('Negac', 5)).matches[0]).toEqual({
      text: 'NegacyclicRing',
      kind: expect.any(String),
    });
    expect(await texts('')).toEqual([]);
  });

  it('types and docstrings', async () => {
    const { type, documentation } = await room.kernel.inspect('keygen', 6);
    expect(type).toMatch(/^function keygen\(/);
    expect(documentation).not.toBe('');
    expect(await room.kernel.typeOf('1 + 1')).toBe('number');
    expect(await room.kernel.typeOf('const a = 1')).toBeUndefined();
  });

  it('signatures, with the argument that is being typed', async () => {
    const { signature } = await room.kernel.inspect('encrypt(kp.pub, ', 16);
    const { text, active } = signature!;
    expect(text).toMatch(/^encrypt/);
    expect(text.slice(active!.start, active!.start + active!.length)).toMatch(/^plain/);
  });

  it('details of ciphertexts', async () => {
    const { length, level, chainBits, operations } = (await room.kernel.details('c'))!;
    expect({ length, level, operations }).toEqual({ length: 2, level: 2, operations: [] });
    expect(chainBits.map(Math.round)).toEqual([40, 40, 40]);
    expect(await room.kernel.details('R')).toBeUndefined();
    await values(
      room.kernel,
      'const b = shadowed(toy({ ringDegree: 16, chain: [45, 30, 30], special: [45], insecure: true }))',
      'const keys = b.keygen(); const z = keys.evaluationKeys.square(keys.publicKey.encrypt(b.encode([1, 2])))',
    );
    const details = (await room.kernel.details('z'))!;
    expect(details).toMatchObject({ level: 2, scale: '2^60', scaleBits: 60, length: 3 });
    expect(details.operations.map(({ op }) => op)).toEqual(['encrypt', 'square']);
    expect(details.bitsRight).toBeGreaterThan(5);
    expect((await run(room.kernel, '0')).snapshot!.status.backend).toMatchObject({
      name: 'shadowed toy',
      ringDegree: 16,
    });
  });

  it('nothing secret', async () => {
    const { snapshot } = await run(room.kernel, 'kp.priv');
    expect(snapshot!.variables.find(({ name }) => name === 'kp')!.summary).toBe('CKKS key pair');
  });
});

describe('stopping', () => {
  const room = kernelOf();

  /** Interrupts a cell once it has printed something. */
  async function stopped(code: string): Promise<{ readonly status: string; readonly outcome: string }> {
    let outcome: Promise<string> | undefined;
    const { status } = await room.kernel.execute(code, (output) => {
      if (output.type === 'stream') outcome ??= room.kernel.interrupt();
    });
    return { status, outcome: (await outcome)! };
  }

  it.each([
    ['a loop without end', "console.log('on'); for (;;);"],
    ['a promise that never comes', "console.log('on'); await new Promise(() => undefined)"],
    ['a loop after an await', "await 1; console.log('on'); for (;;);"],
  ])('%s: the variables are kept', async (_, code) => {
    await values(room.kernel, 'const kept = 42');
    expect(await stopped(code)).toEqual({ status: 'interrupted', outcome: 'kept' });
    expect(await values(room.kernel, 'kept')).toEqual(['42']);
  });

  it('work of the engine, on all threads: it can go on, and nothing is left in memory', async () => {
    const spec = '{ ringDegree: 1024, chain: [50, 40, 40], special: [50], insecure: true }';
    await values(
      room.kernel,
      `const b = await engine(${spec}); const keys = b.keygen({ rotations: [1] }); const ev = keys.evaluationKeys`,
      'const p = b.encode([1, 2, 3]); const c = keys.publicKey.encrypt(p); p.dispose()',
    );
    const sum =
      'b.scope(() => Array.from(b.decode(keys.secretKeys.decrypt(ev.rotate(c, 1))).slice(0, 4), Math.round).join())';
    const before = await values(room.kernel, sum, 'b.live');
    for (let round = 0; round < 3; round++) {
      const loop =
        "console.log('on'); for (;;) b.scope(() => ev.rescale(ev.relinearize(ev.square(ev.rotate(c, 1)))).dispose())";
      expect(await stopped(loop)).toEqual({ status: 'interrupted', outcome: 'kept' });
      expect(await values(room.kernel, sum, 'b.live')).toEqual(before);
    }
  });

  it('what does not let itself be stopped: the kernel is restarted', async () => {
    await values(room.kernel, 'const lost = 1');
    const code = "console.log('on'); (await import('node:child_process')).execSync('sleep 60')"; // blocks outside JavaScript
    expect(await stopped(code)).toEqual({ status: 'died', outcome: 'restarted' });
    expect((await run(room.kernel, 'lost')).error!.message).toBe("Cannot find name 'lost'.");
  });
});

describe('death', () => {
  const room = kernelOf({ nodeFlags: ['--max-old-space-size=400'] });

  it.each([
    ['process.exit(3)', 'it ended with exit code 3'],
    ['process.abort()', 'it was ended by SIGABRT'],
    [
      'const all: number[][] = []; for (;;) all.push(Array.from({ length: 1e5 }, (_, i) => i + 0.5))',
      'it ran out of memory',
    ],
  ])('%s', async (code, reason) => {
    let why = '';
    room.kernel.onDeath((text) => (why = text));
    expect(await run(room.kernel, code)).toMatchObject({ status: 'died', snapshot: undefined });
    expect(why).toBe(reason);
    await room.kernel.restart();
    expect(await values(room.kernel, '1 + 1')).toEqual(['2']);
  });
});
