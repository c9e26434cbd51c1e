/**
 * A plan at work in one process: for trying it out. Apart, the client has `client.ts` and the server `server.ts`.
 * @module
 */
import type { Backend } from '../backend/index.ts';
import { printShape, sameShape, sizeOf, Tensor, type Weights } from '../nn/index.ts';
import { decryptOutputs, encryptInputs } from './client.ts';
import { keysFor, outputNames, refused } from './plan-access.ts';
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
  const count = imageCount(plan, inputs);
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

/** How many images there are: the same number of each of the plan's inputs, and of nothing else. */
function imageCount(plan: Plan, inputs: Readonly<Record<string, Tensor>>): number {
  const refuse = (field: string, should: string, is: string): never => {
    const hint = 'give a tensor for every input, with the images first';
    throw refused('FORMAT', 'run a plan', field, should, is, hint);
  };
  const names = plan.inputs.map(({ name }) => name);
  const unknown = Object.keys(inputs).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`input ${unknown}`, `one of ${names.join(', ')}`, 'none of them');
  const counts = plan.inputs.map(({ name, shape }) => {
    const [count = 0, ...rest] = Object.hasOwn(inputs, name) ? inputs[name]!.shape : [];
    if (count >= 1 && sameShape(rest, shape)) return count;
    const is = Object.hasOwn(inputs, name) ? printShape(inputs[name]!.shape) : 'missing';
    return refuse(`input ${name}`, `images×${printShape(shape)}`, is);
  });
  if (counts.some((count) => count !== counts[0])) {
    refuse('number of images', 'the same for all inputs', counts.join(', '));
  }
  return counts[0]!;
}

/** Images `from` to `to` of a batch; a copy. */
export function images(tensor: Tensor, from: number, to: number): Tensor {
  const [, ...shape] = tensor.shape;
  const size = sizeOf(shape);
  return new Tensor([to - from, ...shape], tensor.data.slice(from * size, to * size));
}
