/** A kernel that says what a test tells it to say. */
import type { Executed, Kernel } from '../src/kernel/kernel.ts';
import type { CiphertextDetails, Output, SessionSnapshot, Variable } from '../src/kernel/protocol.ts';

export const EMPTY: SessionSnapshot = { variables: [], status: { memoryBytes: 1e8 } };

export interface Answer {
  readonly outputs?: readonly Output[];
  readonly status?: Executed['status'];
  readonly variables?: readonly Variable[];
  /** Resolves before the cell ends. */
  readonly until?: Promise<unknown>;
}

export class FakeKernel implements Kernel {
  ready: Promise<SessionSnapshot> = Promise.resolve(EMPTY);
  readonly executed: string[] = [];
  readonly answers: Map<string, Answer> = new Map();
  restarts = 0;
  closed = false;
  outcome: 'kept' | 'restarted' = 'kept';
  onInterrupt: () => void = () => undefined;
  #death: ((why: string, code: number | null) => void) | undefined;

  async execute(code: string, onOutput: (output: Output) => void): Promise<Executed> {
    this.executed.push(code);
    const { outputs = [], status = 'ok', variables = [], until } = this.answers.get(code) ?? {};
    for (const output of outputs) onOutput(output);
    await until;
    const snapshot = status === 'died' ? undefined : { ...EMPTY, variables };
    return { status, milliseconds: 1, snapshot };
  }
  async isComplete(code: string): ReturnType<Kernel['isComplete']> {
    return { status: code.endsWith('{') ? 'incomplete' : 'complete', indent: '' };
  }
  async complete(code: string, cursor: number): ReturnType<Kernel['complete']> {
    return { matches: [{ text: `after ${code}`, kind: 'const' }], start: 0, end: cursor };
  }
  async inspect(): ReturnType<Kernel['inspect']> {
    throw new Error('the compiler has tripped');
  }
  async typeOf(code: string): Promise<string | undefined> {
    return code === '1' ? 'number' : undefined;
  }
  async details(name: string): Promise<CiphertextDetails | undefined> {
    if (name === 'none') return undefined;
    const about = { summary: name, chainBits: [40], level: 0, scale: '2^40', scaleBits: 40, length: 2, bytes: 1 };
    return { name, ...about, operations: [] };
  }
  async configure(): Promise<void> {}
  async interrupt(): Promise<'kept' | 'restarted'> {
    this.onInterrupt();
    return this.outcome;
  }
  onDeath(listener: (why: string, code: number | null) => void): void {
    this.#death = listener;
  }
  die(why: string): void {
    this.#death?.(why, 1);
  }
  async restart(): Promise<void> {
    this.restarts++;
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

export function variable(name: string, summary: string, ciphertext = false): Variable {
  return { name, type: 'number', summary, ciphertext };
}
