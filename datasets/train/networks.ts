/**
 * The networks that `npm run train` trains, and how.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { articleNetwork, type Sequential, type TrainOptions, twoConvNetwork, type Weights } from 'toyfhe/nn';

export type HyperParameters = Omit<TrainOptions, 'epochs' | 'seed'>;

export interface Network {
  /** What `--network` says; its weights are `mnist-<name>`. */
  readonly name: string;
  /** The layers in words, for the record. */
  readonly layers: string;
  /** With these weights, else with zeros. */
  readonly make: (weights?: Weights) => Sequential;
  /** Fixed for the network: from trials judged by the validation images, never by the test images. */
  readonly hyperParameters: HyperParameters;
  /** The command that classifies with its weights, if there is one. */
  readonly command: string | undefined;
}

/** The first one is trained when `--network` is left out. */
export const NETWORKS: readonly [Network, ...Network[]] = [
  {
    name: 'article',
    layers: 'conv 7x7, 1 to 4, stride 3; square; flatten; dense 256 to 64; square; dense 64 to 10',
    make: articleNetwork,
    hyperParameters: { batch: 64, peakRate: 6e-3, clip: 1, shift: 1, noise: 0.1, weightDecay: 0 },
    command: 'npx toyfhe mnist',
  },
  {
    name: 'two-conv',
    layers: 'conv 5x5, 1 to 4, stride 2; square; conv 5x5, 4 to 16, stride 2; square; flatten; dense 256 to 10',
    make: twoConvNetwork,
    hyperParameters: { batch: 64, peakRate: 6e-3, clip: 1, shift: 1, noise: 0.1, weightDecay: 0 },
    command: undefined,
  },
];

/** Where the package keeps a network's weights: only `--replace` writes there. */
export function packageWeights({ name }: Network): string {
  return fileURLToPath(new URL(`../weights/mnist-${name}.safetensors`, import.meta.url));
}

/** Where a run's weights go when nothing is said: ignored by git, in the repository's root. */
export function ownWeights({ name }: Network): string {
  return fileURLToPath(new URL(`../../.cache/mnist-${name}.safetensors`, import.meta.url));
}
