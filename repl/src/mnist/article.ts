/**
 * The article's network as written by hand (`toyfhe/nn`, encrypted-article.ts), and its parameters.
 * @module
 */
import type { ParameterSpec } from 'toyfhe/backend';
import { articleNetwork, EncryptedArticleNetwork, type Weights } from 'toyfhe/nn';
import type { BackendName } from '../backends.ts';
import type { Classifier } from './classifier.ts';

/** log QP = 320 of 438 at degree 16384: 128-bit security, the article's chain [60, 40×5 | 60] one degree up. */
const SECURE: ParameterSpec = { ringDegree: 16384, chain: [60, 40, 40, 40, 40, 40], special: [60], scaleBits: 40 };
/** The engine's primes are below 2^50. log QP = 382: with three special primes a key switch has two digits, not six. */
const ENGINE: ParameterSpec = { ...SECURE, chain: [50, 40, 40, 40, 40, 40], special: [44, 44, 44] };
/** The same chain on a ring of 64 slots, where one image fits. Readable, not secure. */
const TOY: ParameterSpec = { ...SECURE, ringDegree: 128, insecure: true };

export const ARTICLE_SPECS: Readonly<Record<BackendName, ParameterSpec>> = {
  engine: ENGINE,
  seal: SECURE,
  toy: TOY,
  twin: SECURE,
};

/** @throws FheError FORMAT where the weights are not those of the network */
export function articleClassifier(weights: Weights, { ringDegree }: ParameterSpec): Classifier {
  const network = new EncryptedArticleNetwork(weights, ringDegree / 2);
  const model = articleNetwork(weights);
  return {
    batch: network.batch,
    inputShape: [1, 28, 28],
    output: 'fc2',
    keys: { rotations: network.rotations },
    rotations: network.rotationCount,
    steps: { prepare: network.steps, encrypt: network.patches, evaluate: network.steps },
    clear: (images) => model.activations(images),
    prepare: (backend, onStep) => {
      const prepared = network.prepare(backend, backend.parameters.maxLevel, { onStep });
      return {
        encrypt: (key, { data }, step) => network.encrypt(backend, key, data, step),
        evaluate: (ev, images, hooks) => [prepared.evaluate(ev, images, hooks)],
        read: (keys, _layer, ciphertexts) => {
          // Ciphertext k holds the features from 64·k on.
          const blocks = ciphertexts.map((c) => network.read(backend, keys, c));
          return Array.from({ length: network.batch }, (_, i) =>
            Float64Array.from(blocks.flatMap((rows) => [...rows[i]!])),
          );
        },
      };
    },
  };
}
