/**
 * Signature help and hover types in one line, and what the docstring says of the parameter in another.
 * @module
 */
import type { InspectReply, Signature } from '../kernel/protocol.ts';
import type { Style } from '../show/style.ts';
import { fitted, oneLine } from './fit.ts';
import { columnsOf } from './graphemes.ts';

export interface HelpText {
  readonly line: string;
  /** Empty where there is nothing to say. */
  readonly note: string;
}

/** @param columns of the line; the note may take `style.columns` */
export function helpText({ signature, type, documentation }: InspectReply, style: Style, columns: number): HelpText {
  if (signature !== undefined) {
    const note = oneLine(signature.documentation, style);
    return {
      line: signatureLine(signature, style, columns),
      note: note === '' ? '' : style.paint('dim', fitted(`   ${note}`, style.columns, style)),
    };
  }
  const first = style.paint('type', oneLine(type, style));
  const more = documentation === '' ? '' : style.paint('dim', `  ${oneLine(documentation, style)}`);
  return { line: fitted(first + more, columns, style), note: '' };
}

/** Columns before the active parameter that stay, where the line is too long to begin at its beginning. */
const KEPT = 12;

function signatureLine({ text: raw, active }: Signature, style: Style, columns: number): string {
  const text = oneLine(raw, style);
  if (active === undefined || text.length !== raw.length) return fitted(text, columns, style);
  const end = active.start + active.length;
  // Without colours the parameter needs another mark.
  const mark = style.colours === 'none' ? '*' : '';
  const tooFar = columnsOf(text.slice(0, end)) + 2 * mark.length > columns - 1;
  const from = tooFar ? Math.max(0, active.start - KEPT) : 0;
  const line =
    (from > 0 ? (style.unicode ? '…' : '...') : '') +
    text.slice(from, active.start) +
    style.paint('prompt', mark + text.slice(active.start, end) + mark) +
    text.slice(end);
  return fitted(line, columns, style);
}
