import type { Owned } from '../backend/index.ts';

/**
 * `parts` as the owner of `objects`: disposing it disposes them. A plain record, so that a scope that returns it keeps the
 * objects that stand in `parts`.
 */
export function owning<T extends object>(parts: T, objects: readonly Owned[]): T & Owned {
  const dispose = (): void => {
    for (const object of objects) object.dispose();
  };
  return {
    ...parts,
    dispose,
    [Symbol.dispose]: dispose,
    get disposed() {
      return objects.every((object) => object.disposed);
    },
  };
}
