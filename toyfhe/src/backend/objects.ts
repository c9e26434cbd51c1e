/**
 * Plaintexts and ciphertexts as users hold them: metadata and a print. The polynomials are the backend's.
 * @module
 */
import type { Ciphertext, Meta, Plaintext } from './contract.ts';
import type { TraceLine } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { OwnedObject } from './pool.ts';
import { inspect } from './print.ts';

export class PlaintextObject extends OwnedObject implements Plaintext {
  readonly level: number;
  readonly scale: Meta['scale'];
  readonly isZero: boolean;
  readonly #params: Parameters;

  constructor(owner: string, params: Parameters, meta: Meta, isZero: boolean) {
    super(owner);
    this.level = meta.level;
    this.scale = meta.scale;
    this.isZero = isZero;
    this.#params = params;
  }
  [inspect](): string {
    const { slots, warning } = this.#params;
    return `CKKS plaintext (${this.owner}, level ${this.level}, scale ${this.scale}, ${slots} slots)${warning}`;
  }
}

export class CiphertextObject extends OwnedObject implements Ciphertext {
  readonly level: number;
  readonly scale: Meta['scale'];
  readonly length: number;
  readonly keyId: string;
  readonly trace: readonly TraceLine[];
  readonly bytes: number;
  readonly #params: Parameters;

  constructor(
    owner: string,
    params: Parameters,
    meta: Meta,
    keyId: string,
    trace: readonly TraceLine[],
    bytes: number,
  ) {
    super(owner);
    this.level = meta.level;
    this.scale = meta.scale;
    this.length = meta.length;
    this.keyId = keyId;
    this.trace = trace;
    this.bytes = bytes;
    this.#params = params;
  }
  [inspect](): string {
    const { slots, warning } = this.#params;
    const { owner, length, level, scale } = this;
    return `CKKS ciphertext (${owner}, length ${length}, level ${level}, scale ${scale}, ${slots} slots)${warning}`;
  }
}
