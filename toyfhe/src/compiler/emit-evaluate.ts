/**
 * The server's part of an emitted program: a line of code a step of the plan, with what it costs.
 * @module
 */
import { hasEmptySlots } from '../circuits/index.ts';
import { sizeOf } from '../nn/index.ts';
import { type ApproximationStage, isApproximation } from './approximations.ts';
import type { Emission } from './emission.ts';
import { arrow, call, type Code, type Entry, list, record, statement, followedBy } from './emit-code.ts';
import { comment, counted, number, string } from './emit-text.ts';
import { layoutName } from './emit-layouts.ts';
import { scaleName } from './emit-scales.ts';
import { describeStep } from './explain.ts';
import { valueOf } from './plan-access.ts';
import type { Step } from './plan-types.ts';
import type { OperationOf, ValueId } from './program.ts';
import { boundOf } from './ranges.ts';

/** The record `activations`: polynomials, relus, softmaxes; undefined where there is none. */
export function activationsCode(emission: Emission): Code | undefined {
  const entries = emission.plan.steps.filter(isApproximation).map((step): Entry => {
    return { key: emission.name(step.to), value: activation(emission, step) };
  });
  return entries.length === 0 ? undefined : { kind: 'record', entries };
}

/** The function `evaluate`, from its comment to its last brace. */
export function evaluateFunction(emission: Emission): string[] {
  const { plan, inputs } = emission;
  const outputs = [...new Set(plan.outputs)];
  const type = (id: ValueId): string => (emission.blocks(id) === 1 ? 'Ciphertext' : 'readonly Ciphertext[]');
  const typed = (id: ValueId): string => `${emission.name(id)}: ${type(id)}`;
  emission.imports.use('toyfhe/backend', 'type Ciphertext');
  const steps = plan.steps.flatMap((step) => {
    const value = valueOf(plan, step.to);
    return [
      ...comment(`${value.name}: ${stepText(emission, step)}`, 4),
      statement(`const ${emission.name(step.to)} = `, stepCode(emission, step), ';', 4),
    ];
  });
  return [
    '/** Server: computes on what it cannot read. What is made on the way is freed at the end. */',
    ...signature(
      inputs.map(({ id }) => typed(id)),
      outputs.map(typed),
    ),
    '  return backend.scope(() => {',
    ...steps,
    statement(
      'return ',
      record(Object.fromEntries(outputs.map((id) => [emission.name(id), emission.name(id)]))),
      ';',
      4,
    ),
    '  });',
    '}',
  ];
}

function signature(inputs: readonly string[], outputs: readonly string[]): string[] {
  const line = `function evaluate(${inputs.join(', ')}): { ${outputs.join('; ')} } {`;
  if (line.length <= 120) return [line]; // the width of lines
  return ['function evaluate(', ...inputs.map((text) => `  ${text},`), `): { ${outputs.join('; ')} } {`];
}

function stepText({ plan }: Emission, step: Step): string {
  const value = valueOf(plan, step.to);
  const from = valueOf(plan, step.x).level;
  const costs = [
    from === value.level ? `level ${from}` : `level ${from} → ${value.level}`,
    counted(step.products, 'product'),
    counted(step.rotations, 'rotation'),
  ];
  return `${describeStep(plan, step)}; ${costs.filter((part) => part !== '').join(', ')}`;
}

/** A value of one ciphertext is that ciphertext; of several, their list. */
function stepCode(emission: Emission, step: Step): Code {
  const x = emission.name(step.x);
  const one = emission.blocks(step.x) === 1;
  if (step.kind === 'linear') {
    const applied = call(`weights.${emission.name(step.to)}.apply`, 'server', one ? list([x]) : x);
    return emission.blocks(step.to) === 1 ? followedBy(applied, '[0]!') : applied;
  }
  const binary = step.kind === 'add' || step.kind === 'mul';
  if (one) return onOne(emission, step, x, binary ? emission.name(step.y) : '');
  const blocks = step.kind === 'polynomial' && hasEmptySlots(valueOf(emission.plan, step.x).layout);
  const head = binary ? '(c, i)' : blocks ? '(c, block)' : '(c)';
  return call(`${x}.map`, arrow(head, onOne(emission, step, 'c', binary ? `${emission.name(step.y)}[i]!` : '')));
}

function onOne(emission: Emission, step: Exclude<Step, { kind: 'linear' }>, x: string, y: string): Code {
  const rescaled = (product: Code): Code => call('server.rescale', call('server.relinearize', product));
  switch (step.kind) {
    case 'square':
      return rescaled(call('server.square', x));
    case 'mul': {
      const [a, b] = [emission.standing(step.x).level, emission.standing(step.y).level];
      const lowered = (c: string, from: number, to: number): Code =>
        from === to ? c : call('server.dropLevel', c, number(to));
      return rescaled(call('server.mul', lowered(x, a, Math.min(a, b)), lowered(y, b, Math.min(a, b))));
    }
    case 'add':
      return call(emission.imports.use('toyfhe/circuits', 'addMatched'), 'backend', 'server', x, y);
    case 'polynomial': {
      const polynomial = `activations.${emission.name(step.to)}`;
      const scale = scaleName(emission, step.to);
      if (!hasEmptySlots(valueOf(emission.plan, step.x).layout)) {
        const callee = emission.imports.use('toyfhe/circuits', 'evaluatePolynomial');
        return call(callee, 'backend', 'server', x, polynomial, record({ scale }));
      }
      const callee = emission.imports.use('toyfhe/circuits', 'evaluateOnLayout');
      const block = emission.blocks(step.x) === 1 ? undefined : 'block';
      return call(callee, 'backend', 'server', x, polynomial, layoutName(emission, step.x), record({ scale, block }));
    }
    case 'relu': {
      const scale = record({ scale: scaleName(emission, step.to) });
      return call(`activations.${emission.name(step.to)}.apply`, 'backend', 'server', x, scale);
    }
    case 'softmax':
      return call(`activations.${emission.name(step.to)}.apply`, 'backend', 'server', x, scaleName(emission, step.to));
  }
}

function activation({ plan, imports }: Emission, step: ApproximationStage): Code {
  const { program, ranges } = plan;
  if (step.kind === 'polynomial') {
    const { basis, coefficients, interval } = program.operations[step.to] as OperationOf<'polynomial'>;
    imports.use('toyfhe/circuits', 'Polynomial');
    const options = { basis: string(basis), interval: interval && list(interval) };
    return call('new Polynomial', list(coefficients), record(options));
  }
  const operation = program.operations[step.to] as OperationOf<'relu'> | OperationOf<'softmax'>;
  const bound = number(boundOf(program, ranges, operation));
  const normalised = step.normalised ? 'true' : undefined;
  if (operation.op === 'relu') {
    imports.use('toyfhe/circuits', 'Relu');
    return call('new Relu', record({ degrees: list(operation.degrees), bound, normalised }));
  }
  imports.use('toyfhe/circuits', 'Softmax');
  const { batch, period } = valueOf(plan, step.x).layout;
  return call(
    'new Softmax',
    record({
      classes: number(sizeOf(operation.shape)),
      bound,
      normalised,
      batch: batch === 1 ? undefined : 'batch',
      period: number(period),
      least: operation.least === undefined ? undefined : number(operation.least),
      bits: operation.bits === undefined ? undefined : number(operation.bits),
    }),
  );
}
