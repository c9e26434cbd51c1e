/**
 * The engine: RNS-CKKS in WebAssembly, on all cores, behind the contract (docs/engine.md).
 * @module
 */
import { CheckedBackend } from '../backend/checked.ts';
import type { Backend, Ciphertext, EvaluationKeys, Plaintext, PublicKey, SecretKeys } from '../backend/contract.ts';
import { FheError } from '../backend/errors.ts';
import { asParameters, type ParameterSpec, type Parameters } from '../backend/parameters.ts';
import { describe } from '../backend/print.ts';
import { type RandomSource, systemRandom } from '../backend/random.ts';
import { EngineArithmetic } from './arithmetic.ts';
import type { EngineHandles } from './handles.ts';
import { Machine } from './machine.ts';
import { type ByteSource, type Saveable, type SaveOptions, Serializer } from './serialize/index.ts';
import { availableThreads, MOST_THREADS } from './threads.ts';
import type { KernelBuild } from './wasm.ts';

export interface EngineOptions {
  /** Threads, the calling one included. Default: the cores (in a browser that does not isolate the page: 1). */
  readonly threads?: number;
  /** Forces a build of the kernels; default: the fused one where the machine fuses, else the software one. */
  readonly kernels?: KernelBuild;
  /** Bytes that the kernels' memory may take, from 1 MiB to 4 GiB. Default: 4 GiB. */
  readonly memory?: number;
  /** Bytes of it that evaluation keys may take; further keys lie outside and cost a copy when used. Default: half. */
  readonly keyMemory?: number;
  /** Where keys and errors come from. Anything but the default is for tests: whoever knows the source knows the keys. */
  readonly random?: RandomSource;
  /** @internal Naps without progress before a worker counts as dead. */
  readonly patience?: number;
}

/** The engine's backend: the contract, and what is particular to it. */
export interface EngineBackend extends Backend {
  /** Threads, the calling one included. */
  readonly threads: number;
  /** The build of the kernels that runs. */
  readonly kernels: KernelBuild;

  /**
   * The object as bytes (serialize/format.ts), for `load…` of an engine with the same parameters. Secret keys come out in
   * the clear and only with `{ secret: true }`.
   * @throws FheError RANGE (secret keys without the option, a scale of other primes), MEMORY (too large for one array)
   */
  save(object: Saveable, options?: SaveOptions): Uint8Array;
  /** The same bytes in pieces, about one a limb, made as they are asked for: a large key set is never in memory twice. */
  saveChunks(object: Saveable, options?: SaveOptions): Generator<Uint8Array, void, void>;
  /**
   * What `save` and `saveChunks` wrote, of this engine's parameters; a stream of pieces may be cut anywhere. Nothing in the
   * bytes is trusted: all is checked, sizes before memory is taken.
   * @throws FheError FORMAT (with nothing made and no memory kept), MEMORY
   */
  loadCiphertext(bytes: ByteSource): Ciphertext;
  loadPlaintext(bytes: ByteSource): Plaintext;
  loadPublicKey(bytes: ByteSource): PublicKey;
  loadEvaluationKeys(bytes: ByteSource): EvaluationKeys;
  loadSecretKeys(bytes: ByteSource): SecretKeys;
  /** From a stream that is still coming: a file, a socket. Bytes that are there will do too. */
  loadEvaluationKeysFrom(stream: AsyncIterable<Uint8Array> | Uint8Array | ArrayBuffer): Promise<EvaluationKeys>;
}

/** What parameters the engine takes: `plan(program, { limits: ENGINE_LIMITS })` of `toyfhe/compiler`. */
export const ENGINE_LIMITS: { readonly primeBits: 50; readonly specialPrimes: 'many' } = {
  primeBits: 50,
  specialPrimes: 'many',
};

/** The tables of the smallest rings, and some objects. */
const LEAST_MEMORY = 2 ** 20;
/** The end of 32-bit addresses. */
const MOST_MEMORY = 2 ** 32;

/**
 * CKKS by the engine: primes below 2^50, any number of special primes, all cores.
 * @throws FheError RANGE, INSECURE (see `parameters`), MEMORY, WORKER, FORMAT where this machine runs no WebAssembly SIMD
 */
