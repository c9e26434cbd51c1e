/**
 * Objects that own memory, and the table that finds an object's handle. Handles are in no property: nothing prints
 * a secret key by accident, and an object of another backend is recognised by its absence here.
 * @module
 */
import type { Owned } from './contract.ts';
import { FheError } from './errors.ts';
import type { Memory } from './memory.ts';
import { describe } from './print.ts';

export class OwnedObject implements Owned {
  /** The name of the backend that made it. */
  readonly owner: string;
  /** `plaintext`, `ciphertext`, `secret key`, … */
  readonly kind: string;
  #release: (() => void) | undefined;
  #disposed = false;

  constructor(kind: string, owner: string) {
    this.kind = kind;
    this.owner = owner;
  }
  get disposed(): boolean {
    return this.#disposed;
  }
  onDispose(release: () => void): void {
    this.#release = release;
  }
  /** How a print ends: the backend's warning, and whether the object is still there. */
  protected ending(warning: string): string {
    return `${warning}${this.#disposed ? ' DISPOSED' : ''}`;
  }
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#release?.();
    this.#release = undefined;
  }
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The handles of one kind of object. An object that is not in here is another backend's, or disposed. */
export class Pool<O extends OwnedObject, T> {
  readonly #handles: WeakMap<object, T> = new WeakMap();
  readonly #name: string;
  readonly #kind: string;
  readonly #memory: Memory;
  readonly #free: (handle: T) => void;
  /** The last resort for objects that nobody disposed: their memory outlives them until the collector runs. */
  readonly #lost: FinalizationRegistry<T> = new FinalizationRegistry((handle) => this.#release(handle));

  constructor(name: string, kind: string, memory: Memory, free: (handle: T) => void) {
    this.#name = name;
    this.#kind = kind;
    this.#memory = memory;
    this.#free = free;
  }

  add(object: O, handle: T): O {
    this.#handles.set(object, handle);
    this.#memory.opened(object);
    this.#lost.register(object, handle, object);
    object.onDispose(() => {
      this.#lost.unregister(object);
      this.#handles.delete(object);
      this.#release(handle);
    });
    return object;
  }

  get(op: string, object: Owned): T {
    const handle = this.#handles.get(object);
    if (handle !== undefined) return handle;
    if (object instanceof OwnedObject && object.disposed) {
      throw new FheError({
        code: 'DISPOSED',
        op,
        field: object.kind,
        should: 'live',
        is: 'disposed',
        hint: 'keep it until its last use; a scope keeps the objects, arrays and records that its function returns',
      });
    }
    throw new FheError({
      code: 'FORMAT',
      op,
      field: 'operand',
      should: `a ${this.#kind} of this ${this.#name} backend`,
      ...this.#stranger(object),
    });
  }

  /** What was given instead, and what to do about it. */
  #stranger(object: unknown): { is: string; hint: string } {
    if (!(object instanceof OwnedObject)) {
      const hint = `encode it first${this.#kind === 'ciphertext' ? ', and encrypt it or use addPlain or mulPlain' : ''}`;
      return { is: describe(object), hint };
    }
    if (object.kind === this.#kind) {
      // The one backend that saves and loads.
      const saves = object.owner === this.#name && this.#name === 'engine';
      const hint = saves
        ? 'save it there and load it here, or use one backend'
        : 'objects cannot move between backends: decrypt and encrypt again';
      return { is: `one of another backend (${object.owner})`, hint };
    }
    const hints: Record<string, string> = {
      'plaintext for ciphertext': 'encrypt it first, or use addPlain or mulPlain',
      'ciphertext for plaintext': 'use add or mul for two ciphertexts; decrypt it to read it',
    };
    return { is: `a ${object.kind}`, hint: hints[`${object.kind} for ${this.#kind}`] ?? `give a ${this.#kind}` };
  }

  #release(handle: T): void {
    this.#memory.closed();
    this.#free(handle);
  }
}
