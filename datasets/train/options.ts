/**
 * The command line of `npm run train`.
 * @module
 */
import { parseArgs } from 'node:util';

export const HELP = `npm run train -- [options]

Trains the article's network (conv 7x7 stride 3, square, dense 64, square, dense 10)
on MNIST, on one core, in about two minutes.

  --epochs <n>   passes over the training images (20)
  --seed <n>     the same seed gives the same weights, bit for bit (1)
  --limit <n>    use at most this many training images (all)
  --out <path>   weights file to write; its record goes beside it as .json
                 (datasets/weights/mnist-article.safetensors)
  --help         this text

MNIST is read from $TOYFHE_DATA/mnist or the cache folder (\`npm run data\` gets it);
without it, a drawn stand-in is used and the record says so.
Ctrl-C stops and keeps the best epoch's weights.
`;

export interface TrainFlags {
  readonly epochs: number;
  readonly seed: number;
  readonly limit: number | undefined;
  /** As given; undefined for the place where the package keeps its weights. */
  readonly out: string | undefined;
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
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.out !== undefined && !values.out.endsWith('.safetensors')) {
    throw new Error(`--out should end in .safetensors but is ${JSON.stringify(values.out)}`);
  }
  return {
    epochs: whole('--epochs', values.epochs, 1, 10_000) ?? 20,
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
    limit: whole('--limit', values.limit, 1000, 60_000), // enough for a batch after a tenth is held out
    out: values.out,
    help: values.help ?? false,
  };
}

function whole(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new Error(`${flag} should be a whole number from ${low} to ${high} but is ${JSON.stringify(text)}`);
}
