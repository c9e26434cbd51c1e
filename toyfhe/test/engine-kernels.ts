/** The engine's kernels for tests: either build, with a memory of its own. */
import type { EncoderHeap, FftKernels } from '../src/engine/encoding.ts';
import { Heap } from '../src/engine/heap.ts';
import { chooseKernels, instantiate, type KernelBuild, type Kernels } from '../src/engine/wasm.ts';

export const BUILDS: readonly KernelBuild[] = ['fused', 'software'];

/** All that kernels/index.ts exports and tests call. */
export interface TestedKernels extends Kernels, FftKernels {
  chacha20(dst: number, key: number, nonce: number, counter: number, blocks: number): void;
  sampleUniform(
    dst: number,
    n: number,
    key: number,
    nonce: number,
    scratch: number,
    prime: number,
    inverse: number,
  ): void;
}

export interface Loaded {
  readonly kernels: TestedKernels;
  readonly heap: Heap & EncoderHeap;
}

/** @throws FheError FORMAT where this machine does not run that build */
export async function loadKernels(build: KernelBuild): Promise<Loaded> {
  const { module } = await chooseKernels(build);
  const heap = new Heap();
  const noKeys = { fetchKey: () => undefined, storeKey: () => undefined };
  return { kernels: instantiate(module, heap.memory, noKeys) as TestedKernels, heap };
}

/** Copies doubles to new memory: their address. */
export function place(heap: Heap, values: ArrayLike<number>): number {
  const at = heap.allocate(8 * values.length);
  heap.f64.set(values, at / 8);
  return at;
}

/** A copy of `n` doubles. */
export function doubles(heap: Heap, at: number, n: number): Float64Array {
  return heap.f64.slice(at / 8, at / 8 + n);
}
