/**
 * From lines to grey pixels.
 * @module
 */
import type { Point } from './strokes.ts';

/**
 * Draws lines with a round pen: a pixel is 1 up to half a pixel inside the pen's edge, 0 from half a pixel outside it
 * on, and between them falls off evenly: what a pixel partly covered looks like. Pixel (row, column) is centred at
 * x = column + ½, y = row + ½.
 * @param paths points joined by straight lines, in pixels
 * @param radius half of the line's width, in pixels
 * @param out rows × columns pixels, overwritten
 */
export function drawPaths(
  paths: readonly (readonly Point[])[],
  radius: number,
  rows: number,
  columns: number,
  out: Float32Array,
): void {
  out.fill(0);
  const reach = radius + 0.5;
  for (const path of paths) {
    for (let i = 0; i + 1 < path.length; i++) {
      const [ax, ay] = path[i]!;
      const [bx, by] = path[i + 1]!;
      const top = Math.max(0, Math.floor(Math.min(ay, by) - reach));
      const bottom = Math.min(rows - 1, Math.ceil(Math.max(ay, by) + reach));
      const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
      const right = Math.min(columns - 1, Math.ceil(Math.max(ax, bx) + reach));
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
          const ink = reach - distance(column + 0.5, row + 0.5, ax, ay, bx, by);
          const at = row * columns + column;
          if (ink > out[at]!) out[at] = Math.min(1, ink);
        }
      }
    }
  }
}

/** From the point (x, y) to the nearest point of the line from a to b. */
function distance(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** The centre of mass of the ink, in pixels: [x, y]; the middle where there is no ink. */
export function centreOfMass(image: Float32Array, rows: number, columns: number): Point {
  let [mass, x, y] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const ink = image[row * columns + column]!;
      mass += ink;
      x += ink * (column + 0.5);
      y += ink * (row + 0.5);
    }
  }
  return mass === 0 ? [columns / 2, rows / 2] : [x / mass, y / mass];
}
