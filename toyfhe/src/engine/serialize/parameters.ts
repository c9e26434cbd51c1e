/**
 * Parameters in a file: alone, or at the head of every object, where they have to be the engine's own.
 * @module
 */
import { FheError } from '../../backend/errors.ts';
import { MAX_LOG_QP_128, Parameters, parameters } from '../../backend/parameters.ts';
import { describe } from '../../backend/print.ts';
import { FieldReader, FieldWriter } from './fields.ts';
import { END, feed, type Loader } from './feed.ts';
import { badFormat, MOST_PRIMES, naming } from './format.ts';
import { frameHeader, readHeader } from './frame.ts';

/** What a header says of the parameters; nothing of it is checked yet, but the number of primes. */
interface Written {
  readonly ringDegree: number;
  readonly chain: readonly bigint[];
  readonly special: readonly bigint[];
  readonly scaleBits: number;
  readonly insecure: boolean;
}

export interface LoadParametersOptions {
  /** Must be `true` for parameters that are not secure: whoever sent the bytes does not decide that. */
  readonly insecure?: boolean;
}

/** Parameters as bytes: some dozen, and eight a prime. @throws FheError RANGE (more than 512 primes) */
export function saveParameters(p: Parameters): Uint8Array {
  if (!(p instanceof Parameters)) {
    const hint = 'pass the parameters of a backend, or parameters(spec)';
    throw badFormat('save parameters', 'argument', 'Parameters', describe(p), hint);
  }
  const fields = new FieldWriter();
  writeParameters(fields, p);
  return frameHeader('parameters', fields);
}

/**
 * The parameters back, checked like any others.
 * @throws FheError FORMAT; INSECURE where they are and `insecure: true` is not given
 */
export function loadParameters(bytes: Uint8Array | ArrayBuffer, options: LoadParametersOptions = {}): Parameters {
  const op = naming('load', 'parameters');
  const made = feed(op, parametersLoader(op), bytes);
  if (made.securityBits === 128 || options.insecure === true) return made;
  throw new FheError({
    code: 'INSECURE',
    op,
    field: `log QP at ring degree ${made.ringDegree}`,
    should: `at most ${MAX_LOG_QP_128.get(made.ringDegree) ?? 'what is known to be secure (nothing is)'}`,
    is: made.logQP.toFixed(1),
    hint: 'ask for others, or write loadParameters(bytes, { insecure: true }) to learn with them',
  });
}

function* parametersLoader(op: string): Loader<Parameters> {
  const { fields } = yield* readHeader(op, 'parameters');
  const { ringDegree, chain, special, scaleBits, insecure } = readParameters(fields);
  fields.end();
  yield END;
  try {
    return parameters({ ringDegree, chain, special, scaleBits, insecure });
  } catch (cause) {
    if (!(cause instanceof FheError)) throw cause;
    const { message, hint } = cause;
    throw new FheError({
      code: 'FORMAT',
      op,
      field: 'parameters',
      should: 'possible',
      is: `not: ${message}`,
      hint,
      cause,
    });
  }
}

export function writeParameters(fields: FieldWriter, p: Parameters): void {
  const primes = [...p.primes, ...p.special];
  if (primes.length > MOST_PRIMES) {
    const op = naming('save', 'parameters');
    const is = String(primes.length);
    const hint = 'take fewer primes';
    throw new FheError({ code: 'RANGE', op, field: 'primes', should: `at most ${MOST_PRIMES}`, is, hint });
  }
  fields.u32(p.ringDegree);
  fields.u16(p.primes.length);
  fields.u16(p.special.length);
  fields.u32(p.scale.twos);
  fields.u8(p.insecure ? 1 : 0);
  for (const prime of primes) fields.u64(prime);
}

function readParameters(fields: FieldReader): Written {
  const ringDegree = fields.u32();
  const chain = fields.u16();
  const special = fields.u16();
  fields.within('number of primes', 1, MOST_PRIMES, chain + special);
  const scaleBits = fields.u32();
  const insecure = fields.flag('insecure');
  const primes = Array.from({ length: chain + special }, () => fields.u64());
  return { ringDegree, chain: primes.slice(0, chain), special: primes.slice(chain), scaleBits, insecure };
}

/** Reads the parameters and compares them, field by field. @throws FheError FORMAT */
export function expectParameters(fields: FieldReader, p: Parameters): void {
  const is = readParameters(fields);
  const compare = (field: string, should: unknown, found: unknown): void => {
    if (should === found) return;
    const hint = 'start the engine with the parameters that it was saved under, or save it under these';
    throw badFormat(fields.op, field, String(should), String(found), hint);
  };
  compare('ring degree', p.ringDegree, is.ringDegree);
  compare('primes of the chain', p.primes.length, is.chain.length);
  compare('special primes', p.special.length, is.special.length);
  p.primes.forEach((prime, i) => compare(`prime q${i}`, prime, is.chain[i]));
  p.special.forEach((prime, i) => compare(`special prime ${i}`, prime, is.special[i]));
  compare('scaleBits', p.scale.twos, is.scaleBits);
  compare('insecure', p.insecure, is.insecure);
}
