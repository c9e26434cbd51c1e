/**
 * A small text picture of a layout: which feature lies where.
 * @module
 */
import { placeOf, type SlotLayout } from './slot-layout.ts';

/** Rows and columns that are drawn of a grid, or positions of a vector, before the rest is left out. */
const MOST = 8;

/**
 * The first positions of each block: feature numbers for a vector; for an image, plane by plane, `channel:row,column` at its
 * place in the grid. A dot is a position without a feature, and `…` stands for what is left out.
 */
export function drawLayout(layout: SlotLayout): string {
  const { slots, batch, period, blocks, arrangement } = layout;
  const copies = slots / (period * batch);
  const times = (n: number, one: string, many: string = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
  const factors = [times(copies, 'copy', 'copies'), times(period, 'position'), times(batch, 'image')].join(' × ');
  const title = `${slots} slots = ${factors}; ${times(blocks, 'block')}`;
  const place = placeOf(layout);
  const featureAt = new Map<string, number>();
  place.position.forEach((position, f) => featureAt.set(`${place.block[f]} ${position}`, f));
  const cell = (block: number, position: number): string => {
    const f = featureAt.get(`${block} ${position}`);
    if (f === undefined) return '·';
    if (arrangement.kind === 'vector') return String(f);
    const { height, width } = arrangement;
    return `${Math.floor(f / (height * width))}:${Math.floor(f / width) % height},${f % width}`;
  };
  const plane = arrangement.kind === 'vector' ? [1, period] : arrangement.grid;
  const [rows, columns] = [plane[0]!, plane[1]!];
  const lines = [title];
  const planes = Math.floor(period / (rows * columns));
  // Planes that hold no channel are not drawn.
  const filled = new Set(place.position.map((p, f) => place.block[f]! * planes + Math.floor(p / (rows * columns))));
  for (const at of [...filled].sort((a, b) => a - b)) {
    const block = Math.floor(at / planes);
    const first = (at % planes) * rows * columns;
    lines.push(
      arrangement.kind === 'vector' ? `block ${block}` : `block ${block}, plane ${at % planes}, from position ${first}`,
    );
    const cells = Array.from({ length: Math.min(rows, MOST) }, (_, y) =>
      Array.from({ length: Math.min(columns, MOST) }, (_, x) => cell(block, first + y * columns + x)),
    );
    const wide = Math.max(...cells.flat().map((text) => text.length));
    for (const row of cells) {
      lines.push(`  ${row.map((text) => text.padStart(wide)).join(' ')}${columns > MOST ? ' …' : ''}`);
    }
    if (rows > MOST) lines.push('  …');
  }
  return lines.join('\n');
}
