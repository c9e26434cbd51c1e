/**
 * The client's part of an emitted program, and what carries values in and out.
 * @module
 */
import type { Emission } from './emission.ts';
import { arrow, call, type Code, type Entry, list, record, statement, followedBy } from './emit-code.ts';
import { comment, field, member, number, string } from './emit-text.ts';
import { layoutName } from './emit-layouts.ts';
import type { ValueId } from './program.ts';

/** A variable for each input, and their number of images. */
export function inputStatements(emission: Emission): string[] {
  const lines = emission.inputs.map(({ id, name, shape }) =>
    statement(`const ${emission.name(id)} = `, call('input', string(name), list(shape))),
  );
  const [first, ...rest] = emission.inputs.map(({ id }) => emission.name(id));
  lines.push(`const count = ${first}.shape[0]!;`);
  for (const name of rest) {
    lines.push(`if (${name}.shape[0] !== count) throw new Error('inputs should have the same number of images');`);
  }
  return lines;
}

/** The record of outputs, and the loop that fills it, batch after batch. */
export function loopStatements(emission: Emission): string[] {
  const { plan, imports } = emission;
  imports.use('toyfhe/nn', 'Tensor');
  const outputs = outputsOf(emission);
  const tensors = outputs.map(({ name, shape }): Entry => {
    return { key: field(name), value: call('new Tensor', `[count, ${shape.map(number).join(', ')}]`) };
  });
  // An output that is an input (through a reshape) comes back under a name of its own: its input's is taken.
  const result = (id: ValueId): string =>
    emission.maker(id) === undefined ? emission.nameOf(id, (name) => `${name} result`) : emission.name(id);
  const values = [...new Set(plan.outputs)].map((id) => {
    const [name, here] = [emission.name(id), result(id)];
    return name === here ? name : `${name}: ${here}`;
  });
  const encrypted = emission.inputs.map(({ id }) => emission.nameOf(id, (name) => `encrypted ${name}`));
  return [
    statement('const outputs = ', { kind: 'record', entries: tensors }),
    'for (let first = 0; first < count; first += batch) {',
    '  backend.scope(() => {',
    '    // Client',
    ...emission.inputs.flatMap(({ id }, i) => encryption(emission, id, encrypted[i]!)),
    '    // Server',
    statement(`const { ${values.join(', ')} } = `, call('evaluate', ...encrypted), ';', 4),
    '    // Client',
    ...outputs.map(({ id, name }) => {
      const value = emission.blocks(id) === 1 ? list([result(id)]) : result(id);
      const rows = call('decrypt', layoutName(emission, id), value);
      return statement('', call('fill', member('outputs', name), 'first', rows), ';', 4);
    }),
    '  });',
    '}',
  ];
}

/** Outputs by name; a value may be there under two. */
function outputsOf({ plan }: Emission): { id: ValueId; name: string; shape: readonly number[] }[] {
  const outputs = plan.program.outputs.map((written, i) => {
    const { name, shape } = plan.program.operations[written]!;
    return { id: plan.outputs[i]!, name, shape };
  });
  return outputs.filter(({ name }, i) => outputs.findIndex((other) => other.name === name) === i);
}

function encryption(emission: Emission, id: ValueId, into: string): string[] {
  const { shape, patches } = emission.inputs.find((input) => input.id === id)!;
  const lines: string[] = [];
  let features: Code = call('rows', emission.name(id), 'first');
  if (patches !== undefined) {
    const exploded = emission.nameOf(id, (name) => `${name} patches`);
    const explode = call(
      emission.imports.use('toyfhe/nn', 'explodeImage'),
      'pixels',
      list(shape),
      windowsName(emission, id),
    );
    const mapped = call(`rows(${emission.name(id)}, first).map`, arrow('(pixels)', explode));
    lines.push(statement(`const ${exploded} = `, mapped, ';', 4));
    features = exploded;
  }
  const encrypted = call('encrypt', layoutName(emission, id), features);
  const one = emission.blocks(id) === 1;
  return [...lines, statement(`const ${into} = `, one ? followedBy(encrypted, '[0]!') : encrypted, ';', 4)];
}

/** The windows that the client takes apart, of each input that it does so with. */
export function windowStatements(emission: Emission): string[] {
  return emission.inputs.flatMap(({ id, patches }) => {
    if (patches === undefined) return [];
    const { kernel, stride, padding } = patches;
    const windows = record({ kernel: list(kernel), stride: list(stride), padding: list(padding) });
    const step = emission.linearSteps.find(({ x }) => x === id)!;
    return [
      ...comment(`The windows of ${emission.name(step.to)}: the client takes them apart, so it needs no rotation.`),
      statement(`const ${windowsName(emission, id)} = `, windows, ' as const;'),
    ];
  });
}

function windowsName(emission: Emission, id: ValueId): string {
  return emission.nameOf(id, (name) => `${name} windows`);
}

/** The client's two functions. */
export function clientFunctions({ imports }: Emission): string[] {
  for (const name of ['packSlots', 'type SlotLayout', 'unpackSlots']) imports.use('toyfhe/circuits', name);
  imports.use('toyfhe/backend', 'type Ciphertext');
  return [
    '/** Client: a batch of images, a ciphertext a block of the layout. */',
    'function encrypt(layout: SlotLayout, images: readonly Float64Array[]): Ciphertext[] {',
    '  return backend.scope(() => packSlots(layout, images).map((values) => publicKey.encrypt(backend.encode(values))));',
    '}',
    '',
    '/** Client: what was computed for each image of the batch. */',
    'function decrypt(layout: SlotLayout, value: readonly Ciphertext[]): Float64Array[] {',
    '  return backend.scope(() => {',
    '    const blocks = value.map((c) => backend.decode(client.decrypt(c)));',
    '    return unpackSlots(layout, blocks);',
    '  });',
    '}',
  ];
}
