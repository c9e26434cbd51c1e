/**
 * Draws the pictures of packing.md from the library's own layouts and splits:
 * `npx node --conditions=toyfhe:source docs/draw-packing.ts` writes them to docs/img.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AffineMap,
  convolutionMap,
  denseMap,
  FEWEST_ROTATIONS,
  imageLayout,
  LinearTransform,
  placeOf,
  type SlotLayout,
  vectorLayout,
} from 'toyfhe/circuits';

/** One cell: where, filled how, with what written in it. */
interface Cell {
  readonly row: number;
  readonly column: number;
  readonly fill: string;
  readonly text?: string;
}

interface Panel {
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  readonly cells: readonly Cell[];
}

/** The pictures, by the file's name. */
export const PICTURES: Readonly<Record<string, () => string>> = {
  'multiplexing.svg': () =>
    svg(24, 2, [
      ofLayout('a channel of 8×8', imageLayout(64, { channels: 1, height: 8, width: 8 })),
      ofLayout('stride 2: 4×4, with gaps', imageLayout(64, { channels: 1, height: 4, width: 4 }, { gap: 2 })),
      ofLayout('k = 2: four channels', imageLayout(64, { channels: 4, height: 4, width: 4 }, { gap: 2 })),
      ofLayout('k = 4: 16 channels of 2×2', imageLayout(64, { channels: 16, height: 2, width: 2 }, { gap: 4 })),
    ]),
  'diagonals.svg': () => {
    const ones = (n: number): number[] => Array.from({ length: n }, () => 1);
    const image = { channels: 1, height: 4, width: 4 };
    const options = { outputChannels: 1, kernel: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1] } as const;
    const kernel = convolutionMap(image, ones(9), undefined, options);
    const [sixteen, four] = [vectorLayout(16, 16), vectorLayout(16, 4)];
    return svg(12, 3, [
      ofMap('3×3 convolution', kernel, imageLayout(16, image), imageLayout(16, image)),
      ofMap('dense 16 to 16', denseMap(ones(256), 16, 16), sixteen, sixteen),
      ofMap('dense 16 to 4', denseMap(ones(64), 4, 16), sixteen, four),
    ]);
  },
};

/** Hues as far apart as n of them can be; all fills are light enough for dark text and strong enough for a dark page. */
function colour(index: number, count: number, lightness: number = 72): string {
  return `hsl(${Math.round((360 * index) / count)}, 65%, ${lightness}%)`;
}

/** The first plane of an image: hue is the channel, the text row and column of the pixel. */
function ofLayout(title: string, layout: SlotLayout): Panel {
  const { arrangement } = layout;
  if (arrangement.kind !== 'image') throw new Error('only images are drawn so'); // this file makes no other
  const { height, width, channels, grid } = arrangement;
  const { position } = placeOf(layout);
  const cells = [...position].map((p, f): Cell => {
    const [row, column] = [Math.floor(p / grid[1]), p % grid[1]];
    const pixel = f % (height * width);
    const text = `${Math.floor(pixel / width)},${pixel % width}`;
    return { row, column, fill: colour(Math.floor(f / (height * width)), channels), text };
  });
  return { title, rows: grid[0], columns: grid[1], cells };
}

/**
 * The matrix of a map, row r and column c being positions: hue is the giant step of its diagonal, depth of colour the baby
 * step. What a fold adds has the colour of the diagonal that it comes from.
 */
function ofMap(title: string, map: AffineMap, from: SlotLayout, to: SlotLayout): Panel {
  const { split, rotationCount } = new LinearTransform(map, from, to, { costs: FEWEST_ROTATIONS });
  const { babies, giants, folds, modulus } = split;
  const [rows, columns] = [placeOf(to).position, placeOf(from).position];
  const cells: Cell[] = [];
  for (let r = 0; r < map.outputs; r++) {
    for (let e = map.starts[r]!; e < map.starts[r + 1]!; e++) {
      const column = columns[map.columns[e]!]!;
      const k = rows[r]! - column;
      const giant = giants.findIndex((g) => babies.some((b) => (k - g - b) % modulus === 0));
      const baby = babies.findIndex((b) => (k - giants[giant]! - b) % modulus === 0);
      const lightness = 82 - (40 * baby) / Math.max(1, babies.length - 1);
      cells.push({ row: rows[r]!, column, fill: colour(giant, giants.length, Math.round(lightness)) });
    }
  }
  const folded = folds.length === 0 ? '' : ` with ${folds.length} folds`;
  return { title: `${title}: ${rotationCount} rotations${folded}`, rows: 16, columns: 16, cells };
}

const MARGIN = 16;
/** Above a panel, for its title. */
const TITLE = 20;

/** @param size of a cell @param across panels beside each other */
function svg(size: number, across: number, panels: readonly Panel[]): string {
  const width = Math.max(...panels.map(({ columns, title }) => Math.max(columns * size, title.length * 6.5)));
  const height = Math.max(...panels.map(({ rows }) => rows * size)) + TITLE;
  const parts = panels.map((panel, i) => {
    const x = MARGIN + (i % across) * (width + 2 * MARGIN);
    const y = MARGIN + Math.floor(i / across) * (height + MARGIN);
    return `<g transform="translate(${x} ${y})">\n${panelParts(panel, size)}\n</g>`;
  });
  const whole = [
    Math.ceil(across * (width + 2 * MARGIN)),
    Math.ceil(panels.length / across) * (height + MARGIN) + MARGIN,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole.join(' ')}" width="${whole[0]}" height="${whole[1]}" font-family="sans-serif">`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function panelParts({ title, rows, columns, cells }: Panel, size: number): string {
  const [width, height] = [columns * size, rows * size];
  const lines = [
    ...Array.from({ length: rows + 1 }, (_, i) => `M0 ${i * size}h${width}`),
    ...Array.from({ length: columns + 1 }, (_, i) => `M${i * size} 0v${height}`),
  ];
  const place = ({ row, column }: Cell): string => `x="${column * size}" y="${row * size}"`;
  const label = ({ row, column, text }: Cell): string =>
    `<text x="${(column + 0.5) * size}" y="${(row + 0.5) * size + 3.5}">${text}</text>`; // 3.5: a third of the font size
  return [
    // Grey of middle lightness: it is seen on white and on black.
    `<text y="13" font-size="12" fill="#888">${title}</text>`,
    `<g transform="translate(0 ${TITLE})" font-size="10" text-anchor="middle">`,
    ...cells.map((cell) => `<rect ${place(cell)} width="${size}" height="${size}" fill="${cell.fill}"/>`),
    ...cells.filter(({ text }) => text !== undefined).map(label),
    `<path d="${lines.join('')}" stroke="#888" stroke-width="0.5"/>`,
    '</g>',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'img');
  mkdirSync(folder, { recursive: true });
  for (const [name, draw] of Object.entries(PICTURES)) writeFileSync(join(folder, name), draw());
}
