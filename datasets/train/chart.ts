/**
 * A curve drawn with characters.
 * @module
 */

const BARS = '▁▂▃▄▅▆▇█';

/**
 * A chart of one value per column, `height` lines high, on a logarithmic axis: losses fall by factors.
 * @param values positive numbers
 * @returns lines, the top one first, with the axis's ends at the left
 */
export function chart(title: string, values: readonly number[], height = 6): string {
  const low = Math.log(Math.min(...values));
  const high = Math.log(Math.max(...values));
  const span = high - low || 1;
  // Each column is as tall as its value; the lowest still shows one eighth of a line.
  const eighths = values.map((value) => 1 + Math.round(((Math.log(value) - low) / span) * (8 * height - 1)));
  const lines = Array.from({ length: height }, (_, line) => {
    const base = 8 * (height - 1 - line);
    const cells = eighths.map((n) => (n <= base ? ' ' : BARS[Math.min(8, n - base) - 1]!));
    const label = line === 0 ? Math.exp(high) : line === height - 1 ? Math.exp(low) : undefined;
    return `${(label?.toPrecision(3) ?? '').padStart(8)} ┤${cells.map((c) => c + c).join('')}`;
  });
  return [title, ...lines, `${' '.repeat(9)}└${'──'.repeat(values.length)} epoch ${values.length}`].join('\n');
}