export async function engine(spec: ParameterSpec | Parameters, options: EngineOptions = {}): Promise<EngineBackend> {
  const parameters = asParameters(spec);
  const { threads = availableThreads(), memory = MOST_MEMORY, kernels, random = systemRandom } = options;
  const { keyMemory = memory / 2 } = options;
  checkOptions({ threads, memory, keyMemory, kernels });
  const machine = await Machine.create(parameters, {
    threads,
    memory: Math.floor(memory),
    keyMemory: Math.floor(keyMemory),
    ...(kernels === undefined ? {} : { kernels }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
  const arithmetic = new EngineArithmetic(machine, random);
  await machine.start();
  return new Engine(arithmetic);
}

/** @throws FheError RANGE */
function checkOptions(options: {
  readonly threads: number;
  readonly memory: number;
  readonly keyMemory: number;
  readonly kernels: KernelBuild | undefined;
}): void {
  const { threads, memory, keyMemory, kernels } = options;
  const refuse = (field: string, should: string, is: unknown, hint: string): never => {
    throw new FheError({ code: 'RANGE', op: 'start the engine', field, should, is: describe(is), hint });
  };
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    refuse('threads', `an integer from 1 to ${MOST_THREADS}`, threads, 'leave it out for all cores');
  }
  // Written so that NaN fails too.
  const within = (bytes: unknown, least: number, most: number): boolean =>
    typeof bytes === 'number' && bytes >= least && bytes <= most;
  if (!within(memory, LEAST_MEMORY, MOST_MEMORY)) {
    const should = `a number of bytes from ${LEAST_MEMORY} to ${MOST_MEMORY}`;
    refuse('memory', should, memory, 'leave it out for 4 GiB');
  }
  if (!within(keyMemory, 0, memory)) {
    const should = `a number of bytes from 0 to memory, which is ${memory}`;
    refuse('keyMemory', should, keyMemory, 'leave it out for half of memory');
  }
  if (kernels !== undefined && kernels !== 'fused' && kernels !== 'software') {
    refuse('kernels', 'fused or software', kernels, 'leave it out for the faster one that this machine runs');
  }
}

class Engine extends CheckedBackend<EngineHandles> implements EngineBackend {
  readonly #engine: EngineArithmetic;
  readonly #serializer: Serializer;

  constructor(arithmetic: EngineArithmetic) {
    super(arithmetic);
    this.#engine = arithmetic;
    this.#serializer = new Serializer(this, arithmetic);
  }
  get threads(): number {
    return this.#engine.machine.threads.count;
  }
  get kernels(): KernelBuild {
    return this.#engine.machine.build;
  }

  save(object: Saveable, options: SaveOptions = {}): Uint8Array {
    return this.#serializer.save(object, options);
  }
  saveChunks(object: Saveable, options: SaveOptions = {}): Generator<Uint8Array, void, void> {
    return this.#serializer.saveChunks(object, options);
  }
  loadCiphertext(bytes: ByteSource): Ciphertext {
    return this.#serializer.loadCiphertext(bytes);
  }
  loadPlaintext(bytes: ByteSource): Plaintext {
    return this.#serializer.loadPlaintext(bytes);
  }
  loadPublicKey(bytes: ByteSource): PublicKey {
    return this.#serializer.loadPublicKey(bytes);
  }
  loadEvaluationKeys(bytes: ByteSource): EvaluationKeys {
    return this.#serializer.loadEvaluationKeys(bytes);
  }
  loadSecretKeys(bytes: ByteSource): SecretKeys {
    return this.#serializer.loadSecretKeys(bytes);
  }
  loadEvaluationKeysFrom(stream: AsyncIterable<Uint8Array> | Uint8Array | ArrayBuffer): Promise<EvaluationKeys> {
    return this.#serializer.loadEvaluationKeysFrom(stream);
  }
}

export { type LoadParametersOptions, loadParameters, saveParameters } from './serialize/parameters.ts';
export type { ByteSource, KernelBuild, Saveable, SaveOptions };
export { type EngineSizes, engineSizes } from './sizes.ts';
export { engineNttBenchmark, type NttBenchmark } from './ntt-benchmark.ts';
