/**
 * Red, green and blue as terminals take them: exactly, or as the nearest of the 256 colours.
 * @module
 */

/** Red, green and blue. */
export type Rgb = readonly [number, number, number];

/** The six steps of the palette's 6×6×6 cube, entries 16 to 231. */
const CUBE = [0, 95, 135, 175, 215, 255];

/** The entry of the 256-colour palette nearest to a colour of 0 to 255: of its cube (16 to 231) or its greys (232 to 255). */
export function nearestOf256([r, g, b]: Rgb): number {
  const [i, j, k] = [cubeStep(r), cubeStep(g), cubeStep(b)];
  const grey = Math.min(23, Math.max(0, Math.round(((r + g + b) / 3 - 8) / 10)));
  const level = 8 + 10 * grey;
  const inCube = distance([r, g, b], [CUBE[i]!, CUBE[j]!, CUBE[k]!]);
  return distance([r, g, b], [level, level, level]) < inCube ? 232 + grey : 16 + 36 * i + 6 * j + k;
}

/** What a palette entry from 16 to 255 looks like. */
export function rgbOf256(index: number): Rgb {
  if (index >= 232) return [8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)];
  const cube = index - 16;
  return [CUBE[Math.floor(cube / 36)]!, CUBE[Math.floor(cube / 6) % 6]!, CUBE[cube % 6]!];
}

/** The parameters of the escape code that sets the foreground (`38;…`) or the background (`48;…`). */
export function colourCode(layer: 38 | 48, rgb: Rgb, colours: '256' | 'true'): string {
  return colours === 'true' ? `${layer};2;${rgb.join(';')}` : `${layer};5;${nearestOf256(rgb)}`;
}

function cubeStep(value: number): number {
  // Half-way between the steps: 47.5, 115, 155, 195, 235.
  return value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.floor((value - 35) / 40));
}

function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}
