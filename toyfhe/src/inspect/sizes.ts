/**
 * How large plaintexts, ciphertexts and keys will be, before any of them is made, and how secure.
 * @module
 */
import { FheError } from '../backend/errors.ts';
import { asParameters, MAX_LOG_QP_128, type Parameters, type ParameterSpec } from '../backend/parameters.ts';
import { describe, inspect } from '../backend/print.ts';
import { type ObjectBytes, engineBytes, sealBytes } from './object-bytes.ts';
import { sizeTable } from './size-table.ts';

/** What is to be made. */
export interface SizeOptions {
  /** How many rotations have a key; or their steps, of which each counts once and 0 does not. Default: 0. */
  readonly rotations?: number | readonly number[];
  /** A key for conjugation. Default: false. */
  readonly conjugate?: boolean;
  /** A key for relinearization. Default: true where there is a special prime. */
  readonly relinearize?: boolean;
  /** Encoded vectors that are kept, at the highest level. Default: 0. */
  readonly plaintexts?: number;
  /** Ciphertexts that live at once, fresh ones. Default: 0. */
  readonly ciphertexts?: number;
}

/** On one backend, in bytes. */
export interface BackendSizes extends ObjectBytes {
  /** All rotation keys that were asked for. */
  readonly rotationKeys: number;
  /** All that was asked for: the key pair, evaluation keys, plaintexts and ciphertexts. */
  readonly total: number;
}

/** Prints as a table. */
export interface Sizes {
  readonly parameters: Parameters;
  /** Undefined where the engine does not take the parameters: primes above 2^50, or a ring degree below 16. */
  readonly engine: BackendSizes | undefined;
  /** Undefined where node-seal does not take them: it wants one special prime. */
  readonly seal: BackendSizes | undefined;
  /** log₂ of all primes, special ones included, and the most that 128 bits of security allow at this ring degree. */
  readonly logQP: number;
  /** Undefined where no limit is known for the ring degree. */
  readonly limit: number | undefined;
  readonly securityBits: 128 | 0;
}

/**
 * Sizes in memory: residues of 8 bytes, and what the engine puts between and beside them. Saved, the engine's are smaller.
 * @throws FheError as `parameters` does; RANGE for counts that are none, and for evaluation keys without special primes
 */
export function sizes(spec: ParameterSpec | Parameters, options: SizeOptions = {}): Sizes {
  const parameters = asParameters(spec);
  const canSwitch = parameters.special.length > 0;
  const { conjugate = false, relinearize = canSwitch } = options;
  const counts = {
    rotations: rotationCount(options.rotations ?? 0, parameters.slots),
    plaintexts: counted('plaintexts', options.plaintexts ?? 0),
    ciphertexts: counted('ciphertexts', options.ciphertexts ?? 0),
    conjugations: Number(conjugate),
    relinearizations: Number(relinearize),
  };
  if (!canSwitch && counts.rotations + counts.conjugations + counts.relinearizations > 0) {
    throw refused('special primes', 'at least one, for there to be evaluation keys', 'none', 'write special: [50]');
  }
  const onBackend = (bytes: ObjectBytes | undefined): BackendSizes | undefined => {
    if (bytes === undefined) return undefined;
    const rotationKeys = counts.rotations * bytes.rotationKey;
    const evaluation =
      rotationKeys + counts.conjugations * bytes.rotationKey + counts.relinearizations * bytes.relinearizationKey;
    const vectors = counts.plaintexts * bytes.plaintext + counts.ciphertexts * bytes.ciphertext;
    return { ...bytes, rotationKeys, total: bytes.secretKey + bytes.publicKey + evaluation + vectors };
  };
  const made: Sizes = {
    parameters,
    engine: onBackend(engineBytes(parameters)),
    seal: onBackend(sealBytes(parameters)),
    logQP: parameters.logQP,
    limit: MAX_LOG_QP_128.get(parameters.ringDegree),
    securityBits: parameters.securityBits,
  };
  return Object.defineProperty(made, inspect, { value: () => sizeTable(made, counts), enumerable: false });
}

const EXAMPLE = 'write for example sizes(parameters, { rotations: 20, plaintexts: 100 })';

/** A number of keys, or a list of steps. @throws FheError RANGE */
function rotationCount(rotations: number | readonly number[], slots: number): number {
  if (!Array.isArray(rotations)) return counted('rotations', rotations);
  const wrong = rotations.find((k) => !Number.isInteger(k) || Math.abs(k) >= slots);
  if (wrong !== undefined) throw refused('rotations', `integers with |steps| < ${slots}`, describe(wrong));
  return new Set(rotations.map((k) => (k + slots) % slots).filter((k) => k !== 0)).size;
}

/** @throws FheError RANGE */
function counted(field: string, n: unknown): number {
  if (typeof n === 'number' && Number.isSafeInteger(n) && n >= 0) return n;
  throw refused(field, 'a whole number, 0 or more', describe(n));
}

function refused(field: string, should: string, is: string, hint = EXAMPLE): FheError {
  return new FheError({ code: 'RANGE', op: 'tell sizes', field, should, is, hint });
}
