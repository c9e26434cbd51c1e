/**
 * Vectors whose entries can be read and set: what the plaintexts of all three schemes have in common.
 * @module
 */

import { refused, show } from './checks.ts';

/** `length` entries that read as V; an entry may be set from anything in `Input`. */
export abstract class SlotVector<V, Input> implements Iterable<V> {
  abstract get length(): number;
  protected abstract read(i: number): V;
  protected abstract write(i: number, value: V): void;
  /** @throws FheError RANGE for a value that the encoding cannot hold. */
  protected abstract accept(i: number, value: Input | number): V;

  /** @throws FheError RANGE for an index outside 0 … length − 1. */
  get(i: number): V {
    this.#checkIndex(i);
    return this.read(i);
  }

  /** Sets one entry. @throws FheError RANGE for an index outside 0 … length − 1, or a value that does not fit. */
  set(i: number, value: Input): this {
    this.#checkIndex(i);
    this.write(i, this.accept(i, value));
    return this;
  }

  /**
   * Sets the entries to these values and the rest to zero.
   * @throws FheError SLOTS for none or too many; RANGE for a value that does not fit, or no list at all.
   */
  assign(values: Iterable<Input>): this {
    if (typeof (values as Iterable<Input> | undefined)?.[Symbol.iterator] !== 'function') {
      throw refused('RANGE', 'encode', 'the values', 'a list', show(values), 'write e.g. assign([1, 2, 3])');
    }
    const list = [...values];
    if (list.length === 0 || list.length > this.length) {
      const hint = 'use a ring of larger degree, or split the values';
      throw refused('SLOTS', 'encode', 'the number of values', `1 to ${this.length}`, String(list.length), hint);
    }
    // All are accepted before the first is written: a refusal changes nothing.
    const accepted = Array.from({ length: this.length }, (_, i) => this.accept(i, i < list.length ? list[i]! : 0));
    for (const [i, value] of accepted.entries()) this.write(i, value);
    return this;
  }

  /** Sets all entries to one value. @throws FheError RANGE for a value that does not fit. */
  fill(value: Input | number): this {
    const accepted = this.accept(0, value);
    for (let i = 0; i < this.length; i++) this.write(i, accepted);
    return this;
  }

  toArray(): V[] {
    return Array.from({ length: this.length }, (_, i) => this.read(i));
  }

  [Symbol.iterator](): Iterator<V> {
    return this.toArray()[Symbol.iterator]();
  }

  #checkIndex(i: number): void {
    if (Number.isInteger(i) && i >= 0 && i < this.length) return;
    const should = `from 0 to ${this.length - 1}`;
    throw refused('RANGE', 'reach a slot', 'the index', should, show(i), 'slots count from 0');
  }
}
