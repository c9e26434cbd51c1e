/**
 * The article's REPL session, steps A1 to A23 of lesson 0, as cells of text that are really executed.
 * @module
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type Context, createContext, runInContext } from 'node:vm';
import * as toy from 'toyfhe/toy';
import { readLesson } from './lessons/lesson.ts';
import { courseFolder, unreadable } from './lessons/lessons-folder.ts';

/** One step: what to read, and what is typed. */
export interface WalkthroughCell {
  /** `A1` … `A23`, as the steps are numbered throughout this project. */
  readonly id: string;
  readonly prose: string;
  /** One or more TypeScript statements; the value of the last expression is printed. */
  readonly input: string;
}

export interface WalkthroughOptions {
  /** true: encryption as it is. false: `InsecureDebug`, which prints the article's digits. */
  readonly noise: boolean;
  /** Where keys and noise come from: the operating system unless told. Seed it to see the same digits again. */
  readonly random?: toy.RandomSource;
}

/** A cell that has been run. */
export interface PlayedCell extends WalkthroughCell {
  /** The value of the last expression as `util.inspect` prints it; empty when there is none. */
  readonly output: string;
}

const LESSON = '00-walkthrough.ipynb';

/**
 * The 23 steps, in order; together they are one TypeScript module.
 * @throws FheError FORMAT where lesson 0 of the course is missing or damaged
 */
export function walkthroughCells(noise: boolean): WalkthroughCell[] {
  const steps = readLesson(courseText(LESSON), LESSON).steps.filter(({ id }) => /^A\d+$/.test(id));
  return steps.map(({ id, prose, code, codeWithoutNoise }) => {
    const about = prose.at(-1); // before it may stand a heading, or the opening of the lesson
    const [text = '', input] = noise
      ? [about?.markdown, code]
      : [about?.withoutNoise ?? about?.markdown, codeWithoutNoise ?? code];
    return { id, prose: text.replace(`**${id}.** `, '').replaceAll('\n', ' '), input };
  });
}

function courseText(file: string): string {
  const path = join(courseFolder(), file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable('play the walk-through', path, 'a notebook', cause, 'take a whole copy of the project');
  }
}

/**
 * Runs the cells one by one in a context of their own, as a REPL does: what a cell declares, later cells see.
 * Each cell is executed when the generator is asked for it.
 */
export function* playWalkthrough(options: WalkthroughOptions): Generator<PlayedCell, void, undefined> {
  const context = createContext({});
  const library = options.random === undefined ? toy : toolbox(options.random);
  for (const cell of walkthroughCells(options.noise)) {
    const value = execute(cell.input, cell.id, context, library);
    yield { ...cell, output: value === undefined ? '' : inspect(value) };
  }
}

const IMPORT = /^import \{([^}]*)\} from 'toyfhe\/toy';$/;

function execute(input: string, id: string, context: Context, library: Readonly<Record<string, unknown>>): unknown {
  const names = IMPORT.exec(input)?.[1];
  if (names === undefined) return runInContext(input, context, { filename: id });
  // A script cannot import: as every REPL does, put the names where the next cells find them.
  for (const name of names.split(',').map((part) => part.trim())) {
    if (name === '') continue;
    if (!(name in library)) throw new SyntaxError(`'toyfhe/toy' has no export named '${name}'`);
    context[name] = library[name];
  }
  return undefined;
}

/** The toy's exports; those that draw use this source of randomness. */
export function toolbox(random: toy.RandomSource): Readonly<Record<string, unknown>> {
  const encrypt = (key: toy.PublicKey, plain: toy.Plain): unknown => toy.encrypt(key, plain, random);
  const keygen = (what: unknown, priv: toy.PrivateKey, choice: toy.GaloisChoice): unknown => {
    if (what === toy.GaloisKey) return toy.keygen(toy.GaloisKey, priv, choice, random);
    if (what === toy.EvalMultKey) return toy.keygen(toy.EvalMultKey, priv, random);
    return toy.keygen(what as toy.RlweParams, random);
  };
  return { ...toy, encrypt, keygen };
}
