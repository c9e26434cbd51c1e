/**
 * The scale of colours that suits numbers.
 * @module
 */

/**
 * For a trace of type heatmap. Where some are negative: symmetric about zero, blue, grey, red. Else from the least to the
 * greatest, dark to bright, in steps that also colour-blind eyes see as equal.
 * @param values what is null is unknown
 */
export function heatColours(values: readonly (number | null)[]): {
  readonly colorscale: string;
  readonly zmin: number;
  readonly zmax: number;
} {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) [least, most] = [0, 0];
  if (least >= 0) return { colorscale: 'Viridis', zmin: least, zmax: most };
  const furthest = Math.max(-least, most);
  return { colorscale: 'RdBu', zmin: -furthest, zmax: furthest };
}
