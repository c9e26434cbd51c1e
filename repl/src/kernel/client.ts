/**
 * The kernel from outside: starts the process, asks, passes on what comes, and starts another when it dies.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FheError } from 'toyfhe/backend';
import { GUARD_FD, STOP } from './guard-numbers.ts';
import type { Executed, Kernel } from './kernel.ts';
import type { Notice, Output, Reply, Request, SessionSnapshot } from './protocol.ts';

export interface KernelOptions {
  /** Where files and packages are found from. Default: the working folder. */
  readonly folder?: string;
  /** Whether values are printed with colours. Default: false. */
  readonly colour?: boolean;
  /** How wide values may be printed. Default: 80. */
  readonly columns?: number;
  /** Whether a cell may print without end, as a script may. Default: false, after some megabytes the rest is left out. */
  readonly unlimitedOutput?: boolean;
  /** What cells see as process.argv from 1 on. Default: nothing. */
  readonly args?: readonly string[];
  /** Further flags for its Node, such as `--max-old-space-size=512`. */
  readonly nodeFlags?: readonly string[];
  /** How long a cell may take to stop before the process is ended, in milliseconds. Default: 3000. */
  readonly patience?: number;
}

/** An answer that is waited for. */
interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly onOutput: ((output: Output) => void) | undefined;
}

/** The process ended before it answered. */
class Died extends Error {}

/** A request without the number that goes with it. */
type Question = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;
type ReplyOf<T extends Reply['type']> = Extract<Reply, { readonly type: T }>;

/** Starts a kernel. `ready` says when it can compute. */
export function startKernel(options: KernelOptions = {}): Kernel {
  return new KernelProcess(options);
}

class KernelProcess implements Kernel {
  ready: Promise<SessionSnapshot>;
  readonly #options: KernelOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess;
  #next = 0;
  #closed = false;
  #onDeath: ((why: string, exitCode: number | null) => void) | undefined;
  #plainTypeScript = false;
  /** The end of what the process has said outside all cells: why it died, if it does. */
  #lastWords = '';

  constructor(options: KernelOptions) {
    this.#options = options;
    [this.#child, this.ready] = this.#start();
  }

  async execute(code: string, onOutput: (output: Output) => void): Promise<Executed> {
    const start = performance.now();
    try {
      const { status, milliseconds, snapshot } = await this.#ask<'execute_reply'>(
        { type: 'execute_request', code },
        onOutput,
      );
      return { status, milliseconds, snapshot };
    } catch (error) {
      if (error instanceof Died) {
        return { status: 'died', milliseconds: performance.now() - start, snapshot: undefined };
      }
      throw error;
    }
  }

  async isComplete(code: string): ReturnType<Kernel['isComplete']> {
    return this.#ask<'is_complete_reply'>({ type: 'is_complete_request', code });
  }

  async complete(code: string, cursor: number): ReturnType<Kernel['complete']> {
    return this.#ask<'complete_reply'>({ type: 'complete_request', code, cursor });
  }

