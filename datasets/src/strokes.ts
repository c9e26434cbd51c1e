/**
 * How digits are written: each as strokes of a pen, each stroke as a few points that a smooth curve runs through.
 * @module
 */

/** A point; x to the right, y down. */
export type Point = readonly [x: number, y: number];

/** Points along one stroke. `sharp` strokes go straight from point to point, the others in a curve. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly sharp?: boolean;
}

const closed = (...points: Point[]): Stroke => ({ points: [...points, points[0]!] });
const curve = (...points: Point[]): Stroke => ({ points });
const lines = (...points: Point[]): Stroke => ({ points, sharp: true });

/** For each digit some ways to write it, in a box one high and about 0.7 wide. */
export const DIGITS: readonly (readonly (readonly Stroke[])[])[] = [
  [
    [closed([0.36, 0], [0.1, 0.2], [0, 0.55], [0.12, 0.9], [0.36, 1], [0.6, 0.85], [0.7, 0.45], [0.58, 0.12])],
    [curve([0.45, 0.02], [0.15, 0.15], [0, 0.55], [0.15, 0.95], [0.45, 0.95], [0.68, 0.55], [0.6, 0.15], [0.38, 0.03])],
  ],
  [[lines([0.3, 0], [0.28, 0.5], [0.26, 1])], [curve([0.32, 0], [0.3, 0.35], [0.27, 0.7], [0.26, 1])]],
  [
    [
      curve([0.03, 0.22], [0.25, 0.02], [0.55, 0.1], [0.58, 0.38], [0.35, 0.7], [0.03, 0.97]),
      lines([0.03, 0.97], [0.7, 0.95]),
    ],
    [
      curve(
        [0.05, 0.2],
        [0.3, 0],
        [0.58, 0.15],
        [0.5, 0.5],
        [0.25, 0.85],
        [0.06, 0.96],
        [0.04, 0.8],
        [0.2, 0.74],
        [0.45, 0.9],
        [0.75, 0.9],
      ),
    ],
  ],
  [
    [
      curve([0.05, 0.12], [0.3, 0], [0.55, 0.1], [0.55, 0.32], [0.25, 0.48]),
      curve([0.25, 0.48], [0.58, 0.55], [0.64, 0.8], [0.38, 0.99], [0, 0.9]),
    ],
    [
      lines([0.05, 0.04], [0.58, 0.03], [0.28, 0.4]),
      curve([0.28, 0.4], [0.58, 0.5], [0.64, 0.76], [0.4, 0.98], [0.02, 0.92]),
    ],
  ],
  [
    [
      curve([0.08, 0.03], [0.02, 0.3], [0.05, 0.5], [0.3, 0.52], [0.6, 0.44]),
      curve([0.6, 0.02], [0.58, 0.5], [0.53, 1]),
    ],
    [lines([0.12, 0], [0.02, 0.52], [0.62, 0.46]), lines([0.58, 0.08], [0.5, 1])],
  ],
  [
    [
      lines([0.66, 0.02], [0.18, 0.05], [0.12, 0.42]),
      curve([0.12, 0.42], [0.4, 0.4], [0.62, 0.58], [0.55, 0.88], [0.28, 1], [0, 0.9]),
    ],
    [curve([0.7, 0], [0.3, 0.06], [0.18, 0.3], [0.42, 0.48], [0.56, 0.7], [0.4, 0.96], [0.05, 0.96])],
  ],
  [
    [
      curve(
        [0.5, 0],
        [0.2, 0.25],
        [0.02, 0.62],
        [0.12, 0.94],
        [0.4, 0.98],
        [0.56, 0.76],
        [0.4, 0.58],
        [0.15, 0.66],
        [0.08, 0.8],
      ),
    ],
    [curve([0.35, 0], [0.12, 0.3], [0.04, 0.7], [0.25, 1], [0.55, 0.88], [0.5, 0.64], [0.25, 0.62], [0.08, 0.82])],
  ],
  [
    [lines([0, 0.08], [0.62, 0.04], [0.24, 1])],
    [curve([0, 0.14], [0.08, 0.05], [0.4, 0.06], [0.62, 0.06], [0.5, 0.4], [0.34, 0.7], [0.28, 1])],
    [lines([0, 0.06], [0.62, 0.04], [0.26, 1]), lines([0.14, 0.5], [0.58, 0.48])],
  ],
  [
    [
      curve(
        [0.56, 0.1],
        [0.3, 0],
        [0.1, 0.16],
        [0.25, 0.42],
        [0.5, 0.62],
        [0.52, 0.88],
        [0.28, 1],
        [0.08, 0.86],
        [0.2, 0.6],
        [0.48, 0.4],
        [0.6, 0.16],
        [0.5, 0.06],
      ),
    ],
    [
      closed([0.34, 0], [0.12, 0.12], [0.14, 0.36], [0.34, 0.46], [0.54, 0.36], [0.56, 0.12]),
      closed([0.34, 0.46], [0.1, 0.62], [0.1, 0.88], [0.32, 1], [0.56, 0.88], [0.56, 0.62]),
    ],
  ],
  [
    [
      closed([0.34, 0], [0.08, 0.12], [0.04, 0.36], [0.28, 0.46], [0.52, 0.32], [0.55, 0.1]),
      curve([0.55, 0.1], [0.52, 0.5], [0.46, 1]),
    ],
    [curve([0.55, 0.1], [0.3, 0], [0.06, 0.2], [0.12, 0.44], [0.38, 0.42], [0.56, 0.12], [0.54, 0.5], [0.4, 0.98])],
  ],
];

/** Steps per piece between two points: at 20 pixels a digit, finer than a pixel. */
const STEPS = 8;

/** The points along a stroke, close enough to join by straight lines: a Catmull–Rom curve (1974) through its points. */
export function trace({ points, sharp = false }: Stroke): Point[] {
  if (sharp) return [...points];
  const last = points.length - 1;
  const loop = points[0] === points[last];
  // Before the first and after the last point a closed curve goes on round, an open one stops.
  const before = points[loop ? last - 1 : 0]!;
  const after = points[loop ? 1 : last]!;
  const traced: Point[] = [points[0]!];
  for (let i = 0; i < last; i++) {
    const p = [points[i - 1] ?? before, points[i]!, points[i + 1]!, points[i + 2] ?? after] as const;
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      traced.push(
        [0, 1].map((axis) =>
          catmullRom(
            p.map((q) => q[axis]!),
            t,
          ),
        ) as unknown as Point,
      );
    }
  }
  return traced;
}

/** The curve through p₁ (t = 0) and p₂ (t = 1) whose tangents there are (p₂ − p₀)/2 and (p₃ − p₁)/2. */
function catmullRom([p0, p1, p2, p3]: readonly number[], t: number): number {
  const [a, b, c, d] = [p0!, p1!, p2!, p3!];
  return b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
