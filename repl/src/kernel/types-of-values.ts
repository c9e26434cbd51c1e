/**
 * What a TypeScript type is to us: a ciphertext of the toy or of a backend, a number, something else with arithmetic.
 * Recognised by its members, so that wrappers and subclasses count as well.
 * @module
 */
import type ts from 'typescript';
import { typescript } from './compiler.ts';

export type Kind =
  | 'number'
  | 'bigint'
  /** A ciphertext behind the contract: operations are verbs of its evaluation keys. */
  | 'ciphertext'
  /** A plaintext behind the contract. */
  | 'plaintext'
  /** A ciphertext of the toy: operations are its methods. */
  | 'toy ciphertext'
  /** Whatever else has methods add, sub, mul and neg: the toy's plaintexts and ring elements. */
  | 'arithmetic'
  | 'evaluation keys'
  | 'backend'
  | 'other';

/** The first that fits counts: evaluation keys have add and mul as well. */
const MEMBERS: readonly (readonly [Kind, readonly string[]])[] = [
  ['evaluation keys', ['relinearize', 'rescale', 'rotateSum', 'dotPlain']],
  ['ciphertext', ['trace', 'bytes', 'level', 'scale', 'dispose']],
  ['plaintext', ['isZero', 'level', 'scale', 'dispose']],
  ['toy ciphertext', ['parts', 'blank', 'add', 'mul', 'neg']],
  ['arithmetic', ['add', 'sub', 'mul', 'neg']],
  ['backend', ['keygen', 'encode', 'decode', 'parameters', 'live']],
];

export function kindOf(type: ts.Type): Kind {
  const { flags } = type;
  if (flags & typescript.TypeFlags.NumberLike) return 'number';
  if (flags & typescript.TypeFlags.BigIntLike) return 'bigint';
  if (flags & (typescript.TypeFlags.Any | typescript.TypeFlags.Unknown | typescript.TypeFlags.Never)) return 'other';
  if (!(flags & (typescript.TypeFlags.Object | typescript.TypeFlags.Intersection))) return 'other';
  const has = (name: string): boolean => type.getProperty(name) !== undefined;
  return MEMBERS.find(([, names]) => names.every(has))?.[0] ?? 'other';
}

/** Whether operators on it become calls. */
export function isOurs(kind: Kind): boolean {
  return kind === 'ciphertext' || kind === 'plaintext' || kind === 'toy ciphertext' || kind === 'arithmetic';
}
