/**
 * A plan as a graph: values with their levels, and what leads from one to the next. For Graphviz: `dot -Tsvg`.
 * @module
 */
import { printShape } from '../nn/index.ts';
import { counted } from './emit-text.ts';
import { describeStep, duration } from './explain.ts';
import type { Plan, PlannedValue, Step } from './plan-types.ts';
import { stageOperands } from './stages.ts';

/**
 * A digraph in the DOT language. A row is a level, the highest on top: what takes no level stays in its row. A value is a
 * box: name, shape, scale, ciphertexts; an edge is a step: what it does, rotations, milliseconds.
 */
export function planToDot(plan: Plan): string {
  const { values, steps, outputs } = plan;
  const levels = [...new Set(values.map(({ level }) => level))].sort((a, b) => b - a);
  const rows = levels.map((level) => {
    const ids = values.filter((v) => v.level === level).map(({ id }) => `v${id}`);
    return `  { rank=same; l${level}; ${ids.join('; ')}; }`;
  });
  return [
    'digraph plan {',
    '  node [shape=box, fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...levels.map((level) => `  l${level} [label="level ${level}", shape=plaintext];`),
    ...(levels.length > 1 ? [`  ${levels.map((level) => `l${level}`).join(' -> ')} [style=invis];`] : []),
    ...values.map((value) => `  v${value.id} [label=${label(valueLines(value))}${looks(value, plan, outputs)}];`),
    ...steps.flatMap((step) => edges(plan, step)),
    ...rows,
    '}',
    '',
  ].join('\n');
}

function valueLines({ name, shape, scaleBits, layout }: PlannedValue): string[] {
  const ciphertexts = layout.blocks === 1 ? '1 ciphertext' : `${layout.blocks} ciphertexts`;
  return [name, `${printShape(shape)}, ${layout.arrangement.kind}`, `scale 2^${scaleBits.toFixed(1)}, ${ciphertexts}`];
}

/** Where the client is at work: inputs and outputs have round corners, outputs a double line. */
function looks({ id }: PlannedValue, { inputs }: Plan, outputs: readonly number[]): string {
  if (outputs.includes(id)) return ', style=rounded, peripheries=2';
  return inputs.some((input) => input.id === id) ? ', style=rounded' : '';
}

/** One edge an operand; what the step does and costs stands at the first. */
function edges(plan: Plan, step: Step): string[] {
  const parts = [counted(step.rotations, 'rotation'), counted(step.products, 'product'), duration(step.ms)];
  const text = label([describeStep(plan, step), parts.filter((part) => part !== '').join(', ')]);
  return stageOperands(step).map((x, i) => `  v${x} -> v${step.to}${i === 0 ? ` [label=${text}]` : ''};`);
}

/** A quoted string of several lines. Names may hold anything: quotes and backslashes are escaped, the rest is plain. */
function label(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line
      .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"'),
  );
  return `"${escaped.join('\\n')}"`;
}
