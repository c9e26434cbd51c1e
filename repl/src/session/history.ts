/**
 * Inputs of this and earlier sessions, one JSON string a line. Each is appended at once, so that nothing is lost when a
 * session ends badly, and two sessions may write at the same time.
 * @module
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As many are kept. */
const MOST = 10_000;
/** A longer input is data: it is not worth keeping. */
const LONGEST = 100_000;

export interface History {
  /** Oldest first. */
  readonly inputs: readonly string[];
  /** Appends; the same input twice in a row counts once. */
  add(input: string): void;
}

/** A history that ends with the session. */
export function shortHistory(): History {
  const inputs: string[] = [];
  return { inputs, add: (input) => void (worthKeeping(inputs, input) && inputs.push(input)) };
}

/**
 * @param onProblem is told, once, why inputs cannot be kept
 */
export function storedHistory(folder: string, onProblem: (why: string) => void): History {
  const file = join(folder, 'history.jsonl');
  const inputs = read(file);
  let told = false;
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      if (!told) onProblem(`inputs are not kept for the next session: ${(error as Error).message}`);
      told = true;
    }
  };
  if (inputs.length > MOST) {
    inputs.splice(0, inputs.length - MOST);
    attempt(() => writeFileSync(file, inputs.map(line).join(''), { mode: 0o600 }));
  }
  return {
    inputs,
    add: (input) => {
      if (!worthKeeping(inputs, input)) return;
      inputs.push(input);
      attempt(() => {
        mkdirSync(folder, { recursive: true });
        appendFileSync(file, line(input), { mode: 0o600 }); // what people type is theirs alone
      });
    },
  };
}

function worthKeeping(inputs: readonly string[], input: string): boolean {
  return input.trim() !== '' && input.length <= LONGEST && inputs.at(-1) !== input;
}

function line(input: string): string {
  return `${JSON.stringify(input)}\n`;
}

/** Lines that cannot be read, such as half of one after a power cut, are left out. */
function read(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return []; // the first session
  }
  return text.split('\n').flatMap((entry) => {
    try {
      const input: unknown = JSON.parse(entry);
      return typeof input === 'string' ? [input] : [];
    } catch {
      return [];
    }
  });
}
