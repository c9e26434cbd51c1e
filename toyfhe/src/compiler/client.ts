/**
 * The client's part of a plan: it encrypts inputs and decrypts outputs, knowing the plan and no weights.
 * @module
 */
import type { Backend, Ciphertext, PublicKey, SecretKeys } from '../backend/index.ts';
import { packSlots, unpackSlots } from '../circuits/index.ts';
import { explodeImage, printShape, sameShape, sizeOf, Tensor } from '../nn/index.ts';
import { checkBackend, outputNames, refused, valueOf } from './plan-access.ts';
import type { Plan, PlannedInput, PlannedValue } from './plan-types.ts';

/** Ciphertexts by the name of the input or output. */
export type EncryptedValues = Readonly<Record<string, readonly Ciphertext[]>>;

/**
 * Client: encrypts a batch.
 * @param inputs by name, each `[count, …]` with the same count of images, at most `plan.batch`; what is missing counts as zeros
 * @param onStep called for each ciphertext: `inputCiphertexts(plan)` times
 * @throws FheError FORMAT for missing inputs or other shapes, RANGE for values outside the plan's ranges, SLOTS for more
 *   images than the batch or another backend's ring
 */
export function encryptInputs(
  plan: Plan,
  backend: Backend,
  key: PublicKey,
  inputs: Readonly<Record<string, Tensor>>,
  onStep: () => void = () => {},
): Record<string, Ciphertext[]> {
  checkBackend('encrypt inputs', plan, backend);
  const counts = plan.inputs.map((input) => checkInput(plan, input, inputs[input.name]));
  if (counts.some((count) => count !== counts[0])) {
    const hint = 'a batch has one row of each input';
    throw refused('FORMAT', 'encrypt inputs', 'number of images', 'the same for all inputs', counts.join(', '), hint);
  }
  return backend.scope(() =>
    Object.fromEntries(
      plan.inputs.map((input) => {
        const { layout } = valueOf(plan, input.id);
        const rows = imagesOf(input, inputs[input.name]!);
        const all = Array.from({ length: plan.batch }, (_, i) => rows[i % rows.length]!);
        const ciphertexts = packSlots(layout, all).map((slots) => {
          const c = key.encrypt(backend.encode(slots));
          onStep();
          return c;
        });
        return [input.name, ciphertexts];
      }),
    ),
  );
}

/**
 * Client: the outputs in the clear.
 * @returns by the name of the operation that makes it, each `[plan.batch, …]`
 * @throws FheError SLOTS for other ciphertexts than `evaluate` gives
 */
export function decryptOutputs(
  plan: Plan,
  backend: Backend,
  keys: SecretKeys,
  outputs: EncryptedValues,
): Record<string, Tensor> {
  checkBackend('decrypt outputs', plan, backend);
  return Object.fromEntries(
    outputNames(plan).map((name, i) => {
      const ciphertexts = outputs[name];
      if (ciphertexts === undefined) {
        throw refused('FORMAT', 'decrypt outputs', `output ${name}`, 'there', 'missing', 'give all that evaluate gave');
      }
      const shape = plan.program.operations[plan.program.outputs[i]!]!.shape;
      return [name, decryptValue(backend, keys, valueOf(plan, plan.outputs[i]!), ciphertexts, shape)];
    }),
  );
}

/**
 * Client, or whoever looks: any value of the program in the clear, `[plan.batch, …]`.
 * @param shape of one image; default: the value's own
 */
export function decryptValue(
  backend: Backend,
  keys: SecretKeys,
  { layout, shape: own }: PlannedValue,
  ciphertexts: readonly Ciphertext[],
  shape: readonly number[] = own,
): Tensor {
  const blocks = backend.scope(() => ciphertexts.map((c) => backend.decode(keys.decrypt(c))));
  const rows = unpackSlots(layout, blocks);
  const tensor = new Tensor([layout.batch, ...shape]);
  rows.forEach((row, i) => tensor.data.set(row, i * row.length));
  return tensor;
}

function imagesOf({ shape, patches }: PlannedInput, tensor: Tensor): Float64Array[] {
  const size = sizeOf(shape);
  return Array.from({ length: tensor.shape[0]! }, (_, i) => {
    const image = tensor.data.subarray(i * size, (i + 1) * size);
    return patches === undefined ? image : explodeImage(image, shape, patches);
  });
}

/** @returns the number of images */
function checkInput(plan: Plan, { id, name, shape }: PlannedInput, tensor: Tensor | undefined): number {
  const [count = 0, ...rest] = tensor?.shape ?? [];
  if (tensor === undefined || !sameShape(rest, shape) || count < 1) {
    const is = tensor === undefined ? 'missing' : printShape(tensor.shape);
    const hint = 'give a tensor for every input, with the batch first';
    throw refused('FORMAT', 'encrypt inputs', `input ${name}`, `images×${printShape(shape)}`, is, hint);
  }
  const { range } = valueOf(plan, id);
  const outside = tensor.data.find((x) => !(Math.abs(x) <= range));
  if (outside !== undefined) {
    const hint = 'declare a range that holds all inputs: plan(program, { ranges })';
    throw refused(
      'RANGE',
      'encrypt inputs',
      `input ${name}`,
      `within ±${range}, its range in the plan`,
      String(outside),
      hint,
    );
  }
  if (count <= plan.batch) return count;
  throw refused(
    'SLOTS',
    'encrypt inputs',
    'number of images',
    `at most ${plan.batch}, the plan's batch`,
    String(count),
  );
}
