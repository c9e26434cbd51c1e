/**
 * What there is to know of a ciphertext without its key: for the panel, and for `.report`.
 * @module
 */
import { inspect } from 'node:util';
import type { Backend, ShadowedBackend } from 'toyfhe/backend';
import type { Ciphertext as ToyCiphertext } from 'toyfhe/toy';
import { isCiphertext, isToyCiphertext } from './live-values.ts';
import type { CiphertextDetails } from './protocol.ts';
import { asMonomial } from './toy-scale.ts';

/**
 * @param backends those that the ciphertext may belong to
 * @returns undefined for what is no ciphertext, or has been disposed of
 */
export function detailsOf(name: string, value: unknown, backends: readonly Backend[]): CiphertextDetails | undefined {
  if (isToyCiphertext(value)) return ofToy(name, value);
  if (!isCiphertext(value) || value.disposed) return undefined;
  const backend = backends.find((candidate) => belongs(candidate, () => candidate.peek?.(value)));
  const line = backend !== undefined && isShadowed(backend) ? backend.lineOf(value) : undefined;
  return {
    name,
    summary: inspect(value),
    chainBits: backend?.parameters.primes.map((q) => Math.log2(Number(q))) ?? [],
    level: value.level,
    scale: String(value.scale),
    scaleBits: value.scale.log2,
    length: value.length,
    bytes: value.bytes,
    ...(line === undefined ? {} : { bitsRight: line.bitsRight, noiseBits: line.noiseBits }),
    ...(line === undefined || line.warning === '' ? {} : { warning: line.warning }),
    operations: value.trace.map(({ op, level, scale }) => ({ op, level, scale })),
  };
}

/** A backend refuses strangers, also where it knows no values. */
function belongs(backend: Backend, ask: () => unknown): boolean {
  if (backend.disposed) return false;
  try {
    ask();
    return true;
  } catch {
    return false;
  }
}

function isShadowed(backend: Backend): backend is ShadowedBackend {
  return 'ledger' in backend;
}

/** The toy keeps no history, and its scale and modulus are all there is to see. */
function ofToy(name: string, c: ToyCiphertext): CiphertextDetails {
  const bits = c.params.ring.primes.map((p) => Math.log2(Number(p)));
  const left = c.ring.primes.map((p) => Math.log2(Number(p)));
  const [numerator, denominator = '1'] = c.encoding.scaleText.split('/');
  return {
    name,
    summary: inspect(c),
    chainBits: bits,
    level: left.length - 1,
    scale: asMonomial(c.encoding.scaleText, c.params.ring.primes) ?? c.encoding.scalePrint,
    scaleBits: Math.log2(Number(numerator)) - Math.log2(Number(denominator)),
    length: c.length,
    bytes: Math.ceil((c.length * c.ring.degree * left.reduce((sum, b) => sum + b, 0)) / 8),
    operations: [],
  };
}
