/**
 * Text from elsewhere made harmless: control characters are seen instead of obeyed.
 * @module
 */
import stringWidth from 'string-width';

export interface CleanOptions {
  /** Whether colours in the text stay; false: they are taken out. */
  readonly colours?: boolean;
  /** false: `^[` in place of `␛`. */
  readonly unicode?: boolean;
}

/* eslint-disable no-control-regex -- control characters are what this file is about */
/** C0 without newline, DEL, C1; what turns the direction of text or cannot be seen; halves of characters. */
const UNSEEN = /[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Surrogate}]/gu;
const COLOUR = /\x1b\[[0-9;:]*m/g;
/** Other escape sequences: CSI; strings (OSC, DCS, …) up to their end; and those of two or three characters. */
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-OQ-WYZ\\`-~=>])/g;
/* eslint-enable no-control-regex */

/** Two spaces: code is not laid out by tab stops. */
const TAB = '  ';
/** Columns between the tab stops of output, as in terminals. */
const STOP = 8;

/**
 * All control characters become visible, except newlines; tabs become two spaces. Text in pieces gives the same as in one.
 */
export function cleanText(text: string, { unicode = true }: Pick<CleanOptions, 'unicode'> = {}): string {
  return text.replace(UNSEEN, (character) => visible(character, unicode));
}

/**
 * Of a program's output: colours stay, other escape sequences vanish, a carriage return begins the line anew, tabs go to
 * the next stop, and what controls are left become visible.
 */
export function cleanOutput(text: string, { colours = true, unicode = true }: CleanOptions = {}): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  return lines.map((line) => cleanLine(line, colours, unicode)).join('\n');
}

function cleanLine(line: string, colours: boolean, unicode: boolean): string {
  const seen = line.includes('\r') ? afterReturns(line) : line;
  const kept: string[] = [];
  let from = 0;
  for (const match of seen.matchAll(COLOUR)) {
    kept.push(cleanPiece(seen.slice(from, match.index), unicode), colours ? match[0] : '');
    from = match.index + match[0].length;
  }
  kept.push(cleanPiece(seen.slice(from), unicode));
  return toStops(kept.join(''));
}

function cleanPiece(piece: string, unicode: boolean): string {
  return piece
    .replace(SEQUENCE, '')
    .replace(UNSEEN, (character) => (character === '\t' ? '\t' : visible(character, unicode)));
}

/** What a terminal would show last: progress bars draw a line again and again. */
function afterReturns(line: string): string {
  return line.split('\r').findLast((part) => part !== '') ?? '';
}

function toStops(line: string): string {
  const parts = line.split('\t');
  const last = parts.pop()!;
  return parts.map((part) => part + ' '.repeat(STOP - (stringWidth(part) % STOP))).join('') + last;
}

function visible(character: string, unicode: boolean): string {
  const code = character.charCodeAt(0);
  if (character === '\t') return TAB;
  if (code === 0x7f) return unicode ? '␡' : '^?';
  if (code < 0x20) return String.fromCharCode(unicode ? 0x2400 + code : 0x40 + code).padStart(unicode ? 1 : 2, '^');
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
