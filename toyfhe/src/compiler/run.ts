/**
 * A plan at work in one process: for trying it out. Apart, the client has `client.ts` and the server `server.ts`.
 * @module
 */
import type { Backend } from '../backend/index.ts';
import { sizeOf, Tensor, type Weights } from '../nn/index.ts';
import { countImages, decryptOutputs, encryptInputs } from './client.ts';
import { keysFor, outputNames } from './plan-access.ts';
import type { Plan } from './plan-types.ts';
import { prepare } from './server.ts';

/**
 * Everything in one process: keys, encryption, evaluation, decryption. For trying a plan out.
 * @param inputs by name, `[count, …]`, any number of images: batch after batch
 * @returns outputs by name, `[count, …]`
 * @throws FheError FORMAT, before anything is computed, for inputs that are missing or not the plan's, of other shapes, or of
 *   different counts; else as `encryptInputs`, `prepare` and `evaluate`
 */
export function run(
  plan: Plan,
  backend: Backend,
  inputs: Readonly<Record<string, Tensor>>,
  constants: Weights,
): Record<string, Tensor> {
  const count = countImages('run a plan', plan, inputs);
  return backend.scope(() => {
    const prepared = prepare(plan, backend, constants);
    const { publicKey, secretKeys, evaluationKeys } = backend.keygen(keysFor(plan));
    const batches: Record<string, Tensor>[] = [];
    for (let start = 0; start < count; start += plan.batch) {
      const part = Object.fromEntries(
        Object.entries(inputs).map(([name, t]) => [name, images(t, start, Math.min(start + plan.batch, count))]),
      );
      batches.push(
        backend.scope(() => {
          const encrypted = encryptInputs(plan, backend, publicKey, part);
          return decryptOutputs(plan, backend, secretKeys, prepared.evaluate(evaluationKeys, encrypted));
        }),
      );
    }
    return Object.fromEntries(
      outputNames(plan).map((name) => {
        const all = new Tensor([batches.length * plan.batch, ...batches[0]![name]!.shape.slice(1)]);
        batches.forEach((batch, i) => all.data.set(batch[name]!.data, i * batch[name]!.data.length));
        return [name, images(all, 0, count)];
      }),
    );
  });
}

/** Images `from` to `to` of a batch; a copy. */
export function images(tensor: Tensor, from: number, to: number): Tensor {
  const [, ...shape] = tensor.shape;
  const size = sizeOf(shape);
  return new Tensor([to - from, ...shape], tensor.data.slice(from * size, to * size));
}
