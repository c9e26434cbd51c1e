/**
 * Scales as code. Matrices end at one scale; a square leaves another behind, which the next matrix has to know.
 * @module
 */
import type { Emission } from './emission.ts';
import { call, followedBy, statement } from './emit-code.ts';
import { number } from './emit-text.ts';
import type { ValueId } from './program.ts';

/** The variable that holds the scale of a value. */
export function scaleName(emission: Emission, id: ValueId): string {
  const owner = scaleOwner(emission, id);
  if (owner === 'scale' || owner === 'outputScale') return owner;
  return emission.nameOf(owner, (name) => `${name} scale`);
}

/** The statements that define the scales that matrices need, beside `scale`. */
export function scaleStatements(emission: Emission): string[] {
  const { plan, linearSteps, imports } = emission;
  const lines: string[] = [];
  const done = new Set<ValueId>();
  const uses = (name: string): boolean =>
    linearSteps.some(({ x, to }) => [x, to].some((id) => scaleName(emission, id) === name));
  const define = (id: ValueId): void => {
    const owner = scaleOwner(emission, id);
    if (typeof owner === 'string' || done.has(owner)) return;
    done.add(owner);
    const step = emission.maker(owner)!;
    const other = step.kind === 'mul' ? step.y : step.x;
    define(step.x);
    define(other);
    const level = emission.standing(owner).level + 1; // of the product, before its rescale
    const product = call(`${scaleName(emission, step.x)}.times`, scaleName(emission, other));
    lines.push(statement(`const ${scaleName(emission, owner)} = `, followedBy(product, `.over(prime(${level}))`)));
  };
  for (const { x } of linearSteps) define(x);
  if (lines.length > 0) {
    imports.use('toyfhe/backend', 'type Scale');
    lines.unshift(
      '// A product has the scales of both sides, divided by the prime of its rescale; the next matrix mends that.',
      'const prime = (level: number): Scale => backend.parameters.primeScale(level);',
    );
  }
  if (uses('outputScale')) {
    imports.use('toyfhe/backend', 'Scale');
    const why = plan.reasons.find(({ about }) => about === 'output scale')?.why;
    lines.push(...(why === undefined ? [] : [`// Of the result: ${why}.`]));
    lines.push(`const outputScale = Scale.powerOfTwo(${number(plan.outputScaleBits)});`);
  }
  return lines;
}

/** The value whose product made a value's scale; or the name of the scale that all matrices, or the last ones, give. */
function scaleOwner(emission: Emission, id: ValueId): ValueId | 'scale' | 'outputScale' {
  const step = emission.maker(id);
  switch (step?.kind) {
    case 'square':
    case 'mul':
      return id;
    case 'add': {
      // Both meet at the scale of one of them.
      const { scale } = emission.standing(id);
      return scaleOwner(emission, emission.standing(step.x).scale.equals(scale) ? step.x : step.y);
    }
    case 'linear': {
      const { plan } = emission;
      const last = plan.outputs.includes(id) && plan.outputScaleBits !== plan.parameters.scaleBits;
      return last ? 'outputScale' : 'scale';
    }
    default:
      return 'scale'; // inputs, and what polynomials are asked for
  }
}
