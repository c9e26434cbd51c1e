/**
 * Running an unmodified model on encrypted batches: `encrypted(backend, evaluationKeys)(model)(batch)`.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, type Parameters, twin } from '../backend/index.ts';
import { packSlots } from '../circuits/index.ts';
import { type BatchPlaces, type EncryptedBatch, encryptedBatch } from './encrypted-batch.ts';
import { type EncryptedContext, EncryptedPatches, EncryptedTensor } from './encrypted-tensor.ts';
import type { TensorOperations } from './operations.ts';

/** A model, as far as encrypted tensors go: `Sequential`, or any function of tensors. */
export type EncryptedModel = (x: TensorOperations<EncryptedTensor>) => EncryptedTensor;

/** Turns a model into one of encrypted batches. */
export type Encrypted = (model: EncryptedModel) => (batch: EncryptedBatch) => EncryptedBatch;

/**
 * The server's side of the article's last program: the model stays as it is, its operations run on ciphertexts. The keys
 * must hold the rotations that the model needs: `rotationsFor`. The result is the caller's to dispose, apart from the batch;
 * whatever was made on the way lives until the model returns (the compiler's programs free values after their last use).
 * @example
 * const keys = backend.keygen({ rotations: rotationsFor(model, placesOf(batch, slots), backend.parameters) });
 * const ctx = encrypted(backend, keys.evaluationKeys);
 * const result = ctx(model)(encryptTensor(backend, keys.publicKey, batch));
 * decryptTensor(backend, keys.secretKeys, result);
 */
export function encrypted(backend: Backend, ev: EvaluationKeys): Encrypted {
  return (model) => (batch) => apply({ backend, ev }, model, batch);
}

/**
 * The rotation keys that a model needs for a batch, found by a dry run without encryption: which also finds out whether its
 * levels suffice, before a key is made.
 * @throws FheError as the model does on encrypted tensors
 */
export function rotationsFor(model: EncryptedModel, places: BatchPlaces, parameters: Parameters): number[] {
  const backend = twin(parameters);
  const found = new Set<number>();
  const all = Array.from({ length: parameters.slots - 1 }, (_, i) => i + 1); // the twin's keys are a list of numbers
  const { publicKey, evaluationKeys: ev } = backend.keygen({ rotations: all });
  const onRotations = (steps: readonly number[]): void => {
    for (const k of steps) found.add(((k % parameters.slots) + parameters.slots) % parameters.slots);
  };
  const blocks = packSlots(places.layout, []); // zeros: no value is needed to see where it goes
  const ciphertexts = blocks.map((slots) => publicKey.encrypt(backend.encode(slots)));
  const dry = ({ level, scale }: Ciphertext, value: number): Ciphertext =>
    publicKey.encrypt(backend.encode(value, { level, scale }));
  apply({ backend, ev, onRotations, dry }, model, encryptedBatch(places, ciphertexts));
  backend.dispose();
  return [...found].sort((a, b) => a - b);
}

function apply(context: EncryptedContext, model: EncryptedModel, batch: EncryptedBatch): EncryptedBatch {
  const { shape, layout, windows, ciphertexts } = batch;
  const x =
    windows === undefined
      ? new EncryptedTensor(context, shape, layout, ciphertexts)
      : new EncryptedPatches(context, shape, layout, windows, ciphertexts);
  return context.backend.scope(() => {
    const y = model(x);
    // A model that only reshapes hands its input through, and that has an owner already.
    const own = y.ciphertexts.map((c) => (ciphertexts.includes(c) ? context.ev.dropLevel(c, c.level) : c));
    return encryptedBatch({ shape: y.shape, layout: y.layout }, own);
  });
}
