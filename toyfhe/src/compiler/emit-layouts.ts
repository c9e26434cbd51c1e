/**
 * Layouts as a person would write them: the function that makes them, with the options that matter.
 * @module
 */
import {
  type ImageLayoutOptions,
  imageLayout,
  type SlotLayout,
  type VectorLayoutOptions,
  vectorLayout,
} from '../circuits/index.ts';
import { sameLayout } from '../nn/index.ts';
import type { Emission } from './emission.ts';
import { call, type Code, type Entry, list, record } from './emit-code.ts';
import { number } from './emit-text.ts';
import { valueOf } from './plan-access.ts';
import type { ValueId } from './program.ts';

/** The record `layouts`: inputs, and what matrices give. */
export function layoutsCode(emission: Emission): Code {
  const ids = [...emission.inputs.map(({ id }) => id), ...emission.linearSteps.map(({ to }) => to)];
  const entries = ids.map((id): Entry => {
    const { layout, name, shape } = valueOf(emission.plan, id);
    const blocks = layout.blocks === 1 ? 'one ciphertext' : `${layout.blocks} ciphertexts`;
    return {
      key: emission.name(id),
      value: layoutCode(emission, layout),
      comment: `${name}, ${shape.join('×')}: ${blocks}`,
    };
  });
  return { kind: 'record', entries };
}

/** `layouts.conv`. */
export function layoutName(emission: Emission, id: ValueId): string {
  return `layouts.${emission.name(emission.layoutOwner(id))}`;
}

/** @throws Error for a layout that neither function makes */
function layoutCode({ imports, plan }: Emission, layout: SlotLayout): Code {
  const { arrangement, period, batch, slots } = layout;
  const side = batch === 1 ? {} : { batch };
  const shared = batch === 1 ? {} : { batch: batch === plan.batch ? 'batch' : number(batch) };
  if (arrangement.kind === 'vector') {
    const { length, perBlock } = arrangement;
    const least: VectorLayoutOptions = layout.blocks === 1 ? side : { ...side, perBlock };
    const options = [least, { ...least, perBlock }, { ...least, period }, { ...least, perBlock, period }];
    const found = options.find((o) => made(layout, () => vectorLayout(slots, length, o)));
    if (found === undefined) throw unknownLayout(layout);
    const code = {
      ...shared,
      perBlock: found.perBlock === undefined ? undefined : number(perBlock),
      period: found.period === undefined ? undefined : number(period),
    };
    return call(imports.use('toyfhe/circuits', 'vectorLayout'), 'slots', number(length), optional(code));
  }
  const { channels, height, width, grid } = arrangement;
  const shape = { channels, height, width };
  const gap = arrangement.gap === 1 ? {} : { gap: arrangement.gap };
  const least = { ...side, ...gap };
  const options: ImageLayoutOptions[] = [least, { ...least, grid }, { ...least, period }, { ...least, grid, period }];
  const found = options.find((o) => made(layout, () => imageLayout(slots, shape, o)));
  if (found === undefined) throw unknownLayout(layout);
  const code = {
    ...shared,
    gap: found.gap === undefined ? undefined : number(found.gap),
    grid: found.grid === undefined ? undefined : list(grid),
    period: found.period === undefined ? undefined : number(period),
  };
  const size = record({ channels: number(channels), height: number(height), width: number(width) });
  return call(imports.use('toyfhe/circuits', 'imageLayout'), 'slots', size, optional(code));
}

/** Nothing at all where there is no option. */
function optional(fields: Readonly<Record<string, Code | undefined>>): Code | undefined {
  return Object.values(fields).some((value) => value !== undefined) ? record(fields) : undefined;
}

function made(layout: SlotLayout, make: () => SlotLayout): boolean {
  try {
    return sameLayout(make(), layout);
  } catch {
    return false; // options that are refused make no layout; the next ones are tried
  }
}

function unknownLayout(layout: SlotLayout): Error {
  return new Error(`neither vectorLayout nor imageLayout makes ${JSON.stringify(layout)}`); // plans hold no others
}
