import { FheError } from '../backend/index.ts';
import type { SlotLayout } from './slot-layout.ts';

/** The error of a linear map whose weights all encode to zero: its result would be readable without a key. */
export function zeroWeights(
  op: string,
  what: string,
  hint = 'leave the product out: its result is known in the clear',
): FheError {
  return new FheError({
    code: 'TRANSPARENT',
    op,
    field: `weights of ${what}`,
    should: 'not all zero',
    is: 'zero',
    hint,
  });
}

/** The same for a block of output, as it comes of a channel that training has left dead. */
export function zeroBlock(op: string, to: SlotLayout, block: number): FheError {
  const { arrangement, period } = to;
  const within = (perBlock: number, all: number): string => {
    const [first, last] = [block * perBlock, Math.min((block + 1) * perBlock, all) - 1];
    return first === last ? ` ${first}` : `s ${first} to ${last}`;
  };
  let held: string;
  if (arrangement.kind === 'image') {
    const { grid, gap, channels } = arrangement;
    const planes = Math.floor(period / (grid[0] * grid[1]));
    held = `channel${within(planes * gap ** 2, channels)}, which it holds,`;
  } else {
    held = `the channel of feature${within(arrangement.perBlock, arrangement.length)}, which it holds,`;
  }
  return zeroWeights(op, `output block ${block}`, `remove ${held} from the model: its outputs are known in the clear`);
}
