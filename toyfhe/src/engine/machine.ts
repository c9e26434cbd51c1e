/**
 * The engine's machine room: memory, tables, tasks and threads of one parameter set, and limbs to compute on.
 * @module
 */
import type { Parameters } from '../backend/parameters.ts';
import { Heap } from './heap.ts';
import { KeyStore } from './key-store.ts';
import { KeySwitch, type Limbs } from './key-switch.ts';
import { digitBounds, Ring } from './ring.ts';
import { Tasks } from './tasks.ts';
import { Threads } from './threads.ts';
import { chooseKernels, instantiate, type KernelBuild, type Kernels, type WasmModule } from './wasm.ts';

export interface MachineOptions {
  readonly threads: number;
  readonly kernels?: KernelBuild;
  /** Bytes of the kernels' memory, at most 4 GiB. */
  readonly memory: number;
  /** Bytes of it that keys may take; further keys lie outside. */
  readonly keyMemory: number;
  /** For tests: naps without progress before a worker counts as dead. */
  readonly patience?: number;
}

export class Machine {
  readonly parameters: Parameters;
  readonly build: KernelBuild;
  readonly heap: Heap;
  readonly kernels: Kernels;
  readonly ring: Ring;
  readonly keys: KeyStore;
  readonly tasks: Tasks;
  readonly threads: Threads;
  /** Undefined without special primes: then no evaluation key exists either. */
  readonly keySwitch: KeySwitch | undefined;
  readonly #module: WasmModule;

  private constructor(
    parts: Pick<Machine, 'parameters' | 'build' | 'heap' | 'kernels' | 'ring' | 'keys' | 'tasks' | 'threads'> & {
      module: WasmModule;
    },
  ) {
    this.#module = parts.module;
    this.parameters = parts.parameters;
    this.build = parts.build;
    this.heap = parts.heap;
    this.kernels = parts.kernels;
    this.ring = parts.ring;
    this.keys = parts.keys;
    this.tasks = parts.tasks;
    this.threads = parts.threads;
    this.keySwitch = parts.ring.down === undefined ? undefined : new KeySwitch(parts.ring, parts.heap, parts.tasks);
  }

  /**
   * With all memory that it needs by itself, but no thread yet.
   * @throws FheError RANGE (primes above 2^50), MEMORY, FORMAT (no WebAssembly that would do)
   */
  static async create(parameters: Parameters, options: MachineOptions): Promise<Machine> {
    const { build, module } = await chooseKernels(options.kernels);
    const heap = new Heap(options.memory);
    const { ringDegree, primes, special } = parameters;
    const digits = special.length === 0 ? 0 : digitBounds(primes, special).length;
    const parts = 2 * digits * (primes.length + special.length);
    const shape = { degree: ringDegree, stride: Ring.strideOf(ringDegree), parts };
    const keys = new KeyStore(heap, shape, options.keyMemory);
    const kernels = instantiate(module, heap.memory, keys);
    const ring = new Ring(parameters, heap, kernels, options.threads);
    let threads: Threads | undefined;
    const tasks = new Tasks(heap, (address) => {
      threads = new Threads(
        heap,
        kernels,
        keys,
        { tasks: address, ring: ring.record },
        options.threads,
        options.patience,
      );
      return threads;
    });
    return new Machine({ parameters, build, module, heap, kernels, ring, keys, tasks, threads: threads! });
  }

  /** Starts the workers: last, when nothing else can fail any more. @throws FheError WORKER */
  start(): Promise<void> {
    return this.threads.start(this.#module, this.ring.degree);
  }

  /** Limbs modulo q₀ … q_(count−1), not cleared. @throws FheError MEMORY */
  limbs(count: number, what: string): number[] {
    return this.heap.allocateMany(count, this.ring.stride, what);
  }

  free(limbs: Limbs): void {
    this.heap.releaseMany(limbs, this.ring.stride);
  }

  /** A view of one limb: N doubles, valid until the next allocation. */
  view(limb: number): Float64Array {
    return this.heap.f64.subarray(limb / 8, limb / 8 + this.ring.degree);
  }

  isZero(limb: number): boolean {
    return this.kernels.anyNonZero(limb, this.ring.degree) === 0;
  }

  /** Runs `f` with limbs that are given back after it; cleared where they held secrets. */
  borrow<T>(count: number, what: string, f: (limbs: number[]) => T, secret: boolean = false): T {
    const limbs = this.limbs(count, what);
    try {
      return f(limbs);
    } finally {
      if (secret) for (const limb of limbs) this.view(limb).fill(0);
      this.free(limbs);
    }
  }

  /** Runs `f` with a block of bytes that is given back after it. */
  borrowBytes<T>(bytes: number, what: string, f: (address: number) => T): T {
    const address = this.heap.allocate(bytes, what);
    try {
      return f(address);
    } finally {
      this.heap.release(address, bytes);
    }
  }
}
