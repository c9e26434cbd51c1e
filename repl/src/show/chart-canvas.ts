/**
 * A grid of characters to draw on, with eight dots in each where the terminal knows Braille.
 * @module
 */
import type { Role, Style } from './style.ts';

/** Of a character's dots: the bit of each, by row and column (Unicode, Braille Patterns). */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];
const BRAILLE = 0x2800;

interface Cell {
  readonly text: string;
  readonly role: Role;
  readonly dots: number;
}

/** Columns count from the left, rows from above; what lies outside is not drawn. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #cells: (Cell | undefined)[];
  readonly #style: Style;

  constructor(width: number, height: number, style: Style) {
    this.width = width;
    this.height = height;
    this.#style = style;
    this.#cells = new Array<Cell | undefined>(width * height).fill(undefined);
  }

  /** One character in a cell. */
  put(column: number, row: number, text: string, role: Role): void {
    if (this.#inside(column, row)) this.#cells[row * this.width + column] = { text, role, dots: 0 };
  }

  /**
   * A line between two points in units of cells: the middle of the first cell is (0, 0).
   * @param glyph drawn in each cell on the way; undefined: in dots
   */
  line(from: readonly [number, number], to: readonly [number, number], role: Role, glyph?: string): void {
    const [fine, finer] = glyph === undefined ? [2, 4] : [1, 1];
    const [x0, y0, x1, y1] = [
      this.#near(from[0], this.width) * fine,
      this.#near(from[1], this.height) * finer,
      this.#near(to[0], this.width) * fine,
      this.#near(to[1], this.height) * finer,
    ];
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let i = 0; i <= steps; i++) {
      const [x, y] = [x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps];
      if (glyph === undefined) this.#dot(Math.floor(x + 1), Math.floor(y + 2), role);
      else this.put(Math.round(x), Math.round(y), glyph, role);
    }
  }

  /** The cells of a row, each one character with its colours. */
  row(y: number): readonly string[] {
    return Array.from({ length: this.width }, (_, x) => {
      const cell = this.#cells[y * this.width + x];
      return cell === undefined ? ' ' : this.#style.paint(cell.role, cell.text);
    });
  }

  #dot(x: number, y: number, role: Role): void {
    const [column, row] = [Math.floor(x / 2), Math.floor(y / 4)];
    if (!this.#inside(column, row)) return;
    const index = row * this.width + column;
    const dots = (this.#cells[index]?.dots ?? 0) | DOTS[y % 4]![x % 2]!;
    this.#cells[index] = { text: String.fromCharCode(BRAILLE + dots), role, dots };
  }

  #inside(column: number, row: number): boolean {
    return column >= 0 && column < this.width && row >= 0 && row < this.height;
  }

  /** A point far outside comes nearer, so that a line to it takes no longer. */
  #near(at: number, size: number): number {
    return Math.min(2 * size, Math.max(-size, at));
  }
}
