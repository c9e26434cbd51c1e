/**
 * Whether the numbers of a layout belong together.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { SlotLayout } from './slot-layout.ts';

/**
 * A layout is for one number of slots only: elsewhere, rotations by its batch would mix features.
 * @param slots of the backend; left out: only that the layout's own numbers belong together
 * @throws FheError SLOTS where something does not fit, RANGE for what is no whole number or no power of two
 */
export function checkSlotLayout(op: string, layout: SlotLayout, slots: number = layout.slots): void {
  const { batch, period, blocks, arrangement } = layout;
  checkPowers(op, { slots, batch, period });
  if (layout.slots !== slots) {
    const hint = 'make the layout for this backend';
    throw layoutError(op, 'slots of the layout', `${slots}, as many as the backend has`, layout.slots, hint);
  }
  if (period * batch > slots) {
    const hint = 'take a larger ring degree, a smaller batch or more blocks';
    throw layoutError(op, 'period × batch', `at most ${slots} slots`, `${period} × ${batch}`, hint);
  }
  checkCounts(op, arrangement);
  if (arrangement.kind === 'image') {
    const { height, width, gap, grid } = arrangement;
    if (grid[0] < height * gap || grid[1] < width * gap) {
      const hint = 'it holds height × gap rows and width × gap columns';
      throw layoutError(op, 'grid', `at least ${height * gap}×${width * gap}`, grid.join('×'), hint);
    }
  }
  const unit = arrangement.kind === 'vector' ? arrangement.perBlock : arrangement.grid[0] * arrangement.grid[1];
  if (unit > period) {
    const field = arrangement.kind === 'vector' ? 'features in a block' : 'positions of a plane';
    throw layoutError(op, field, `at most the period, ${period}`, unit, 'take a longer period or a smaller batch');
  }
  if (blocks !== blockCount(layout)) throw layoutError(op, 'blocks', String(blockCount(layout)), blocks, 'count again');
}

/**
 * Refuses what was asked for, before anything is derived from it: errors then name the number that is wrong.
 * @param counts sizes that have no default
 * @throws FheError as `checkSlotLayout`
 */
export function checkSizes(
  op: string,
  slots: number,
  batch: number,
  counts: Readonly<Record<string, Count | undefined>>,
): void {
  checkPowers(op, { slots, batch });
  if (batch > slots) throw layoutError(op, 'batch', `at most ${slots} slots`, batch, 'take a smaller batch');
  checkCounts(op, counts);
}

function checkPowers(op: string, powers: Readonly<Record<string, number>>): void {
  for (const [field, value] of Object.entries(powers)) {
    if (value >= 1 && Number.isInteger(Math.log2(value))) continue;
    throw layoutError(op, field, 'a power of two', value, 'rotations go around all slots', 'RANGE');
  }
}

type Count = number | readonly number[];

/** @param counts numbers and lists of them; what is neither (the kind of an arrangement) is passed over */
function checkCounts(op: string, counts: Readonly<Record<string, Count | string | undefined>>): void {
  for (const [field, value] of Object.entries(counts)) {
    for (const n of [value].flat()) {
      if (typeof n !== 'number' || (Number.isInteger(n) && n >= 1)) continue;
      throw layoutError(op, field, 'a whole number from 1', n, 'check the layout', 'RANGE');
    }
  }
}

/** Ciphertexts that the features take. */
export function blockCount({ arrangement, period }: Omit<SlotLayout, 'blocks'>): number {
  if (arrangement.kind === 'vector') return Math.ceil(arrangement.length / arrangement.perBlock);
  const { channels, gap, grid } = arrangement;
  return Math.ceil(Math.ceil(channels / gap ** 2) / Math.floor(period / (grid[0] * grid[1])));
}

/** The refusal of a layout, or of what does not fit it. */
export function layoutError(
  op: string,
  field: string,
  should: string,
  is: number | string,
  hint: string,
  code: 'SLOTS' | 'RANGE' = 'SLOTS',
): FheError {
  return new FheError({ code, op, field, should, is: String(is), hint });
}
