/**
 * The primes of a modulus chain as a ladder: what is left of it, and what rescaling has used up.
 * @module
 */
import type { Style } from './style.ts';

/** So many primes have a rung each; more stand side by side. */
const MOST_RUNGS = 8;

/**
 * One rung a prime, the last one on top, where rescaling takes away; long chains as rows of bits from q₀ on.
 * @param bits log₂ of q₀, q₁, …
 * @param level the primes up to q_level are left
 */
export function ladderLines(bits: readonly number[], level: number, style: Style): readonly string[] {
  return bits.length <= MOST_RUNGS ? rungs(bits, level, style) : rows(bits, level, style);
}

function rungs(bits: readonly number[], level: number, style: Style): readonly string[] {
  const widest = Math.max(...bits);
  const room = Math.max(1, Math.min(20, style.columns - 20));
  return bits
    .map((b, i) => {
      const width = Math.max(1, Math.round((room * b) / widest));
      const text = `${primeName(i, style)} ${bar(i <= level, style)
        .repeat(width)
        .padEnd(room)} ${String(Math.round(b)).padStart(2)}`;
      return i > level
        ? style.paint('dim', `${text} used`)
        : colourBar(text, style) + (i === level ? here(i, style) : '');
    })
    .reverse();
}

function rows(bits: readonly number[], level: number, style: Style): readonly string[] {
  const cells = bits.map((b, i) => {
    const text = `${bar(i <= level, style)}${Math.round(b)}`;
    return { width: text.length + 1, text: i > level ? style.paint('dim', text) : colourBar(text, style) };
  });
  const label = primeName(bits.length - 1, style).length;
  const perRow = Math.max(1, Math.floor((style.columns - label) / Math.max(...cells.map(({ width }) => width))));
  return Array.from({ length: Math.ceil(bits.length / perRow) }, (_, row) => {
    const from = row * perRow;
    const shown = cells.slice(from, from + perRow).map(({ text }) => text);
    return `${primeName(from, style).padEnd(label)} ${shown.join(' ')}`;
  });
}

function bar(left: boolean, style: Style): string {
  return style.unicode ? (left ? '█' : '░') : left ? '#' : '.';
}

/** The filled part in the colour of what is good. */
function colourBar(text: string, style: Style): string {
  return text.replace(/[█#]+/, (filled) => style.paint('good', filled));
}

function here(level: number, style: Style): string {
  return style.paint('bold', ` ${style.unicode ? '←' : '<-'} level ${level}`);
}

function primeName(i: number, { unicode }: Style): string {
  return unicode ? `q${String(i).replace(/\d/g, (d) => '₀₁₂₃₄₅₆₇₈₉'[Number(d)]!)}` : `q${i}`;
}
