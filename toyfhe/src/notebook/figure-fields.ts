/**
 * Plotly's figures are JSON that anybody may have made: what is read of them is checked here.
 * @module
 */

export type Fields = Readonly<Record<string, unknown>>;

/** An object, or nothing in it. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Undefined for what is no finite number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Titles are text, or objects with a text, in one line; plotly's tags such as <br> are taken out. */
export function titleOf(value: unknown): string {
  const text = textOf(value) || textOf(fieldsOf(value)['text']);
  return text
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<\/?(b|i|em|strong|s|u|sub|sup|span|a)(\s[^<>]*)?>/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
}
