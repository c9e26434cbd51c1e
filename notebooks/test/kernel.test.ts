/** The Jupyter protocol, spoken with a real tslab. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { courseFolder } from '../src/course/course-lesson.ts';
import { freePorts, writeConnection } from '../src/kernel/connection.ts';
import { decodeMessage, encodeMessage, type Message, requestHeader } from '../src/kernel/message.ts';
import { OutputCollector, streamText } from '../src/kernel/outputs.ts';
import { type Execution, TslabKernel } from '../src/kernel/tslab-kernel.ts';

describe('messages', () => {
  const header = requestHeader('execute_request', 'session');
  const frames = encodeMessage(header, { code: 'π' }, 'key').map((frame) => Buffer.from(frame));

  it('are read as they were written', () => {
    expect(decodeMessage(frames, 'key')).toEqual({ header, parent: '', content: { code: 'π' } });
    expect(decodeMessage([Buffer.from('a router'), ...frames], 'key')?.header.msg_type).toBe('execute_request');
  });

  it('with another signature are not messages', () => {
    expect(decodeMessage(frames, 'another key')).toBeUndefined();
    const changed = frames.with(5, Buffer.from('{"code":"3"}'));
    expect(decodeMessage(changed, 'key')).toBeUndefined();
    expect(decodeMessage(frames.slice(0, 4), 'key')).toBeUndefined();
  });

  it('are signed as the protocol says', () => {
    // HMAC-SHA256 under the key `key`, computed with Python's hmac.
    const [, signature] = encodeMessage(
      { msg_id: '1', msg_type: 't', session: 's', username: 'u', date: 'd', version: '5.3' },
      {},
      'key',
    );
    expect(signature).toBe('bcdaf45cadaf74f46161dc7be064142e719b10ee5df9c9b8a7720741e8a15dc2');
  });
});

describe('a connection', () => {
  it('is a file that only its owner reads, and goes with its folder', async () => {
    const { file, folder, addressOf } = await writeConnection('tcp');
    expect(addressOf('shell')).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    expect(addressOf('shell')).not.toBe(addressOf('iopub'));
    expect(readdirSync(folder)).toEqual(['connection.json']);
    rmSync(folder, { recursive: true });
    expect(existsSync(file)).toBe(false);
    expect(new Set(await freePorts(5)).size).toBe(5);
  });
});

describe('outputs', () => {
  const message = (type: string, content: Record<string, unknown>): Message => ({
    header: requestHeader(type, 's'),
    parent: '',
    content,
  });
  const collected = (...messages: Message[]): OutputCollector['outputs'] => {
    const collector = new OutputCollector();
    for (const one of messages) collector.add(one);
    return collector.outputs;
  };
  const stream = (name: string, text: string): Message => message('stream', { name, text });
  const display = (text: string, id?: string): Message =>
    message('display_data', { data: { 'text/plain': text }, metadata: {}, transient: { display_id: id } });

  it('what a stream prints in a row is one output', () => {
    const outputs = collected(
      stream('stdout', 'a'),
      stream('stdout', 'b'),
      stream('stderr', 'c'),
      stream('stdout', 'd'),
    );
    expect(outputs.map((output) => (output.output_type === 'stream' ? output.text : ''))).toEqual(['ab', 'c', 'd']);
    expect(streamText(outputs, 'stdout')).toBe('abd');
  });

  it('displays can be changed, and all can be cleared', () => {
    const update = message('update_display_data', { data: { 'text/plain': '2' }, transient: { display_id: 'x' } });
    expect(collected(display('1', 'x'), display('other'), update)).toMatchObject([
      { data: { 'text/plain': '2' } },
      { data: { 'text/plain': 'other' } },
    ]);
    expect(collected(stream('stdout', 'a'), message('clear_output', { wait: false }))).toEqual([]);
    const waiting = message('clear_output', { wait: true });
    expect(collected(stream('stdout', 'a'), waiting)).toHaveLength(1);
    expect(collected(stream('stdout', 'a'), waiting, display('b'))).toHaveLength(1);
  });

  it('values and errors are kept', () => {
    const value = message('execute_result', { data: { 'text/plain': '3' }, metadata: {}, execution_count: 2 });
    const error = message('error', { ename: 'E', evalue: 'no', traceback: ['E: no'] });
    expect(collected(value, error)).toEqual([
      { output_type: 'execute_result', data: { 'text/plain': '3' }, metadata: {}, execution_count: 2 },
      { output_type: 'error', ename: 'E', evalue: 'no', traceback: ['E: no'] },
    ]);
  });
});

describe('tslab', () => {
  let kernel: TslabKernel;
  beforeAll(async () => {
    kernel = await TslabKernel.start(courseFolder(), { env: { TOYFHE_FULL: '1' } });
  });
  afterAll(() => kernel?.close());

  const run = (code: string, timeout = 60_000): Promise<Execution> => kernel.execute(code, { timeout });
  const printed = async (code: string): Promise<string> => {
    const { status, outputs, error } = await run(code);
    expect({ code, status, error }).toEqual({ code, status: 'ok', error: undefined });
    return streamText(outputs, 'stdout');
  };

  it('keeps variables, prints the last value, waits for promises', async () => {
    expect(await printed('const a: number = 6;')).toBe('');
    expect(await printed('console.log("six"); a * 7')).toBe('six\n42\n');
    expect(await printed('await new Promise((done) => setTimeout(() => done(a), 5))')).toBe('6\n');
    expect(await printed('process.env.TOYFHE_FULL')).toBe('1\n');
  });

  it('a cell after an error runs, although tslab drops what comes within 200 ms', async () => {
    for (const [code, error] of [
      ['const text: string = a', /Type 'number' is not assignable to type 'string'/],
      ['throw new Error("on purpose")', /Error: on purpose/],
      ['await Promise.reject(new Error("later"))', /Error: later/],
      ['Promise.reject(new Error("by nobody")); a', /UnhandledPromiseRejection: Error: by nobody/],
    ] as const) {
      expect(await run(code), code).toMatchObject({ status: 'error', error: expect.stringMatching(error) });
      expect(await printed('a + 1')).toBe('7\n');
    }
  });

  it('knows variables of older cells in shorthand, which tslab forgets', async () => {
    await run('let [left, right] = [1, 2];');
    expect(await printed('JSON.stringify([{ left, right }].map((both) => ({ both, sum: both.left + right })))')).toBe(
      '[{"both":{"left":1,"right":2},"sum":3}]\n',
    );
    await run('({ left, right = 7 } = { left: 5 } as { left: number; right?: number });');
    expect(await printed('`${left} ${right}`')).toBe('5 7\n');
  });

  it('loses nothing of what is printed, however much it is', async () => {
    const lines = (await printed('for (let i = 0; i < 3000; i++) console.log(i)')).trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)));
    expect(await printed('a')).toBe('6\n');
  });

  it('what it displays comes as it is', async () => {
    const { outputs } = await run("import { display } from 'tslab'; display.html('<b>1</b>'); display.text('2')");
    expect(outputs).toEqual([
      { output_type: 'display_data', data: { 'text/html': '<b>1</b>' }, metadata: {} },
      { output_type: 'display_data', data: { 'text/plain': '2' }, metadata: {} },
    ]);
  });

  it('a cell that takes too long is stopped, and variables stay', async () => {
    for (const code of ['for (;;);', 'await new Promise(() => undefined)']) {
      expect(await run(code, 300), code).toMatchObject({ status: 'timeout', error: 'the cell took more than 0.3 s' });
      expect(await printed('a')).toBe('6\n');
    }
  });

  it('says that it has died', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toyfhe-kernel-'));
    try {
      const other = await TslabKernel.start(folder, { transport: 'tcp' });
      const { outputs } = await other.execute('process.pid');
      const { status, error } = await other.execute('process.exit(3)');
      expect([status, error]).toEqual(['died', 'the kernel has ended (exit code 3)']);
      expect(await other.execute('1')).toMatchObject({ status: 'died', count: null });
      await other.close();
      expect(isAlive(Number(streamText(outputs, 'stdout')))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('ends with whoever has started it, however that ends', async () => {
    const source = new URL('../src/kernel/tslab-kernel.ts', import.meta.url).href;
    const script = `
      const { TslabKernel } = await import('${source}');
      const kernel = await TslabKernel.start('.');
      const { outputs } = await kernel.execute('process.pid');
      console.log(outputs[0].text);`;
    const child = spawn(process.execPath, ['--conditions=toyfhe:source', '--input-type=module', '-e', script]);
    const pid = await new Promise<number>((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('one that cannot start is an error in one sentence', async () => {
    await expect(TslabKernel.start(join(tmpdir(), 'no such folder'))).rejects.toMatchObject({ code: 'WORKER' });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
