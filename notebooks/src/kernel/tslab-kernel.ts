/**
 * The tslab kernel, driven cell by cell over its own protocol. Needs no Python.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { FheError } from 'toyfhe/backend';
import { Dealer, Subscriber } from 'zeromq';
import { type Connection, type Transport, writeConnection } from './connection.ts';
import { decodeMessage, encodeMessage, type Message, requestHeader } from './message.ts';
import { type CellOutput, OutputCollector, streamText } from './outputs.ts';

/** A machine that is busy with other tests takes ten times the usual 1.5 s. */
const PATIENCE_START = 60_000;
/** How long a stopped cell may take to end, before the process is ended. */
const PATIENCE_STOP = 5000;
/** After an error tslab drops what comes within 200 ms, and says so: then the cell has not run, and is sent again. */
const DROPPING = { again: 50, most: 5000 };

export interface KernelOptions {
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly transport?: Transport;
}

export interface Execution {
  /** `died`: the process has ended, and runs nothing any more. */
  readonly status: 'ok' | 'error' | 'timeout' | 'died';
  readonly outputs: readonly CellOutput[];
  /** Why it is not `ok`, as it was printed. */
  readonly error: string | undefined;
  /** The kernel's own count of cells; null where the cell did not run. */
  readonly count: number | null;
  readonly milliseconds: number;
}

/** The command that starts tslab, cured (tslab-cures.ts), under the Node that runs this. */
export function tslabCommand(): readonly string[] {
  const cures = new URL('tslab-cures.ts', import.meta.url).href;
  return [process.execPath, '--import', cures, createRequire(import.meta.url).resolve('tslab/bin/tslab'), 'kernel'];
}

export class TslabKernel {
  readonly #child: ChildProcess;
  readonly #connection: Connection;
  readonly #session = randomUUID();
  readonly #shell = new Dealer({ linger: 0 });
  // No limit: a cell may print faster than this process reads.
  readonly #published = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #listeners = new Set<(message: Message, from: 'shell' | 'published') => void>();
  readonly #gone: Promise<void>;
  #end: string | undefined;
  #lastWords = '';