  async inspect(code: string, cursor: number): ReturnType<Kernel['inspect']> {
    return (await this.#ask<'inspect_reply'>({ type: 'inspect_request', code, cursor })).found;
  }

  async typeOf(code: string): Promise<string | undefined> {
    return (await this.#ask<'type_reply'>({ type: 'type_request', code })).text;
  }

  async details(name: string): ReturnType<Kernel['details']> {
    return (await this.#ask<'variable_reply'>({ type: 'variable_request', name })).details;
  }

  async configure({ plainTypeScript }: { readonly plainTypeScript: boolean }): Promise<void> {
    this.#plainTypeScript = plainTypeScript;
    await this.#ask<'configure_reply'>({ type: 'configure_request', plainTypeScript });
  }

  async interrupt(): Promise<'kept' | 'restarted'> {
    (this.#child.stdio[GUARD_FD] as Writable).write(STOP);
    if (await this.#answersWithin(this.#options.patience ?? 3000)) return 'kept';
    await this.restart();
    return 'restarted';
  }

  /** Whether, after so many milliseconds, nobody waits for an answer that was asked for before. */
  async #answersWithin(milliseconds: number): Promise<boolean> {
    const asked = [...this.#waiting.keys()];
    const end = performance.now() + milliseconds;
    while (asked.some((id) => this.#waiting.has(id))) {
      if (performance.now() > end) return false;
      await sleep(10);
    }
    return true;
  }

  onDeath(listener: (why: string, exitCode: number | null) => void): void {
    this.#onDeath = listener;
  }

  async restart(): Promise<void> {
    await this.#end();
    [this.#child, this.ready] = this.#start();
    await this.ready;
    if (this.#plainTypeScript) await this.configure({ plainTypeScript: true });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #start(): [ChildProcess, Promise<SessionSnapshot>] {
    const file = fileURLToPath(import.meta.url);
    const source = extname(file) === '.ts';
    const child = fork(file.replace(/client\.[jt]s$/, `main${extname(file)}`), this.#options.args ?? [], {
      cwd: this.#options.folder ?? process.cwd(),
      env: {
        ...process.env,
        TOYFHE_KERNEL_COLOUR: this.#options.colour === true ? '1' : '0',
        TOYFHE_KERNEL_UNLIMITED: this.#options.unlimitedOutput === true ? '1' : '0',
        COLUMNS: String(this.#options.columns ?? 80),
      },
      execArgv: [
        '--disable-warning=ExperimentalWarning', // of the means by which cells find their modules
        ...(source ? ['--conditions=toyfhe:source'] : []),
        ...(this.#options.nodeFlags ?? []),
      ],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'], // the last one: GUARD_FD
      serialization: 'advanced',
    });
    this.#lastWords = '';
    child.stdio[GUARD_FD]!.on('error', () => undefined); // a process that has died: 'exit' tells
    for (const name of ['stdout', 'stderr'] as const) {
      // Native code and child processes write here; what cells print comes as messages.
      child[name]!.setEncoding('utf8').on('data', (text: string) => {
        this.#lastWords = (this.#lastWords + text).slice(-4000);
        this.#current()?.onOutput?.({ type: 'stream', name, text });
      });
    }
    const ready = new Promise<SessionSnapshot>((resolve, reject) => {
      child.on('message', (message: Reply | Notice) => {
        if (child !== this.#child) return; // the last words of one that was replaced
        if (message.type === 'ready') resolve(message.snapshot);
        else if (message.type === 'output') this.#waiting.get(message.parent)?.onOutput?.(message.output);
        else this.#reply(message);
      });
      child.on('exit', (code, signal) => {
        reject(cannotStart(code, signal, this.#lastWords));
        if (child === this.#child) this.#died(code, signal);
      });
      child.on('error', (error) => reject(error));
    });
    ready.catch(() => undefined); // whoever waits for it hears of it
    return [child, ready];
  }

  /** Of those that wait, the one that is being worked on. */
  #current(): Waiting | undefined {
    return this.#waiting.values().next().value;
  }

  #reply(message: Reply): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'failure_reply') waiting?.reject(new Error(`the kernel has failed: ${message.message}`));
    else waiting?.resolve(message);
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.#closed) this.#onDeath?.(reasonOf(code, signal, this.#lastWords), code);
    for (const waiting of this.#waiting.values()) waiting.reject(new Died());
    this.#waiting.clear();
  }

  async #ask<T extends Reply['type']>(question: Question, onOutput?: (output: Output) => void): Promise<ReplyOf<T>> {
    await this.ready;
    return new Promise<ReplyOf<T>>((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve: resolve as (reply: Reply) => void, reject, onOutput });
      this.#child.send({ ...question, id } satisfies Request, (error) => {
        if (error !== null && this.#waiting.delete(id)) reject(new Died());
      });
    });
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      child.removeAllListeners('exit'); // this end is no death to tell of
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    for (const waiting of this.#waiting.values()) waiting.reject(new Died());
    this.#waiting.clear();
  }
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  if (/heap out of memory|Allocation failed/i.test(lastWords)) return 'it ran out of memory';
  if (signal !== null) return `it was ended by ${signal}`;
  return code === 0 ? 'the code called process.exit' : `it ended with exit code ${code}`;
}

function cannotStart(code: number | null, signal: NodeJS.Signals | null, lastWords: string): FheError {
  const line = lastWords.split('\n').find((text) => /error/i.test(text)) ?? '';
  return new FheError({
    code: 'WORKER',
    op: 'start the kernel',
    field: 'its process',
    should: 'running',
    is: `ended (${reasonOf(code, signal, lastWords)})${line === '' ? '' : `: ${line.trim()}`}`,
    hint: 'run npx toyfhe doctor',
  });
}
