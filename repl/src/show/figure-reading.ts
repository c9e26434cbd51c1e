/**
 * Plotly's figures are JSON from anywhere: what is read of them is checked here.
 * @module
 */

export type Fields = Readonly<Record<string, unknown>>;

/** Layouts nest without end: an object, or nothing in it. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A number, also one written as text; undefined for what is none, or not finite. */
export function numberOf(value: unknown): number | undefined {
  const n =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(n) ? n : undefined;
}

/** Titles are text, or objects with a text; their HTML is taken out. */
export function titleOf(value: unknown): string {
  const text = typeof value === 'string' ? value : textOf(fieldsOf(value)['text']);
  return text
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('\n', ' ')
    .trim();
}
