/**
 * The article's REPL session, steps A1 to A23, as cells of text that are really executed.
 * @module
 */

import { inspect } from 'node:util';
import { type Context, createContext, runInContext } from 'node:vm';
import * as toy from 'toyfhe/toy';
import { walkthroughCells } from './walkthrough-cells.ts';

export { type WalkthroughCell, walkthroughCells } from './walkthrough-cells.ts';

export interface WalkthroughOptions {
  /** true: encryption as it is. false: `InsecureDebug`, which prints the article's digits. */
  readonly noise: boolean;
  /** Where keys and noise come from: the operating system unless told. Seed it to see the same digits again. */
  readonly random?: toy.RandomSource;
}

/** A cell that has been run. */
export interface PlayedCell {
  readonly id: string;
  readonly prose: string;
  /** What was executed. */
  readonly input: string;
  /** The value of the last expression as `util.inspect` prints it; empty when there is none. */
  readonly output: string;
}

/**
 * Runs the cells one by one in a context of their own, as a REPL does: what a cell declares, later cells see.
 * Each cell is executed when the generator is asked for it.
 */
export function* playWalkthrough(options: WalkthroughOptions): Generator<PlayedCell, void, undefined> {
  const context = createContext({});
  const library = toolbox(options.random);
  for (const cell of walkthroughCells) {
    const input = options.noise ? cell.input : (cell.inputWithoutNoise ?? cell.input);
    const value = execute(input, cell.id, context, library);
    const prose = options.noise ? cell.prose : (cell.proseWithoutNoise ?? cell.prose);
    yield { id: cell.id, prose, input, output: value === undefined ? '' : inspect(value) };
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

/** The toy's exports; with a source of randomness, those that draw use it. */
function toolbox(random: toy.RandomSource | undefined): Readonly<Record<string, unknown>> {
  if (random === undefined) return toy;
  const encrypt = (key: toy.PublicKey, plain: toy.Plain): unknown => toy.encrypt(key, plain, random);
  const keygen = (what: unknown, priv: toy.PrivateKey, choice: toy.GaloisChoice): unknown => {
    if (what === toy.GaloisKey) return toy.keygen(toy.GaloisKey, priv, choice, random);
    if (what === toy.EvalMultKey) return toy.keygen(toy.EvalMultKey, priv, random);
    return toy.keygen(what as toy.RlweParams, random);
  };
  return { ...toy, encrypt, keygen };
}
