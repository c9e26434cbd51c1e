/**
 * Brings bytes to a loader, whatever pieces they come in: a loader asks for so many bytes at a time and is written once,
 * for a byte array, a stream that is there, and a stream that is yet to come.
 * @module
 */
import { describe } from '../../backend/print.ts';
import { badFormat } from './format.ts';

/** A loader yields how many bytes it wants and receives them, valid until its next wish; `END`: it wants no more. */
export type Loader<T> = Generator<number, T, Uint8Array>;

/** The last wish: nothing but the end, so that nothing is adopted before it is known to be whole. */
export const END = 0;

const NOTHING: Uint8Array = new Uint8Array(0);

const PASS = 'pass what save or saveChunks gave';

export class Feed<T> {
  readonly #op: string;
  readonly #loader: Loader<T>;
  #wish: number;
  /** The wish's bytes, as far as they have come. */
  #partial: Uint8Array | undefined;
  #held = 0;
  #taken = 0;

  constructor(op: string, loader: Loader<T>) {
    this.#op = op;
    this.#loader = loader;
    this.#wish = loader.next(NOTHING).value as number; // a loader wants something first
  }

  /** @throws FheError FORMAT */
  push(chunk: Uint8Array): void {
    if (!isBytes(chunk)) {
      throw badFormat(this.#op, 'input', 'bytes (Uint8Array)', describe(chunk), PASS);
    }
    for (let at = 0; at < chunk.length;) {
      if (this.#wish === END) {
        const hint = 'one file holds one object: cut the input where it ends';
        throw badFormat(
          this.#op,
          'length',
          `${this.#taken} bytes`,
          `at least ${this.#taken + chunk.length - at}`,
          hint,
        );
      }
      const part = chunk.subarray(at, at + this.#wish - this.#held);
      at += part.length;
      this.#taken += part.length;
      if (part.length === this.#wish) this.#resume(part);
      else {
        this.#partial ??= new Uint8Array(this.#wish);
        this.#partial.set(part, this.#held);
        this.#held += part.length;
        if (this.#held === this.#wish) this.#resume(this.#partial);
      }
    }
  }

  /** There are no more bytes. @throws FheError FORMAT where some are missing */
  end(): T {
    if (this.#taken === 0) throw badFormat(this.#op, 'input', 'bytes of a saved object', 'empty', PASS);
    if (this.#wish !== END) {
      const more = this.#taken + this.#wish - this.#held;
      throw badFormat(this.#op, 'length', `at least ${more} bytes`, `${this.#taken}`);
    }
    const { value } = this.#loader.next(NOTHING);
    return value as T;
  }

  /** After success nothing; else the loader gives back what it has. */
  close(): void {
    this.#loader.return(undefined as T);
  }

  #resume(bytes: Uint8Array): void {
    this.#partial = undefined;
    this.#held = 0;
    this.#wish = this.#loader.next(bytes).value as number;
  }
}

/** Loads from bytes that are there. */
export function feed<T>(op: string, loader: Loader<T>, source: Uint8Array | ArrayBuffer | Iterable<Uint8Array>): T {
  const feeding = new Feed(op, loader);
  try {
    const bytes = asBytes(source);
    const chunks = bytes === undefined ? iterable(op, source as Iterable<Uint8Array>, Symbol.iterator) : [bytes];
    for (const chunk of chunks) feeding.push(chunk);
    return feeding.end();
  } finally {
    feeding.close();
  }
}

/** Loads from bytes that come. `check` is called whenever the program has been elsewhere meanwhile. */
export async function feedAsync<T>(
  op: string,
  loader: Loader<T>,
  source: AsyncIterable<Uint8Array>,
  check: () => void,
): Promise<T> {
  const feeding = new Feed(op, loader);
  try {
    for await (const chunk of iterable(op, source, Symbol.asyncIterator)) {
      check();
      feeding.push(chunk);
    }
    check();
    return feeding.end();
  } finally {
    feeding.close();
  }
}

/** Whether it is a Uint8Array, of this realm or another (a notebook's cells run in one of their own). */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array';
}

/** The bytes of a Uint8Array or an ArrayBuffer, of this realm or another; undefined for anything else. */
export function asBytes(value: unknown): Uint8Array | undefined {
  if (isBytes(value)) return value;
  const buffer = Object.prototype.toString.call(value) === '[object ArrayBuffer]';
  return buffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}

function iterable<S extends object>(op: string, source: S, symbol: symbol): S {
  const is = source as unknown;
  const has = (wanted: symbol): boolean => typeof is === 'object' && is !== null && wanted in is;
  if (has(symbol)) return source;
  if (symbol === Symbol.asyncIterator) {
    const hint = `for bytes use loadEvaluationKeys; ${PASS}`;
    throw badFormat(op, 'input', 'an asynchronous stream of bytes (Uint8Array)', describe(is), hint);
  }
  const later = 'a stream that is still coming: for evaluation keys use loadEvaluationKeysFrom, else gather it first';
  const hint = has(Symbol.asyncIterator) ? later : is instanceof Promise ? `await it first; ${PASS}` : PASS;
  throw badFormat(op, 'input', 'bytes (Uint8Array), whole or in pieces', describe(is), hint);
}
