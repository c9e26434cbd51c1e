/**
 * Saving and loading for one engine: objects and their bytes (format.ts says what stands in them).
 * @module
 */
import type { CheckedBackend } from '../../backend/checked.ts';
import type { Ciphertext, EvaluationKeys, Plaintext, PublicKey, SecretKeys } from '../../backend/contract.ts';
import { FheError } from '../../backend/errors.ts';
import { OwnedObject } from '../../backend/pool.ts';
import { describe } from '../../backend/print.ts';
import type { EngineArithmetic } from '../arithmetic.ts';
import type { EngineHandles } from '../handles.ts';
import { humanBytes } from '../heap.ts';
import { asBytes, feed, feedAsync, type Loader } from './feed.ts';
import { badFormat, type Kind, naming } from './format.ts';
import { type Description, type ObjectKind, writeHeader } from './header.ts';
import { blockBytes } from './layout.ts';
import { type Loaded, loadCiphertext, loadPlaintext, loadPublicKey, loadSecretKeys } from './load.ts';
import { loadEvaluationKeys } from './load-keys.ts';
import { BlockWriter, sealed } from './save.ts';

/** What can be saved. */
export type Saveable = Plaintext | Ciphertext | PublicKey | EvaluationKeys | SecretKeys;

export interface SaveOptions {
  /** Must be `true` for secret keys, which come out as they are: encrypt the bytes, or keep them where nobody reads. */
  readonly secret?: boolean;
}

/** Bytes, whole or in pieces of any size. */
export type ByteSource = Uint8Array | ArrayBuffer | Iterable<Uint8Array>;

interface Plan {
  readonly header: Uint8Array;
  readonly bytes: number;
  readonly blocks: Iterable<Uint8Array>;
}

export class Serializer {
  readonly #backend: CheckedBackend<EngineHandles>;
  readonly #engine: EngineArithmetic;

  constructor(backend: CheckedBackend<EngineHandles>, engine: EngineArithmetic) {
    this.#backend = backend;
    this.#engine = engine;
  }

