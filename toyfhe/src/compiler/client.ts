/**
 * The client's part of a plan: it encrypts inputs and decrypts outputs, knowing the plan and no weights.
 * @module
 */
import type { Backend, Ciphertext, PublicKey, SecretKeys } from '../backend/index.ts';
import { decryptTensor, encryptRows, explodeImage, printShape, rowsOf, sameShape, type Tensor } from '../nn/index.ts';
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
  const count = countImages('encrypt inputs', plan, inputs);
  if (count > plan.batch) {
    const should = `at most ${plan.batch}, the plan's batch`;
    const hint = 'encrypt batch after batch: images(tensor, from, to)';
    throw refused('SLOTS', 'encrypt inputs', 'number of images', should, String(count), hint);
  }
  for (const { id, name } of plan.inputs) checkRange(valueOf(plan, id), inputs[name]!);
  return backend.scope(() =>
    Object.fromEntries(
      plan.inputs.map((input) => {
        const { layout } = valueOf(plan, input.id);
        return [input.name, encryptRows(backend, key, layout, imagesOf(input, inputs[input.name]!), onStep)];
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
  return decryptTensor(backend, keys, { shape: [layout.batch, ...shape], layout, ciphertexts });
}

function imagesOf({ shape, patches }: PlannedInput, tensor: Tensor): Float64Array[] {
  const rows = rowsOf(tensor);
  return patches === undefined ? rows : rows.map((image) => explodeImage(image, shape, patches));
}

/**
 * How many images there are: the same number of each of the plan's inputs, and of nothing else.
 * @throws FheError FORMAT
 */
export function countImages(op: string, plan: Plan, inputs: Readonly<Record<string, Tensor>>): number {
  const refuse = (field: string, should: string, is: string): never => {
    const hint = 'give a tensor for every input, with the images first';
    throw refused('FORMAT', op, field, should, is, hint);
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

/** @throws FheError RANGE for values that the plan was not made for, or that are no numbers */
function checkRange({ name, range }: PlannedValue, { data }: Tensor): void {
  const outside = data.find((x) => !(Math.abs(x) <= range));
  if (outside === undefined) return;
  const should = `within ±${range}, its range in the plan`;
  const hint = 'declare a range that holds all inputs: plan(program, { ranges })';
  throw refused('RANGE', 'encrypt inputs', `input ${name}`, should, String(outside), hint);
}
