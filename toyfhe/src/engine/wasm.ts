/**
 * The kernels, compiled and checked. Two builds of the same source: one fuses multiply and add (relaxed SIMD), the other
 * computes the same in software. A start-up check decides; tests force either.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import type { FftKernels } from './encoding.ts';
import { fusedWasm, softwareWasm } from './wasm.generated.ts';

/** Which build of the kernels. */
export type KernelBuild = 'fused' | 'software';

/** What JavaScript calls; the rest runs as tasks. Addresses and counts are unsigned 32-bit integers. */
export interface Kernels extends FftKernels {
  isExact(a: number): number;
  galoisTable(table: number, n: number, g: number): void;
  scale(d: number, a: number, n: number, w: number, p: number, pinv: number): void;
  reduceAll(d: number, x: number, n: number, p: number, pinv: number): void;
  anyNonZero(a: number, n: number): number;
  permute(d: number, a: number, table: number, n: number): void;
  publish(control: number, tasks: number, ring: number, limit: number): void;
  join(control: number, sleep: number, milliseconds: number): number;
  work(control: number, tasks: number, ring: number, thread: number, generation: number): void;
  sampleTernary(dst: number, n: number, key: number, nonce: number, scratch: number): void;
  sampleGaussian(dst: number, n: number, key: number, nonce: number, scratch: number, table: number): void;
  sampleScratch(): number;
}

/** The limbs of keys that lie outside the kernels' memory: key number, part, address inside. */
export interface KeyTransfer {
  fetchKey(key: number, part: number, to: number): void;
  storeKey(key: number, part: number, from: number): void;
}

// The compiler's library knows no WebAssembly without the browser's types; these are the parts that are used.
interface WasmModule {
  readonly wasmModule?: never;
}
interface WasmApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  Instance: new (module: WasmModule, imports: object) => { readonly exports: object };
  Memory: new (options: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
}
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}
export type { WasmModule };

const wasm = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

/** @throws RangeError where the machine cannot reserve that much address space */
export function createMemory(initialPages: number, maximumPages: number): WasmMemory {
  return new wasm.Memory({ initial: initialPages, maximum: maximumPages, shared: true });
}

export function instantiate(module: WasmModule, memory: WasmMemory, keys: KeyTransfer): Kernels {
  const abort = (): never => {
    throw new Error('a kernel has aborted');
  };
  return new wasm.Instance(module, { env: { memory, abort, ...keys } }).exports as Kernels;
}

const compiled: Partial<Record<KernelBuild, Promise<WasmModule>>> = {};

function compile(build: KernelBuild): Promise<WasmModule> {
  compiled[build] ??= wasm.compile(fromBase64(build === 'fused' ? fusedWasm : softwareWasm));
  return compiled[build];
}

const noKeys: KeyTransfer = { fetchKey: () => undefined, storeKey: () => undefined };

/** (1 + 2^-30)² has 61 bits: only a single rounding gives what a double loses of it. */
const PROBE = 1 + 2 ** -30;

function isExact(module: WasmModule): boolean {
  return instantiate(module, createMemory(1, 65536), noKeys).isExact(PROBE) === 1;
}

/**
 * The build to use: the one asked for, else the fused one where this machine has it and fuses, else the software one.
 * @throws FheError FORMAT where the build asked for (or none) runs here
 */
export async function chooseKernels(wanted?: KernelBuild): Promise<{ build: KernelBuild; module: WasmModule }> {
  const builds: readonly KernelBuild[] = wanted === undefined ? ['fused', 'software'] : [wanted];
  let cause: unknown;
  for (const build of builds) {
    try {
      const module = await compile(build);
      if (isExact(module)) return { build, module };
    } catch (error) {
      cause = error; // relaxed SIMD or threads are unknown to this WebAssembly
    }
  }
  throw new FheError({
    code: 'FORMAT',
    op: 'start the engine',
    field: `the ${builds.join(' or the ')} build of the kernels`,
    should: 'running and exact on this machine',
    is: cause === undefined ? 'inexact' : String(cause),
    hint: 'take Node 22 or later, or a browser with WebAssembly SIMD and threads',
    cause,
  });
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
