/**
 * The keyboard's stream for Ink, with pasted text in one piece: a terminal sends some kilobytes at a time, and Ink looks
 * through all that has come of a paste with each of them.
 * @module
 */
import { Readable } from 'node:stream';

const BEGIN = '\x1b[200~';
const END = '\x1b[201~';

/** What is used of `process.stdin`. */
export interface Terminal {
  readonly isTTY: boolean;
  setEncoding(encoding: 'utf8'): unknown;
  setRawMode(raw: boolean): unknown;
  on(event: 'data', take: (piece: string) => void): unknown;
  off(event: 'data', take: (piece: string) => void): unknown;
  ref(): unknown;
  unref(): unknown;
  pause(): unknown;
}

export class TerminalInput extends Readable {
  readonly isTTY: boolean;
  readonly #terminal: Terminal;
  readonly #take = (piece: string): void => this.#took(piece);
  /** Of a paste that has begun, with its mark. */
  #pasted: string[] = [];
  /** The end of what has come of a paste: less than a mark. */
  #tail = '';

  constructor(terminal: Terminal) {
    super({ encoding: 'utf8' });
    this.#terminal = terminal;
    this.isTTY = terminal.isTTY;
    terminal.setEncoding('utf8');
    terminal.on('data', this.#take);
  }

  override _read(): void {
    // Comes by itself.
  }

  setRawMode(raw: boolean): this {
    this.#terminal.setRawMode(raw);
    return this;
  }

  ref(): void {
    this.#terminal.ref();
  }

  unref(): void {
    this.#terminal.unref();
  }

  /** Stops reading the terminal. */
  close(): void {
    this.#terminal.off('data', this.#take);
    this.#terminal.pause();
  }

  #took(piece: string): void {
    if (this.#pasted.length === 0) return this.#outside(piece);
    // The mark of the end may come in several pieces.
    const searched = this.#tail + piece;
    const end = searched.indexOf(END);
    if (end < 0) {
      this.#pasted.push(piece);
      this.#tail = searched.slice(1 - END.length);
      return;
    }
    const after = end + END.length - this.#tail.length;
    this.push(`${this.#pasted.join('')}${piece.slice(0, after)}`);
    this.#pasted = [];
    this.#outside(piece.slice(after));
  }

  #outside(piece: string): void {
    const begin = piece.indexOf(BEGIN);
    const keys = begin < 0 ? piece : piece.slice(0, begin);
    if (keys !== '') this.push(keys);
    if (begin < 0) return;
    this.#pasted = [BEGIN];
    this.#tail = '';
    const rest = piece.slice(begin + BEGIN.length);
    if (rest !== '') this.#took(rest);
  }
}
