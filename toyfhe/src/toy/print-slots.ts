/**
 * Vectors print with a header and one slot a line, as in the article.
 * @module
 */

/** `1.0 - 2.5e-16im`. */
export function formatComplex(re: number, im: number): string {
  const negative = im < 0 || Object.is(im, -0);
  return `${formatReal(re)} ${negative ? '-' : '+'} ${formatReal(Math.abs(im))}im`;
}

/** As few digits as name the double, with a point: `1.0`, `0.9999999999995506`, `2.5e-16`. */
function formatReal(x: number): string {
  if (Object.is(x, -0)) return '-0.0';
  const text = String(x).replace('e+', 'e');
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

const SHOWN = 32; // more slots than this are elided in the middle

/** `8-element NAME with indices 0:7:` and the entries, aligned at the sign between real and imaginary part. */
export function formatSlots(name: string, entries: readonly string[]): string {
  const head = `${entries.length}-element ${name} with indices 0:${entries.length - 1}:`;
  const split = entries.map((entry): [string, string] => {
    const gap = entry.indexOf(' ');
    return gap < 0 ? [entry, ''] : [entry.slice(0, gap), entry.slice(gap)];
  });
  const width = Math.max(...split.map(([first]) => first.length));
  const lines = split.map(([first, rest]) => ` ${first.padStart(width)}${rest}`);
  const shown = lines.length > SHOWN ? [...lines.slice(0, SHOWN / 2), ' ⋮', ...lines.slice(-SHOWN / 2)] : lines;
  return [head, ...shown].join('\n');
}
