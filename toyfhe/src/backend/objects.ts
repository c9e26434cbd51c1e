/**
 * Plaintexts and ciphertexts as users hold them: metadata and a print. The polynomials are the backend's.
 * @module
 */
import type { Ciphertext, Meta, Plaintext } from './contract.ts';
import type { TraceLine } from './errors.ts';
import { OwnedObject } from './pool.ts';
import { inspect } from './print.ts';

/** What an object says of its backend. */
export interface Maker {
  readonly name: string;
  readonly parameters: { readonly slots: number };
  /** ` INSECURE`, ` NOT ENCRYPTED`, or nothing: the end of every print. */
  readonly warning: string;
}

export class PlaintextObject extends OwnedObject implements Plaintext {
  readonly level: number;
  readonly scale: Meta['scale'];
  readonly isZero: boolean;
  readonly #maker: Maker;

  constructor(maker: Maker, meta: Meta, isZero: boolean) {
    super('plaintext', maker.name);
    this.level = meta.level;
    this.scale = meta.scale;
    this.isZero = isZero;
    this.#maker = maker;
  }
  [inspect](): string {
    const { warning, parameters } = this.#maker;
    return `CKKS plaintext (${this.owner}, level ${this.level}, scale ${this.scale}, ${parameters.slots} slots)${this.ending(warning)}`;
  }
}

export class CiphertextObject extends OwnedObject implements Ciphertext {
  readonly level: number;
  readonly scale: Meta['scale'];
  readonly length: number;
  readonly keyId: string;
  readonly trace: readonly TraceLine[];
  readonly bytes: number;
  readonly #maker: Maker;

  constructor(maker: Maker, meta: Meta, keyId: string, trace: readonly TraceLine[], bytes: number) {
    super('ciphertext', maker.name);
    this.level = meta.level;
    this.scale = meta.scale;
    this.length = meta.length;
    this.keyId = keyId;
    this.trace = trace;
    this.bytes = bytes;
    this.#maker = maker;
  }
  [inspect](): string {
    const { warning, parameters } = this.#maker;
    const { owner, length, level, scale } = this;
    return `CKKS ciphertext (${owner}, length ${length}, level ${level}, scale ${scale}, ${parameters.slots} slots)${this.ending(warning)}`;
  }
}
