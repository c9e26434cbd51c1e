/**
 * A compiled program as a classifier.
 * @module
 */
import type { Ciphertext } from 'toyfhe/backend';
import {
  decryptValue,
  encryptInputs,
  evaluateClear,
  inputCiphertexts,
  keysFor,
  outputNames,
  type Plan,
  prepare,
  type Program,
  stepCount,
  valueOf,
  weightCount,
} from 'toyfhe/compiler';
import { rowsOf } from 'toyfhe/nn';
import type { Classifier } from '../mnist/classifier.ts';
import { INPUT } from '../loaded-model.ts';

/** @param plan of `program`, which has the one input `image` and gives logits */
export function planClassifier(plan: Plan, program: Program): Classifier {
  const output = outputNames(plan)[0]!;
  const whole = wholeValues(plan);
  return {
    batch: plan.batch,
    inputShape: plan.inputs[0]!.shape,
    output,
    keys: keysFor(plan),
    rotations: plan.estimates.rotations,
    steps: { prepare: weightCount(plan), encrypt: inputCiphertexts(plan), evaluate: stepCount(plan) },
    clear: (images) => {
      const values = evaluateClear(program, { [INPUT]: images });
      return new Map(program.operations.map(({ id, name }) => [name, values.get(id)!]));
    },
    prepare: (backend, onStep) => {
      const prepared = prepare(plan, backend, program.constants, onStep);
      return {
        encrypt: (key, images, step) => encryptInputs(plan, backend, key, { [INPUT]: images }, step)[INPUT]!,
        evaluate: (ev, images, { onStep: step, onLayer }) => {
          const outputs = prepared.evaluate(
            ev,
            { [INPUT]: images },
            {
              onStep: step,
              onValue: ({ id, name }, ciphertexts) => {
                if (whole.has(id)) onLayer?.(name, ciphertexts);
              },
            },
          );
          return outputs[output]!;
        },
        read: (keys, layer, ciphertexts: readonly Ciphertext[]) => {
          const id = layer === output ? plan.outputs[0]! : plan.values.find(({ name }) => name === layer)!.id;
          return rowsOf(decryptValue(backend, keys, valueOf(plan, id), ciphertexts));
        },
      };
    },
  };
}

/**
 * The values that are an operation's whole result, which the clear network has too. Others are a part of one: an activation's
 * bound or coefficients have been moved into the matrix beside it.
 */
function wholeValues({ steps, program }: Plan): Set<number> {
  const whole = steps.filter((step) => {
    const operation = program.operations[step.to];
    if (operation === undefined || (step.kind === 'linear' && step.after !== undefined)) return false;
    return !(step.kind === 'square' && operation.op === 'polynomial');
  });
  return new Set(whole.map(({ to }) => to));
}
