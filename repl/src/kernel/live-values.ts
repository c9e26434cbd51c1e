/**
 * What a running value is: for the status line, the panel, and for functions that look for keys. Values of strangers are
 * asked with care: their getters may throw.
 * @module
 */
import type { Backend, Ciphertext, EvaluationKeys } from 'toyfhe/backend';
import type { Ciphertext as ToyCiphertext } from 'toyfhe/toy';

function has(value: unknown, ...names: string[]): value is Record<string, unknown> {
  try {
    return typeof value === 'object' && value !== null && names.every((name) => name in value);
  } catch {
    return false;
  }
}

export function isBackend(value: unknown): value is Backend {
  return has(value, 'keygen', 'encode', 'decode', 'parameters', 'live');
}

/** Behind the contract, not the toy's. */
export function isCiphertext(value: unknown): value is Ciphertext {
  return has(value, 'trace', 'bytes', 'level', 'scale', 'keyId', 'dispose');
}

export function isEvaluationKeys(value: unknown): value is EvaluationKeys & { readonly keyId: string } {
  return has(value, 'relinearize', 'rescale', 'rotateSum', 'dotPlain', 'keyId');
}

export function isToyCiphertext(value: unknown): value is ToyCiphertext {
  return has(value, 'parts', 'encoding', 'pair', 'blank');
}
