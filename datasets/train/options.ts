/**
 * The command line of `npm run train`.
 * @module
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { wrongData } from '../src/errors.ts';
import { NETWORKS, type Network, ownWeights, packageWeights } from './networks.ts';

export const HELP = `npm run train -- [options]

Trains a network on MNIST, on one core, in about two minutes.

  --network <name>
                 which one (article):
                   article   conv 7x7 stride 3, square, dense 64, square, dense 10
                   two-conv  conv 5x5 stride 2, square, twice; dense 10
  --epochs <n>   passes over the training images (20)
  --seed <n>     the same seed gives the same weights, bit for bit (1)
  --limit <n>    use at most this many training images (all)
  --out <path>   weights file to write; its record goes beside it as .json
                 (.cache/mnist-<network>.safetensors, which git ignores)
  --replace      write the weights that come with the package in place of a file of
                 your own: datasets/weights/mnist-<network>.safetensors. Needs MNIST,
                 all of it, and a run that is not stopped
  --help         this text

MNIST is read from $TOYFHE_DATA/mnist or the cache folder (\`npm run data\` gets it);
without it, a drawn stand-in is used and the record says so. One in twelve training
images (5,000 of 60,000) is held out to judge each epoch by.
Ctrl-C stops and keeps the best epoch's weights; with --replace it keeps nothing.
To use article weights of your own: npx toyfhe mnist --weights <path>
Exit codes: 0 written, 1 stopped with nothing written, 2 cannot run as asked.
`;

export interface TrainFlags {
  readonly network: Network;
  readonly epochs: number;
  readonly seed: number;
  readonly limit: number | undefined;
  /** Absolute path of the weights file to write. */
  readonly out: string;
  /** True when `out` is the package's own file for the network. */
  readonly replace: boolean;
  readonly help: boolean;
}

/** @throws Error with one clear line for a flag that does not exist or a value that is not allowed */
export function parseFlags(args: readonly string[]): TrainFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      network: { type: 'string' },
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
  const network = networkNamed(values.network ?? NETWORKS[0].name);
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
    network,
    epochs: whole('--epochs', values.epochs, 1, 10_000) ?? 20,
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
    limit: whole('--limit', values.limit, 1000, 60_000), // enough for a batch after a twelfth is held out
    out: replace ? packageWeights(network) : resolve(values.out ?? ownWeights(network)),
    replace,
    help: values.help ?? false,
  };
}

function networkNamed(name: string): Network {
  const found = NETWORKS.find((network) => network.name === name);
  if (found !== undefined) return found;
  const names = NETWORKS.map((network) => network.name).join(' or ');
  throw new Error(`--network should be ${names} but is ${JSON.stringify(name)}`);
}

function whole(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new Error(`${flag} should be a whole number from ${low} to ${high} but is ${JSON.stringify(text)}`);
}
