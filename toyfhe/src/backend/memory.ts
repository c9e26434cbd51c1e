/**
 * How many objects live, and which scope they belong to.
 * @module
 */
import type { Owned } from './contract.ts';
import { FheError } from './errors.ts';

/** Book-keeping of one backend's objects. (Their handles are in `pool.ts`.) */
export class Memory {
  #live = 0;
  readonly #scopes: Set<Owned>[] = [];

  get live(): number {
    return this.#live;
  }

  opened(object: Owned): void {
    this.#live++;
    this.#scopes.at(-1)?.add(object);
  }

  closed(): void {
    this.#live--;
  }

  /** See `Backend.scope`. */
  scope<T>(f: () => T): T {
    const made = new Set<Owned>();
    this.#scopes.push(made);
    let result: T | undefined;
    let kept = new Set<unknown>();
    try {
      result = f();
      if (result instanceof Promise) {
        throw new FheError({
          code: 'RANGE',
          op: 'scope',
          field: 'result',
          should: 'a value',
          is: 'a Promise',
          hint: 'a scope ends when its function returns: make the function synchronous, or use `using`',
        });
      }
      kept = new Set(reachable(result));
      return result;
    } finally {
      this.#scopes.pop();
      for (const object of made) {
        if (kept.has(object)) this.#scopes.at(-1)?.add(object);
        else object.dispose();
      }
    }
  }
}

/** The value itself and, for arrays, maps and plain records, what they hold, to any depth. */
function* reachable(value: unknown, seen: Set<unknown> = new Set()): Generator<unknown> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  yield value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) || value instanceof Set) for (const v of value) yield* reachable(v, seen);
  else if (value instanceof Map) for (const v of value.values()) yield* reachable(v, seen);
  else if (prototype === Object.prototype || prototype === null) {
    for (const v of Object.values(value)) yield* reachable(v, seen);
  }
}
