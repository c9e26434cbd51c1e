/**
 * Grey images in a terminal: two pixels a character, side by side, with a line of text under each.
 * @module
 */

export interface Drawn {
  /** rows × columns values from 0 to 1. */
  readonly pixels: ArrayLike<number>;
  readonly caption: string;
  /** Drawn in red. */
  readonly wrong: boolean;
}

export interface DrawOptions {
  /** Pixels on a side, even. */
  readonly size: number;
  /** Characters across. */
  readonly width: number;
  readonly colour: boolean;
}

/** Draws images in rows, at half their resolution: a 28×28 image takes 14 columns and 7 lines. */
export function drawDigits(images: readonly Drawn[], { size, width, colour }: DrawOptions): string {
  const cells = size / 2;
  const perRow = Math.max(1, Math.floor((width + 2) / (cells + 2)));
  const lines: string[] = [];
  for (let start = 0; start < images.length; start += perRow) {
    const row = images.slice(start, start + perRow);
    const blocks = row.map((image) => drawOne(image, size, colour));
    for (let y = 0; y < blocks[0]!.length; y++)
      lines.push(
        blocks
          .map((block) => block[y])
          .join('  ')
          .trimEnd(),
      );
    lines.push('');
  }
  return lines.join('\n');
}

/** One image and its caption, each line `size / 2` characters wide. */
function drawOne({ pixels, caption, wrong }: Drawn, size: number, colour: boolean): string[] {
  const cells = size / 2;
  // The mean of 2×2 pixels.
  const at = (y: number, x: number): number => {
    const i = 2 * y * size + 2 * x;
    return (pixels[i]! + pixels[i + 1]! + pixels[i + size]! + pixels[i + size + 1]!) / 4;
  };
  const lines: string[] = [];
  for (let y = 0; y + 1 < cells; y += 2) {
    let line = '';
    for (let x = 0; x < cells; x++)
      line += colour ? halfBlock(at(y, x), at(y + 1, x), wrong) : ink(at(y, x), at(y + 1, x));
    lines.push(colour ? `${line}\x1b[0m` : line);
  }
  // A mark beside the colour: red alone is lost on some eyes and in every log file.
  const text = `${caption}${wrong ? ' ✗' : ''}`.padEnd(cells);
  lines.push(colour && wrong ? `\x1b[31m${text}\x1b[0m` : text);
  return lines;
}

/** Upper half in the foreground colour, lower half in the background's. */
function halfBlock(upper: number, lower: number, red: boolean): string {
  return `\x1b[38;5;${shade(upper, red)};48;5;${shade(lower, red)}m▀`;
}

/** The 256-colour palette: greys 232…255, and the cube's reds 16 + 36·r, r = 0…5. */
function shade(value: number, red: boolean): number {
  const v = Math.min(1, Math.max(0, value));
  return red ? 16 + 36 * Math.round(5 * v) : 232 + Math.round(23 * v);
}

/** Black on white at a threshold: where strokes of both data sets come out about two pixels wide. */
const INK = 0.35;

function ink(upper: number, lower: number): string {
  if (upper > INK) return lower > INK ? '█' : '▀';
  return lower > INK ? '▄' : ' ';
}