  private constructor(folder: string, connection: Connection, { env = {} }: KernelOptions) {
    this.#connection = connection;
    const [program, ...args] = tslabCommand();
    const ending = new URL('end-with-parent.ts', import.meta.url).href;
    this.#child = spawn(program!, ['--import', ending, ...args, '--config-path', connection.file], {
      cwd: folder,
      // Colours belong to the terminal of whoever runs this, not into a notebook.
      env: withoutUndefined({ ...process.env, FORCE_COLOR: undefined, NODE_OPTIONS: undefined, ...env }),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#lastWords = (this.#lastWords + text).slice(-4000);
      });
    }
    this.#gone = new Promise((resolve) => {
      const ended = (why: string): void => {
        this.#end ??= why;
        resolve();
      };
      this.#child.on('error', (error) => ended(error.message));
      this.#child.on('close', (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
  }

  /**
   * Starts a kernel whose cells find files and packages from this folder.
   * @throws FheError WORKER where it cannot be started
   */
  static async start(folder: string, options: KernelOptions = {}): Promise<TslabKernel> {
    const connection = await writeConnection(options.transport);
    const kernel = new TslabKernel(folder, connection, options);
    try {
      await kernel.#connect();
      return kernel;
    } catch (error) {
      await kernel.close();
      throw error;
    }
  }

  /** Runs a cell to its end, or for so many milliseconds. Never throws for what the cell does. */
  async execute(code: string, { timeout = 120_000 }: { readonly timeout?: number } = {}): Promise<Execution> {
    const start = performance.now();
    for (;;) {
      const execution = await this.#executeOnce(code, timeout);
      if (execution !== 'dropped') return { ...execution, milliseconds: performance.now() - start };
      if (performance.now() - start > DROPPING.most) throw this.#refuse('taking the cell', 'it drops every cell');
      await sleep(DROPPING.again);
    }
  }

  async close(): Promise<void> {
    if (this.#end === undefined) this.#child.kill('SIGKILL');
    await this.#gone;
    this.#shell.close();
    this.#published.close();
    await rm(this.#connection.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #connect(): Promise<void> {
    this.#published.subscribe();
    this.#shell.connect(this.#connection.addressOf('shell'));
    this.#published.connect(this.#connection.addressOf('iopub'));
    void this.#listen(this.#shell, 'shell');
    void this.#listen(this.#published, 'published');
    // What is published before the subscription has arrived is lost: ask until all of an answer is heard.
    const start = performance.now();
    for (;;) {
      const request = this.#request('kernel_info_request', {}, () => undefined);
      const heard = await within(request.answered, 100);
      request.forget();
      if (heard) return;
      if (this.#end !== undefined) throw this.#refuse('running', `ended (${this.#end})`);
      if (performance.now() - start > PATIENCE_START) throw this.#refuse('ready within a minute', 'silent');
    }
  }

  async #listen(socket: Dealer | Subscriber, from: 'shell' | 'published'): Promise<void> {
    for await (const frames of socket) {
      const message = decodeMessage(frames, this.#connection.key);
      if (message !== undefined) for (const listener of this.#listeners) listener(message, from);
    }
  }

  async #executeOnce(code: string, timeout: number): Promise<Omit<Execution, 'milliseconds'> | 'dropped'> {
    const collector = new OutputCollector();
    if (this.#end !== undefined) return this.#died(collector);
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const request = this.#request('execute_request', content, (message) => collector.add(message));
    try {
      const late = await this.#wait(request.answered, timeout);
      const { reply } = request;
      if (late) {
        const error = `the cell took more than ${timeout / 1000} s${reply === undefined ? ', and did not stop' : ''}`;
        return { status: 'timeout', outputs: collector.outputs, error, count: countOf(reply) };
      }
      if (reply === undefined) return this.#died(collector);
      if (reply.content['status'] === 'aborted') return 'dropped';
      await this.#settle();
      return resultOf(reply, collector.outputs);
    } finally {
      request.forget();
    }
  }

  /** Of a promise that nobody waits for, tslab tells after the cell has ended: so it is asked for something else first. */
  async #settle(): Promise<void> {
    const request = this.#request('kernel_info_request', {}, () => undefined);
    await Promise.race([request.answered, this.#gone]);
    request.forget();
  }

  /** Sends it; `answered` when there is a reply, and all that is published before its end has come. */
  #request(
    type: string,
    content: Readonly<Record<string, unknown>>,
    onPublished: (message: Message) => void,
  ): { readonly answered: Promise<void>; readonly reply: Message | undefined; forget(): void } {
    const header = requestHeader(type, this.#session);
    const answer: { reply?: Message; idle?: boolean } = {};
    let wake: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (wake = resolve));
    const listener = (message: Message, from: 'shell' | 'published'): void => {
      if (message.parent !== header.msg_id) return;
      if (from === 'shell') answer.reply = message;
      else if (message.header.msg_type !== 'status') onPublished(message);
      else if (message.content['execution_state'] === 'idle') answer.idle = true;
      if (answer.reply !== undefined && answer.idle === true) wake();
    };
    this.#listeners.add(listener); // before it is sent: an answer may be there before the sending is done
    this.#shell.send(encodeMessage(header, content, this.#connection.key)).catch(() => undefined); // closed meanwhile
    return {
      answered,
      get reply() {
        return answer.reply;
      },
      forget: () => void this.#listeners.delete(listener),
    };
  }

  /** Whether it was too late: then the cell has been stopped, by ending the process where nothing else helped. */
  async #wait(answered: Promise<void>, timeout: number): Promise<boolean> {
    const either = Promise.race([answered, this.#gone]).then(() => true);
    if (await within(either, timeout)) return false;
    const start = performance.now();
    while (performance.now() - start < PATIENCE_STOP) {
      this.#child.kill('SIGINT'); // again and again: one that comes while tslab compiles is not heard
      if (await within(either, 300)) return true;
    }
    this.#child.kill('SIGKILL');
    await this.#gone;
    return true;
  }

  #died(collector: OutputCollector): Omit<Execution, 'milliseconds'> {
    const words = this.#lastWords.trim();
    const error = `the kernel has ended (${this.#end})${words === '' ? '' : `: ${words}`}`;
    return { status: 'died', outputs: collector.outputs, error, count: null };
  }

  #refuse(should: string, is: string): FheError {
    const words = this.#lastWords.split('\n').find((line) => /error/i.test(line)) ?? '';
    return new FheError({
      code: 'WORKER',
      op: 'start the TypeScript kernel',
      field: 'its process',
      should,
      is: words === '' ? is : `${is}: ${words}`,
      hint: `run ${[...tslabCommand(), '--help'].join(' ')}`,
    });
  }
}

/** What tslab prints of errors that came outside a cell's own code, while the cell counts as well ended. */
const ASYNCHRONOUS = /^(UncaughtException|UnhandledPromiseRejection): /m;

/** tslab tells of an error by its reply; what it was stands on stderr only. */
function resultOf(reply: Message, outputs: readonly CellOutput[]): Omit<Execution, 'milliseconds'> {
  const printed = streamText(outputs, 'stderr').trim();
  const failed = reply.content['status'] !== 'ok' || ASYNCHRONOUS.test(printed);
  const thrown = outputs.find((output) => output.output_type === 'error');
  const error = thrown === undefined ? printed || 'an error without a word' : `${thrown.ename}: ${thrown.evalue}`;
  return { status: failed ? 'error' : 'ok', outputs, error: failed ? error : undefined, count: countOf(reply) };
}

function countOf(reply: Message | undefined): number | null {
  const count = reply?.content['execution_count'];
  return typeof count === 'number' ? count : null;
}

async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const stop = new AbortController();
  try {
    return await Promise.race([promise.then(() => true), sleep(milliseconds, false, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}

function withoutUndefined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
