/**
 * The REPL without a screen: reads lines, prints plain text. For pipes, for terminals that cannot do more, and for programs
 * that drive it.
 * @module
 */
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { entryLines } from './show/entry.ts';
import { makeStyle } from './show/theme.ts';
import { isCommand } from './session/command.ts';
import type { Session } from './session/session.ts';
import type { Entry } from './session/state.ts';

export interface PlainOptions {
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Results and what code prints. */
  readonly output: Writable & { readonly columns?: number };
  /** Errors, and what code prints to stderr. */
  readonly errors: Writable;
}

/** Lines of values are broken here where the output is no terminal: practically never. */
const WIDE = 10_000;
const PROMPT = '> ';
const MORE = '. ';
/** What Enter does with a lesson's cell that has just been shown. */
const ENTER = {
  runs: '(Enter runs it)',
  checks: '(Enter checks it)',
  waits: '(type your own code; then Enter checks it)',
} as const;

/**
 * Runs to the end of the input. Where a person types, a prompt is printed and errors are answered with the next prompt; from a
 * pipe the first error ends it, as in a script.
 * @returns the exit code: 1 after an error in a pipe
 */
export async function runPlain(session: Session, { input, output, errors }: PlainOptions): Promise<number> {
  const person = input.isTTY === true;
  const style = makeStyle({ columns: output.columns ?? WIDE, theme: 'plain', colours: 'none', unicode: true });
  const printer = new Printer(session, (entry) => {
    if (entry.kind === 'input' || (entry.kind === 'rewritten' && !person)) return;
    const target = isTrouble(entry) || (entry.kind === 'stream' && entry.name === 'stderr') ? errors : output;
    if (entry.kind === 'stream') target.write(entry.text);
    else
      target.write(
        entryLines(entry, style)
          .map((line) => `${line.trimEnd()}\n`)
          .join(''),
      );
  });
  const lines = createInterface({
    input,
    terminal: person,
    ...(person ? { output, history: [...session.history].reverse() } : {}),
  });
  lines.on('SIGINT', () => void session.interrupt());
  try {
    const code = await readAll(session, lines, printer, person);
    if (person && !session.state.ended) output.write('\n'); // the end of the input stands behind a prompt
    return code;
  } finally {
    lines.close();
    printer.close();
    await session.close();
  }
}

async function readAll(session: Session, lines: Interface, printer: Printer, person: boolean): Promise<number> {
  let shown: string | undefined;
  let closed = false; // the input has ended, though lines of it may still wait
  lines.on('close', () => (closed = true));
  const ask = (prompt: string): void => {
    const { next, enter = 'runs' } = session.state.lesson ?? {};
    if (prompt === PROMPT && next !== undefined && next !== shown)
      printer.say(person ? `${next}\n${ENTER[enter]}` : next);
    shown = next;
    if (!person || closed) return;
    lines.setPrompt(prompt);
    lines.prompt();
  };
  const run = async (text: string): Promise<boolean> => {
    await session.submit(text);
    return printer.failed();
  };
  let cell = '';
  ask(PROMPT);
  for await (const line of lines) {
    cell = cell === '' ? line : `${cell}\n${line}`;
    // From a pipe, empty lines separate; only a person's mean "go on with the lesson".
    const empty = cell.trim() === '' && !(person && session.state.lesson !== undefined);
    if (!empty && (await session.isComplete(cell)).status === 'incomplete') {
      ask(MORE);
      continue;
    }
    const failed = !empty && (await run(cell));
    cell = '';
    if (session.state.ended) return 0;
    if (failed && !person) return 1;
    ask(PROMPT);
  }
  // The input may end in the middle of a cell: running it says what is missing.
  if (cell.trim() !== '' && !isCommand(cell) && (await run(cell)) && !person) return 1;
  return 0;
}

/** An error, or a warning: the kernel has ended, the history cannot be kept. */
function isTrouble(entry: Entry): boolean {
  return entry.kind === 'error' || (entry.kind === 'notice' && entry.level === 'warning');
}

/** Prints entries as they come. */
class Printer {
  readonly #session: Session;
  readonly #print: (entry: Entry) => void;
  readonly #unsubscribe: () => void;
  #seen: Entry | undefined;
  #failed = false;

  constructor(session: Session, print: (entry: Entry) => void) {
    this.#session = session;
    this.#print = print;
    this.#unsubscribe = session.subscribe(() => this.#look());
    this.#look();
  }

  say(text: string): void {
    this.#print({ kind: 'notice', level: 'info', text });
  }

  /** Whether there was an error since it was asked last. */
  failed(): boolean {
    const failed = this.#failed;
    this.#failed = false;
    return failed;
  }

  close(): void {
    this.#unsubscribe();
  }

  #look(): void {
    const { entries } = this.#session.state;
    const last = entries.at(-1);
    if (last === undefined || last === this.#seen) return;
    const before = this.#seen;
    const from = before === undefined ? 0 : entries.lastIndexOf(before) + 1;
    this.#seen = last;
    // A stream that goes on is a new entry with the old text at its beginning.
    const grown = from === 0 && before?.kind === 'stream' && last.kind === 'stream' ? before.text.length : 0;
    const fresh =
      grown > 0 ? [{ ...last, text: (last as { text: string }).text.slice(grown) } as Entry] : entries.slice(from);
    for (const entry of fresh) {
      if (isTrouble(entry)) this.#failed = true;
      this.#print(entry);
    }
  }
}
