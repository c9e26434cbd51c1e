/**
 * The ledger: one line an operation, saying what it did to level, scale, precision, size and time.
 * @module
 */
import { inspect } from './print.ts';

/** One operation of a shadowed backend. */
export interface LedgerLine {
  readonly op: string;
  readonly level: number;
  /** Exact, e.g. `2^80/q₂`. */
  readonly scale: string;
  readonly length: number;
  /** −log₂ of the largest absolute error of any slot: correct bits after the binary point. */
  readonly bitsRight: number;
  /** log₂(largest error × scale): the part of the modulus that noise fills. */
  readonly noiseBits: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Why the values are wrong, where a rule knows; else empty. */
  readonly warning: string;
}

/** All operations since creation, oldest first; prints as a table. */
export class Ledger implements Iterable<LedgerLine> {
  readonly #lines: LedgerLine[] = [];

  get length(): number {
    return this.#lines.length;
  }
  get last(): LedgerLine | undefined {
    return this.#lines.at(-1);
  }
  [Symbol.iterator](): Iterator<LedgerLine> {
    return this.#lines[Symbol.iterator]();
  }
  push(line: LedgerLine): void {
    this.#lines.push(line);
  }
  clear(): void {
    this.#lines.length = 0;
  }

  toString(): string {
    const head = ['operation', 'level', 'scale', 'length', 'bits right', 'noise bits', 'kB', 'ms', ''];
    const rows = this.#lines.map((l) => [
      l.op,
      String(l.level),
      l.scale,
      String(l.length),
      l.bitsRight.toFixed(1),
      l.noiseBits.toFixed(1),
      (l.bytes / 1000).toFixed(0),
      l.milliseconds.toFixed(2),
      l.warning,
    ]);
    const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]!.length)));
    // Words to the left, numbers to the right.
    const left = new Set([0, 2, 8]);
    const line = (r: string[]): string =>
      r
        .map((cell, i) => (left.has(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd();
    return [head, ...rows].map(line).join('\n');
  }
  [inspect](): string {
    return this.toString();
  }
}
