/**
 * Where evaluation keys lie. A key of a large ring has a hundred megabytes and a program needs dozens of them, more than a
 * WebAssembly memory holds: the first ones lie inside it, the others outside, and come in limb by limb as they are used
 * (measured: 9 to 16 % of a key switch).
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { type Heap, humanBytes } from './heap.ts';
import type { KeyTransfer } from './wasm.ts';

/** One key: limbs of N residues in parts (2·digit + polynomial)·primes + prime. */
export interface StoredKey {
  /** Address inside the kernels' memory, limbs a stride apart; 0 where it lies outside. */
  readonly address: number;
  /** Its number outside; 0 where it lies inside. */
  readonly number: number;
}

export interface KeyShape {
  readonly degree: number;
  /** Bytes from limb to limb inside. */
  readonly stride: number;
  /** 2·digits·primes. */
  readonly parts: number;
}

export class KeyStore implements KeyTransfer {
  readonly shape: KeyShape;
  readonly #heap: Heap;
  /** Bytes that keys may take inside the kernels' memory: what is left is for ciphertexts. */
  readonly #inside: number;
  readonly #outside: Map<number, Float64Array> = new Map();
  #next = 1;
  #used = 0;
  /** Set by the threads: a key outside has come or gone. */
  onChange: (key: number, limbs: Float64Array | null) => void = () => undefined;

  constructor(heap: Heap, shape: KeyShape, inside: number) {
    this.#heap = heap;
    this.shape = shape;
    this.#inside = inside;
    this.fetchKey = this.fetchKey.bind(this);
    this.storeKey = this.storeKey.bind(this);
  }

  /** Bytes of one key. */
  get bytes(): number {
    return this.shape.parts * this.shape.stride;
  }

  /**
   * Whether `count` more keys have room, inside or outside: asked before the first of them is made or loaded.
   * @throws FheError MEMORY
   */
  check(count: number, op: string = 'keygen'): void {
    const need = count * this.bytes;
    const inside = Math.max(0, Math.min(this.#inside - this.#used, this.#heap.available));
    const room = inside + availableOutside();
    if (need <= room) return;
    throw new FheError({
      code: 'MEMORY',
      op,
      field: 'free memory',
      should: `at least ${humanBytes(need)}: ${count} keys of ${humanBytes(this.bytes)}`,
      is: humanBytes(room),
      hint: 'ask for the rotations that the program makes and no others, take a shorter chain, or more special primes',
    });
  }

  /** Room for one key, not cleared. @throws FheError MEMORY */
  allocate(): StoredKey {
    const address = this.#allocateInside();
    if (address !== undefined) return { address, number: 0 };
    this.check(1);
    const limbs = sharedDoubles(this.shape.parts * this.shape.degree);
    const number = this.#next++;
    this.#outside.set(number, limbs);
    this.onChange(number, limbs);
    return { address: 0, number };
  }

  /** Undefined where keys have used up their part of the memory, or no piece of it is large enough. */
  #allocateInside(): number | undefined {
    if (this.#used + this.bytes > this.#inside || this.bytes > this.#heap.available) return undefined;
    try {
      const address = this.#heap.allocate(this.bytes, 'a key');
      this.#used += this.bytes;
      return address;
    } catch (error) {
      if (error instanceof FheError && error.code === 'MEMORY') return undefined;
      throw error;
    }
  }

  release({ address, number }: StoredKey): void {
    if (address !== 0) {
      this.#heap.release(address, this.bytes);
      this.#used -= this.bytes;
      return;
    }
    this.#outside.delete(number);
    this.onChange(number, null);
  }

  /** One part of a key: a view, valid until the next allocation. */
  part({ address, number }: StoredKey, part: number): Float64Array {
    const { degree, stride } = this.shape;
    if (address === 0) return this.#outside.get(number)!.subarray(part * degree, (part + 1) * degree);
    const at = (address + part * stride) / 8;
    return this.#heap.f64.subarray(at, at + degree);
  }

  // The kernels' imports. Addresses come signed out of WebAssembly.
  fetchKey(key: number, part: number, to: number): void {
    this.#heap.f64.set(this.part({ address: 0, number: key }, part), (to >>> 0) / 8);
  }
  storeKey(key: number, part: number, from: number): void {
    const at = (from >>> 0) / 8;
    this.part({ address: 0, number: key }, part).set(this.#heap.f64.subarray(at, at + this.shape.degree));
  }
}

/** @throws FheError MEMORY */
function sharedDoubles(count: number): Float64Array {
  try {
    // A browser that does not isolate the page has no shared memory, and the engine one thread there.
    const shared = typeof SharedArrayBuffer === 'function';
    return new Float64Array(shared ? new SharedArrayBuffer(8 * count) : new ArrayBuffer(8 * count));
  } catch (cause) {
    throw new FheError({
      code: 'MEMORY',
      op: 'keygen',
      field: 'free memory',
      should: `at least ${humanBytes(8 * count)} for a key`,
      is: 'less',
      hint: 'dispose keys that are no longer needed, or take a shorter chain',
      cause,
    });
  }
}

/** Bytes that the machine can still give; where that cannot be asked (a browser), as much as anyone wants. */
function availableOutside(): number {
  return typeof process === 'object' && typeof process.availableMemory === 'function'
    ? process.availableMemory()
    : Number.POSITIVE_INFINITY;
}
