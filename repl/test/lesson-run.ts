/** Runs the code cells of a lesson one by one, as a front end does, without one. */
import { stripTypeScriptTypes } from 'node:module';
import { inspect } from 'node:util';
import { createContext, runInContext, type Context } from 'node:vm';
import { seededRandom } from 'toyfhe/backend';
import * as inspection from 'toyfhe/inspect';
import * as toy from 'toyfhe/toy';
import { vi } from 'vitest';
import type { Lesson } from '../src/lessons/lesson.ts';
import { toolbox } from '../src/walkthrough.ts';

export interface RanCell {
  /** What it printed, the value of its last expression included. */
  readonly printed: string;
  /** What it threw. */
  readonly error: unknown;
}

const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;

/** Runs all cells, those that fail too, and says by their ids how they went. Keys and noise come from the seed. */
export function runCells(lesson: Lesson, seed: string): Map<string, RanCell> {
  const packages: Record<string, Readonly<Record<string, unknown>>> = {
    'toyfhe/inspect': inspection,
    'toyfhe/toy': { ...toy, ...toolbox(seededRandom(seed)) },
  };
  const context = createContext({ console });
  return new Map(lesson.steps.map(({ id, code }) => [id, runCell(code, context, packages)]));
}

function runCell(code: string, context: Context, packages: Record<string, Readonly<Record<string, unknown>>>): RanCell {
  let printed = '';
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    printed += `${values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ')}\n`;
  });
  try {
    const script = code.replace(IMPORT, (_, names: string, from: string) => {
      for (const name of names.split(',').map((part) => part.trim())) {
        if (name !== '') context[name] = packages[from]![name];
      }
      return '';
    });
    const value: unknown = runInContext(stripTypeScriptTypes(script), context);
    if (value !== undefined) console.log(value);
    return { printed, error: undefined };
  } catch (error) {
    return { printed, error };
  } finally {
    log.mockRestore();
  }
}
