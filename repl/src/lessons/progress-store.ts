/**
 * Which cells of which lessons are finished, across sessions: `progress.json` in the state folder. What goes wrong with the
 * file costs the memory of it and never the lesson.
 * @module
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { locked } from './file-lock.ts';
import { JsonField } from './json-field.ts';

/** Name of a lesson (`00-walkthrough`) → ids of its finished cells. */
export type Progress = ReadonlyMap<string, ReadonlySet<string>>;

export interface ProgressStore {
  /** What is finished, in this session and in all before. */
  read(): Promise<Progress>;
  /** Remembers finished cells. Resolves when they are in the file, or when it is clear that they cannot be. */
  mark(lesson: string, ids: readonly string[]): Promise<void>;
}

/** The form of the file; a later form has a higher number. */
const VERSION = 1;

/**
 * @param folder `stateFolder()`; it is made when the first mark is written
 * @param say where a notice goes to when the file is damaged, of a later version, or cannot be read or written: one
 *   sentence, each once
 */
export function progressStore(folder: string, say: (notice: string) => void): ProgressStore {
  const file = join(folder, 'progress.json');
  const mine: Marks = new Map();
  const said = new Set<string>();
  /** Set where the file is not ours to write to. */
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  const tell = (notice: string): void => {
    if (said.has(notice)) return;
    said.add(notice);
    say(notice);
  };

  /** What the file says; a damaged one is moved out of the way first. */
  const inFile = async (): Promise<Marks> => {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return new Map();
    try {
      const root = JsonField.parse(text, file);
      const version = root.get('version').integer(1, Number.MAX_SAFE_INTEGER);
      if (version === VERSION) return marksIn(root);
    } catch (error) {
      if (!(error instanceof FheError)) throw error;
      const aside = `${file}.damaged-${process.pid}-${Date.now()}`;
      await rename(file, aside).catch((failed: unknown) => {
        if (codeOf(failed) !== 'ENOENT') throw failed; // another session was faster
      });
      tell(`Progress in the lessons could not be read (${error.message}). The file is kept as ${aside}.`);
      return new Map();
    }
    closed = true;
    tell(`${file} was written by a later version: progress is not remembered in this session.`);
    return new Map();
  };

  const write = async (): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await locked(file, async () => {
      const all = merged(await inFile(), mine);
      if (closed) return;
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        await writeFile(temporary, asText(all));
        await rename(temporary, file); // whoever reads sees the old file or the new one, never a half
      } finally {
        await rm(temporary, { force: true });
      }
    });
  };

  return {
    async read() {
      await last;
      const found = await inFile().catch((error: unknown) => {
        tell(`Progress in the lessons cannot be read: ${reasonOf(error)}.`);
        return new Map<string, Set<string>>();
      });
      return merged(found, mine);
    },
    mark(lesson, ids) {
      for (const id of ids) addTo(mine, lesson, id);
      if (closed || ids.length === 0) return last.then(() => undefined);
      const written = last.then(write).catch((error: unknown) => {
        tell(
          `Progress in the lessons cannot be remembered: ${reasonOf(error)}. Set TOYFHE_STATE to a folder of your own.`,
        );
      });
      last = written;
      return written;
    },
  };
}

type Marks = Map<string, Set<string>>;

function addTo(marks: Marks, lesson: string, id: string): void {
  marks.set(lesson, (marks.get(lesson) ?? new Set()).add(id));
}

function merged(a: Progress, b: Progress): Marks {
  const all: Marks = new Map();
  for (const progress of [a, b]) {
    for (const [lesson, ids] of progress) for (const id of ids) addTo(all, lesson, id);
  }
  return all;
}

function marksIn(root: JsonField): Marks {
  const marks: Marks = new Map();
  const lessons = root.get('lessons');
  for (const lesson of Object.keys(lessons.object())) {
    for (const id of lessons.get(lesson).list()) addTo(marks, lesson, id.string());
  }
  return marks;
}

function asText(marks: Progress): string {
  const lessons = Object.fromEntries([...marks].sort().map(([lesson, ids]) => [lesson, [...ids]]));
  return `${JSON.stringify({ version: VERSION, lessons }, null, 1)}\n`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