  save(object: Saveable, options: SaveOptions): Uint8Array {
    const { header, bytes, blocks } = this.#plan(object, options);
    let all: Uint8Array;
    try {
      all = new Uint8Array(bytes);
    } catch (cause) {
      const is = 'not to be had in one piece';
      const hint = 'write what saveChunks gives to a file, piece by piece';
      const should = humanBytes(bytes);
      throw new FheError({ code: 'MEMORY', op: 'save', field: 'free memory', should, is, hint, cause });
    }
    let at = 0;
    for (const chunk of sealed(header, blocks)) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  saveChunks(object: Saveable, options: SaveOptions): Generator<Uint8Array, void, void> {
    const { header, blocks } = this.#plan(object, options);
    return sealed(header, blocks);
  }

  loadPlaintext(source: ByteSource): Plaintext {
    const { handle, description } = this.#load('plaintext', source, loadPlaintext);
    return this.#backend.adoptPlaintext(handle, description.meta);
  }
  loadCiphertext(source: ByteSource): Ciphertext {
    const { handle, description } = this.#load('ciphertext', source, loadCiphertext);
    return this.#backend.adoptCiphertext(handle, description.meta, description.keyId, 'load');
  }
  loadPublicKey(source: ByteSource): PublicKey {
    const { handle, description } = this.#load('public key', source, loadPublicKey);
    return this.#backend.adoptPublic(handle, description.keyId);
  }
  loadSecretKeys(source: ByteSource): SecretKeys {
    const { handle, description } = this.#load('secret keys', source, loadSecretKeys);
    return this.#backend.adoptSecret(handle, description.keyId);
  }
  loadEvaluationKeys(source: ByteSource): EvaluationKeys {
    const { handle, description } = this.#load('evaluation keys', source, loadEvaluationKeys);
    return this.#backend.adoptEvaluation(handle, description.keyId, description.request);
  }
  async loadEvaluationKeysFrom(stream: AsyncIterable<Uint8Array> | Uint8Array | ArrayBuffer): Promise<EvaluationKeys> {
    const bytes = asBytes(stream);
    if (bytes !== undefined) return this.loadEvaluationKeys(bytes);
    const op = naming('load', 'evaluation keys');
    this.#open(op);
    const loader = loadEvaluationKeys(this.#engine, undefined);
    const coming = stream as AsyncIterable<Uint8Array>;
    const { handle, description } = await feedAsync(op, loader, coming, () => this.#open(op));
    return this.#backend.adoptEvaluation(handle, description.keyId, description.request);
  }

  #load<H extends EngineHandles[keyof EngineHandles], K extends ObjectKind>(
    kind: K,
    source: ByteSource,
    loader: (engine: EngineArithmetic, given: number | undefined) => Loader<Loaded<H, K>>,
  ): Loaded<H, K> {
    const op = naming('load', kind as Kind);
    this.#open(op);
    const loaded = feed(op, loader(this.#engine, asBytes(source)?.length), source);
    try {
      this.#open(op); // the source is the caller's code: it may have disposed the backend
    } catch (error) {
      this.#engine.free(loaded.handle);
      throw error;
    }
    return loaded;
  }

  #plan(object: Saveable, options: SaveOptions): Plan {
    const backend = this.#backend;
    const writer = new BlockWriter(this.#engine);
    const kind = object instanceof OwnedObject ? object.kind : undefined;
    switch (kind) {
      case 'plaintext': {
        const p = object as Plaintext;
        const handle = (): EngineHandles['plain'] => backend.handleOfPlaintext('save', p);
        const meta = { level: p.level, scale: p.scale, length: 1 };
        return this.#planned('plaintext', { form: handle().kind, meta }, writer.plaintext(handle));
      }
      case 'ciphertext': {
        const c = object as Ciphertext;
        const { keyId, handle: now } = backend.handleOfCiphertext('save', c);
        const blocks = writer.ciphertext(() => backend.handleOfCiphertext('save', c).handle);
        const meta = { level: c.level, scale: c.scale, length: c.length };
        return this.#planned('ciphertext', { keyId, seeded: now.seed !== undefined, meta }, blocks);
      }
      case 'public key': {
        const key = object as PublicKey;
        const handle = (): EngineHandles['public'] => backend.handleOfPublic('save', key);
        handle();
        return this.#planned('public key', { keyId: key.keyId }, writer.public(handle));
      }
      case 'secret key': {
        const keys = object as SecretKeys;
        const handle = (): EngineHandles['secret'] => backend.handleOfSecret('save', keys);
        handle();
        if (options.secret !== true) throw secretUnasked(options.secret);
        return this.#planned('secret keys', { keyId: keys.keyId }, writer.secret(handle));
      }
      case 'evaluation key': {
        const keys = object as EvaluationKeys;
        const { request } = backend.handleOfEvaluation('save', keys);
        const blocks = writer.evaluation(() => backend.handleOfEvaluation('save', keys).handle);
        return this.#planned('evaluation keys', { keyId: keys.keyId, request }, blocks);
      }
      default:
        throw badFormat(
          'save',
          'object',
          'a plaintext, ciphertext or key',
          describe(object),
          'parameters: saveParameters',
        );
    }
  }

  #planned<K extends ObjectKind>(kind: K, description: Description[K], blocks: Iterable<Uint8Array>): Plan {
    const header = writeHeader(kind, this.#backend.parameters, description);
    return { header, bytes: header.length + blockBytes(kind, this.#engine.machine.ring, description), blocks };
  }

  #open(op: string): void {
    if (!this.#backend.disposed) return;
    const hint = 'create the backend again';
    throw new FheError({ code: 'DISPOSED', op, field: 'backend', should: 'open', is: 'disposed', hint });
  }
}

function secretUnasked(is: unknown): FheError {
  return new FheError({
    code: 'RANGE',
    op: 'save secret keys',
    field: 'option secret',
    should: 'true',
    is: describe(is),
    hint: 'whoever has these bytes reads everything: if that is meant, write save(keys, { secret: true })',
  });
}
