/**
 * Sums over neighbouring slots, their opposite, and masks: what is left to do by hand beside linear transforms.
 * Rotations by 1, 2, 4, … times the stride double what is summed, so n slots take log₂ n rotations.
 * @module
 */
import { type Backend, type Ciphertext, type EvaluationKeys, FheError } from '../backend/index.ts';
import { zeroWeights } from './zero-weights.ts';

/**
 * The rotation keys of `sumSlots`, as `keygen` takes them: 1 … slots − 1, ascending.
 * @throws FheError RANGE where n is not a power of two, or n·stride more than the slots
 */
export function sumRotations(slots: number, n: number, stride: number = 1): number[] {
  return doublings('sum slots', slots, n, stride)
    .map((k) => slots - k)
    .sort((a, b) => a - b);
}

/**
 * Slot i of the result is the sum of slots i, i + stride, …, i + (n − 1)·stride, around the end. So slots 0, n, 2n, … hold
 * the sums of every n slots; with n·stride = slots, and wherever values repeat every n·stride slots, every slot holds one.
 * @throws FheError as `sumRotations`
 */
export function sumSlots(
  backend: Backend,
  ev: EvaluationKeys,
  c: Ciphertext,
  n: number,
  stride: number = 1,
): Ciphertext {
  return doubled(backend, ev, c, doublings('sum slots', backend.parameters.slots, n, stride), -1);
}

/**
 * The rotation keys of `fillSlots`, as `keygen` takes them: 1 … slots − 1, ascending.
 * @throws FheError as `sumRotations`
 */
export function fillRotations(slots: number, n: number, stride: number = 1): number[] {
  return doublings('fill slots', slots, n, stride);
}

/**
 * Copies each value to the n − 1 places after it, `stride` apart: slot i of the result is the sum of slots i, i − stride, …,
 * i − (n − 1)·stride, which are to be zero but for one. (A short vector that was encoded without `repeat` is filled so:
 * rotations then go around it.)
 * @throws FheError as `sumRotations`
 */
export function fillSlots(
  backend: Backend,
  ev: EvaluationKeys,
  c: Ciphertext,
  n: number,
  stride: number = 1,
): Ciphertext {
  return doubled(backend, ev, c, doublings('fill slots', backend.parameters.slots, n, stride), 1);
}

/**
 * Keeps some slots and makes the others zero: a product with zeros and ones, so one level; the scale comes back exactly.
 * @param keep by slot, repeated where it is shorter: as many as divide the slots
 * @throws FheError LEVEL_EXHAUSTED at level 0, TRANSPARENT where nothing is kept, SLOTS for a number that does not divide the
 *   slots
 */
export function keepSlots(backend: Backend, ev: EvaluationKeys, c: Ciphertext, keep: readonly boolean[]): Ciphertext {
  if (c.level === 0) {
    throw new FheError({
      code: 'LEVEL_EXHAUSTED',
      op: 'keep slots',
      field: 'level',
      should: 'at least 1, for the rescale',
      is: '0',
      hint: 'add a prime to the chain',
      ledger: c.trace,
    });
  }
  if (keep.length > 0 && !keep.includes(true)) throw zeroWeights('keep slots', 'the mask');
  return backend.scope(() => {
    const scale = backend.parameters.primeScale(c.level); // what `rescale` divides by
    const mask = backend.encode(keep.map(Number), { level: c.level, scale, repeat: true });
    return ev.rescale(ev.mulPlain(c, mask));
  });
}

/** stride, 2·stride, …, n/2·stride. */
function doublings(op: string, slots: number, n: number, stride: number): number[] {
  const refuse = (field: string, should: string, is: number): never => {
    throw new FheError({ code: 'RANGE', op, field, should, is: String(is), hint: 'sums double with each rotation' });
  };
  if (!(n >= 1) || !Number.isInteger(Math.log2(n))) refuse('n', 'a power of two', n);
  if (!Number.isInteger(stride) || stride < 1) refuse('stride', 'a whole number from 1', stride);
  if (n * stride > slots) refuse('n × stride', `at most ${slots}, the slots`, n * stride);
  return Array.from({ length: Math.log2(n) }, (_, i) => 2 ** i * stride);
}

function doubled(
  backend: Backend,
  ev: EvaluationKeys,
  c: Ciphertext,
  steps: readonly number[],
  sign: 1 | -1,
): Ciphertext {
  if (steps.length === 0) return ev.rotate(c, 0); // a new object, as always
  return backend.scope(() => steps.reduce((sum, k) => ev.add(sum, ev.rotate(sum, sign * k)), c));
}
