/**
 * The command line of `npm run train`.
 * @module
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wrongData } from '../src/errors.ts';

/** Where the package keeps its weights: only `--replace` writes there. */
export const PACKAGE_WEIGHTS: string = fileURLToPath(new URL('../weights/mnist-article.safetensors', import.meta.url));

/** Where a run's weights go when nothing is said: ignored by git, in the repository's root. */
export const OWN_WEIGHTS: string = fileURLToPath(new URL('../../.cache/mnist-article.safetensors', import.meta.url));

export const HELP = `npm run train -- [options]

Trains the article's network (conv 7x7 stride 3, square, dense 64, square, dense 10)
on MNIST, on one core, in about two minutes.

  --epochs <n>   passes over the training images (20)
  --seed <n>     the same seed gives the same weights, bit for bit (1)
  --limit <n>    use at most this many training images (all)
  --out <path>   weights file to write; its record goes beside it as .json
                 (.cache/mnist-article.safetensors, which git ignores)
  --replace      write the weights that come with the package in place of a file of
                 your own: datasets/weights/mnist-article.safetensors. Needs MNIST,
                 all of it, and a run that is not stopped
  --help         this text

MNIST is read from $TOYFHE_DATA/mnist or the cache folder (\`npm run data\` gets it);
without it, a drawn stand-in is used and the record says so. One in twelve training
images (5,000 of 60,000) is held out to judge each epoch by.
Ctrl-C stops and keeps the best epoch's weights; with --replace it keeps nothing.
To use the weights of your own: npx toyfhe mnist --weights <path>
Exit codes: 0 written, 1 stopped with nothing written, 2 cannot run as asked.
`;

export interface TrainFlags {
  readonly epochs: number;
  readonly seed: number;
  readonly limit: number | undefined;
  /** Absolute path of the weights file to write. */
  readonly out: string;
  /** True when `out` is the package's own file. */
  readonly replace: boolean;
  readonly help: boolean;
}

/** @throws Error with one clear line for a flag that does not exist or a value that is not allowed */
export function parseFlags(args: readonly string[]): TrainFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      epochs: { type: 'string' },
      seed: { type: 'string' },
      limit: { type: 'string' },
      out: { type: 'string' },
      replace: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.out !== undefined && !values.out.endsWith('.safetensors')) {
    throw new Error(`--out should end in .safetensors but is ${JSON.stringify(values.out)}`);
  }
  const replace = values.replace ?? false;
  if (replace) {
    // What comes with the package is what anybody gets who trains on all of MNIST, and stands where it is looked for.
    for (const flag of ['limit', 'out'] as const) {
      const value = values[flag];
      if (value === undefined) continue;
      throw wrongData(
        "replace the package's weights",
        `--${flag}`,
        'left out',
        value,
        'leave out either it or --replace',
      );
    }
  }
  return {
    epochs: whole('--epochs', values.epochs, 1, 10_000) ?? 20,
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
    limit: whole('--limit', values.limit, 1000, 60_000), // enough for a batch after a twelfth is held out
    out: replace ? PACKAGE_WEIGHTS : resolve(values.out ?? OWN_WEIGHTS),
    replace,
    help: values.help ?? false,
  };
}

function whole(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new Error(`${flag} should be a whole number from ${low} to ${high} but is ${JSON.stringify(text)}`);
}
