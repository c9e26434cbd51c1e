/**
 * A network on encrypted batches of images, however it came about: written by hand or compiled.
 * @module
 */
import type { Backend, Ciphertext, EvaluationKeys, KeyOptions, PublicKey, SecretKeys } from 'toyfhe/backend';
import type { Tensor } from 'toyfhe/nn';

export interface Classifier {
  /** Images in one evaluation. */
  readonly batch: number;
  /** Of one image, for the tensors that `clear` and `encrypt` take. */
  readonly inputShape: readonly number[];
  /** The layer that gives the logits. */
  readonly output: string;
  readonly keys: KeyOptions;
  /** Rotations in one evaluation. */
  readonly rotations: number;
  /** How often `onStep` is called: for all weights, for the encryption of a batch, for its evaluation. */
  readonly steps: { readonly prepare: number; readonly encrypt: number; readonly evaluate: number };
  /** Every layer's output for images `[count, …]` in the clear, by its name. */
  clear(images: Tensor): ReadonlyMap<string, Tensor>;
  /** Encodes the weights. What it makes belongs to the backend's scope. */
  prepare(backend: Backend, onStep: () => void): PreparedClassifier;
}

/** A layer's ciphertexts. */
export type OnLayer = (layer: string, ciphertexts: readonly Ciphertext[]) => void;

export interface PreparedClassifier {
  /** @param images `[count, …]`, at most a batch */
  encrypt(key: PublicKey, images: Tensor, onStep: () => void): readonly Ciphertext[];
  /** @returns the encrypted logits */
  evaluate(
    ev: EvaluationKeys,
    images: readonly Ciphertext[],
    hooks: { readonly onStep: () => void; readonly onLayer?: OnLayer },
  ): readonly Ciphertext[];
  /** A layer's features, a row an image of the batch; what is beyond the layer's width means nothing. */
  read(keys: SecretKeys, layer: string, ciphertexts: readonly Ciphertext[]): readonly Float64Array[];
}
