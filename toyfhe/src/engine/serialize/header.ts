/**
 * The fields of each kind, after the parameters:
 *
 *     plaintext        form u8 (0: polynomial, 1: constant) · level u16 · scale (scale.ts)
 *     ciphertext       key pair 8 bytes · level u16 · length u8 · seeded u8 · scale
 *     public key       key pair
 *     secret keys      key pair
 *     evaluation keys  key pair · relinearize u8 · conjugate u8 · rotations u32 · steps u32 each, ascending
 * @module
 */
import type { KeyRequest } from '../../backend/arithmetic.ts';
import type { Meta } from '../../backend/contract.ts';
import type { Parameters } from '../../backend/parameters.ts';
import { type FieldReader, FieldWriter } from './fields.ts';
import { badFormat, type Kind, naming } from './format.ts';
import { frameHeader } from './frame.ts';
import { expectParameters, writeParameters } from './parameters.ts';
import { readScale, writeScale } from './scale.ts';

/** Bytes of a key pair's name. */
const KEY_ID_BYTES = 8;

/** What the header says of an object. */
export interface Description {
  readonly plaintext: { readonly form: 'polynomial' | 'constant'; readonly meta: Meta };
  readonly ciphertext: { readonly keyId: string; readonly seeded: boolean; readonly meta: Meta };
  readonly 'public key': { readonly keyId: string };
  readonly 'secret keys': { readonly keyId: string };
  readonly 'evaluation keys': { readonly keyId: string; readonly request: KeyRequest };
}
export type ObjectKind = keyof Description;

type Write<K extends ObjectKind> = (fields: FieldWriter, p: Parameters, of: Description[K], op: string) => void;
type Read<K extends ObjectKind> = (fields: FieldReader, p: Parameters) => Description[K];

const writers: { readonly [K in ObjectKind]: Write<K> } = {
  plaintext: (fields, p, { form, meta }, op) => {
    fields.u8(form === 'constant' ? 1 : 0);
    fields.u16(meta.level);
    writeScale(op, fields, p, meta.level, meta.scale);
  },
  ciphertext: (fields, p, { keyId, seeded, meta }, op) => {
    writeKeyId(fields, keyId);
    fields.u16(meta.level);
    fields.u8(meta.length);
    fields.u8(seeded ? 1 : 0);
    writeScale(op, fields, p, meta.level, meta.scale);
  },
  'public key': (fields, _, { keyId }) => writeKeyId(fields, keyId),
  'secret keys': (fields, _, { keyId }) => writeKeyId(fields, keyId),
  'evaluation keys': (fields, _, { keyId, request }) => {
    writeKeyId(fields, keyId);
    fields.u8(request.relinearize ? 1 : 0);
    fields.u8(request.conjugate ? 1 : 0);
    fields.u32(request.rotations.length);
    for (const steps of request.rotations) fields.u32(steps);
  },
};

const readers: { readonly [K in ObjectKind]: Read<K> } = {
  plaintext: (fields, p) => {
    const form = fields.flag('form of the plaintext') ? 'constant' : 'polynomial';
    const level = fields.within('level', 0, p.maxLevel, fields.u16());
    return { form, meta: { level, scale: readScale(fields, p, level), length: 1 } };
  },
  ciphertext: (fields, p) => {
    const keyId = readKeyId(fields);
    const level = fields.within('level', 0, p.maxLevel, fields.u16());
    const length = fields.within('length', 2, 3, fields.u8());
    const seeded = fields.flag('seeded');
    if (seeded) fields.within('length of a seeded ciphertext', 2, 2, length);
    return { keyId, seeded, meta: { level, scale: readScale(fields, p, level), length } };
  },
  'public key': (fields) => ({ keyId: readKeyId(fields) }),
  'secret keys': (fields) => ({ keyId: readKeyId(fields) }),
  'evaluation keys': (fields, p) => {
    const keyId = readKeyId(fields);
    const relinearize = fields.flag('relinearize');
    const conjugate = fields.flag('conjugate');
    const count = fields.within('number of rotations', 0, p.slots - 1, fields.u32());
    const rotations: number[] = [];
    for (let next = 1; rotations.length < count; next = rotations.at(-1)! + 1) {
      rotations.push(fields.within('rotation steps', next, p.slots - 1, fields.u32()));
    }
    const keys = count + Number(relinearize) + Number(conjugate);
    if (keys > 0 && p.special.length === 0) {
      throw badFormat(fields.op, 'number of keys', '0 without special primes', String(keys));
    }
    return { keyId, request: { rotations, conjugate, relinearize } };
  },
};

/** The header of an object. @throws FheError RANGE for what could not be loaded again */
export function writeHeader<K extends ObjectKind>(kind: K, p: Parameters, description: Description[K]): Uint8Array {
  const fields = new FieldWriter();
  writeParameters(fields, p);
  writers[kind](fields, p, description, naming('save', kind as Kind));
  return frameHeader(kind, fields);
}

/** @throws FheError FORMAT */
export function readDescription<K extends ObjectKind>(kind: K, fields: FieldReader, p: Parameters): Description[K] {
  expectParameters(fields, p);
  const description = readers[kind](fields, p);
  fields.end();
  return description;
}

/** How many keys a request names. */
export function countKeys({ rotations, conjugate, relinearize }: KeyRequest): number {
  return rotations.length + Number(conjugate) + Number(relinearize);
}

function writeKeyId(fields: FieldWriter, keyId: string): void {
  for (let i = 0; i < KEY_ID_BYTES; i++) fields.u8(Number.parseInt(keyId.slice(2 * i, 2 * i + 2), 16));
}

function readKeyId(fields: FieldReader): string {
  return [...fields.bytes(KEY_ID_BYTES)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
