/**
 * The kernels' memory: one WebAssembly memory of at most 4 GiB, handed out in blocks. Blocks of one size (limbs, keys) are
 * recycled among themselves; where memory ends, neighbouring free blocks are joined before anything is refused.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { createMemory, type WasmMemory } from './wasm.ts';

const PAGE = 65536;
const MAX_PAGES = 65536; // 4 GiB: the end of 32-bit addresses
/** Memory grows by at least this: growing shared memory costs a system call, and views must be made anew. */
const GROWTH = 256 * PAGE;
/** Blocks start on cache lines. */
const ALIGN = 64;

export class Heap {
  readonly memory: WasmMemory;
  #f64: Float64Array;
  #u32: Uint32Array;
  #u8: Uint8Array;
  #top: number = PAGE; // the first page holds whatever the compiler put there
  readonly #limit: number;
  #free: Map<number, number[]> = new Map();
  #used = 0;
  /** The operating system has just refused to let memory grow. */
  #starved = false;

  /** @param limit bytes that this heap may take, at most 4 GiB */
  constructor(limit: number = MAX_PAGES * PAGE) {
    this.#limit = Math.min(limit, MAX_PAGES * PAGE);
    this.memory = reserve(Math.ceil(this.#limit / PAGE));
    [this.#f64, this.#u32, this.#u8] = views(this.memory);
  }

  /** Views of all memory there is; older ones do not see what has grown since. */
  get f64(): Float64Array {
    return this.#f64;
  }
  get u32(): Uint32Array {
    return this.#u32;
  }
  get u8(): Uint8Array {
    return this.#u8;
  }
  /** Bytes handed out. */
  get used(): number {
    return this.#used;
  }
  /** Bytes that can still be handed out, though perhaps not in one piece. */
  get available(): number {
    return this.#limit - PAGE - this.#used;
  }

  /**
   * Address of a block of at least `bytes`, not cleared.
   * @throws FheError MEMORY where there is no such block
   */
  allocate(bytes: number, what: string = 'an object'): number {
    const size = rounded(bytes);
    this.#starved = false;
    const address = this.#free.get(size)?.pop() ?? this.#extend(size) ?? this.#joined(size);
    if (address === undefined) throw this.#noMemory(what, size);
    this.#used += size;
    return address;
  }

  /** Several blocks of one size: all or none. */
  allocateMany(count: number, bytes: number, what: string): number[] {
    this.#starved = false;
    if (count * rounded(bytes) > this.available) throw this.#noMemory(what, count * rounded(bytes));
    const blocks: number[] = [];
    try {
      while (blocks.length < count) blocks.push(this.allocate(bytes, what));
      return blocks;
    } catch (error) {
      this.releaseMany(blocks, bytes);
      throw error;
    }
  }

  release(address: number, bytes: number): void {
    const size = rounded(bytes);
    const blocks = this.#free.get(size);
    if (blocks === undefined) this.#free.set(size, [address]);
    else blocks.push(address);
    this.#used -= size;
  }

  releaseMany(addresses: readonly number[], bytes: number): void {
    for (const address of addresses) this.release(address, bytes);
  }

  #extend(size: number): number | undefined {
    const end = this.#top + size;
    if (end > this.#limit) return undefined;
    if (end > this.#u8.length) {
      const now = this.#u8.length;
      const wanted = Math.min(this.#limit, Math.max(end, now + GROWTH));
      try {
        this.memory.grow(Math.ceil((wanted - now) / PAGE));
      } catch {
        this.#starved = true; // `allocate` says so
        return undefined;
      }
      [this.#f64, this.#u32, this.#u8] = views(this.memory);
    }
    const address = this.#top;
    this.#top = end;
    return address;
  }

  /** A block cut out of free neighbours, or at the end together with what has not been used yet. */
  #joined(size: number): number | undefined {
    const blocks = [...this.#free].flatMap(([bytes, list]) => list.map((address) => ({ address, bytes })));
    blocks.sort((a, b) => a.address - b.address);
    const runs: { address: number; bytes: number }[] = [];
    for (const block of blocks) {
      const last = runs.at(-1);
      if (last !== undefined && last.address + last.bytes === block.address) last.bytes += block.bytes;
      else runs.push(block);
    }
    const end = runs.at(-1);
    if (end !== undefined && end.address + end.bytes === this.#top) {
      this.#top = end.address; // as if it had never been handed out
      runs.pop();
    }
    const run = runs.find(({ bytes }) => bytes >= size);
    this.#free = new Map();
    for (const { address, bytes } of runs) {
      const rest = address === run?.address ? { address: address + size, bytes: bytes - size } : { address, bytes };
      if (rest.bytes > 0) this.#free.set(rest.bytes, [...(this.#free.get(rest.bytes) ?? []), rest.address]);
    }
    return run?.address ?? this.#extend(size);
  }

  #noMemory(what: string, bytes: number): FheError {
    const op = `allocate memory for ${what}`;
    const dispose = 'dispose what is no longer needed: using c = …, or backend.scope(() => …)';
    if (this.#starved) {
      return new FheError({
        code: 'MEMORY',
        op,
        field: 'memory from the operating system',
        should: `at least ${humanBytes(bytes)} beside the ${humanBytes(this.#u8.length)} that the engine has`,
        is: 'less: the operating system gave no more memory',
        hint: `${dispose}, or give the engine what this machine has, for example the option memory: 1e9`,
      });
    }
    const available = Math.max(0, this.available);
    return new FheError({
      code: 'MEMORY',
      op,
      field: 'free memory of the engine',
      should: `at least ${humanBytes(bytes)}`,
      is: `${humanBytes(available)}${available < bytes ? '' : ' in smaller pieces'}`,
      hint: `${dispose}${this.#limit < MAX_PAGES * PAGE ? ', or raise the option memory' : ''}`,
    });
  }
}

/** @throws FheError MEMORY where the system has not even the addresses */
function reserve(pages: number): WasmMemory {
  try {
    return createMemory(1, pages);
  } catch (cause) {
    throw new FheError({
      code: 'MEMORY',
      op: 'start the engine',
      field: 'address space',
      should: `at least ${humanBytes(pages * PAGE)}`,
      is: 'less',
      hint: 'give the option memory fewer bytes',
      cause,
    });
  }
}

function views(memory: WasmMemory): [Float64Array, Uint32Array, Uint8Array] {
  return [new Float64Array(memory.buffer), new Uint32Array(memory.buffer), new Uint8Array(memory.buffer)];
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / ALIGN) * ALIGN;
}

/** 1.5 GiB, 12.0 MiB: sizes for people. */
export function humanBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
