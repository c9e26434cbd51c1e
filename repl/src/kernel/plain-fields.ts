/**
 * A look into plain objects that runs none of their code.
 * @module
 */
import { types } from 'node:util';

/** The own fields of an object literal; undefined for proxies, objects of classes, and where there are getters. */
export function plainFields(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || (prototype !== null && !isObjectPrototype(prototype))) return undefined;
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value));
  if (fields.some(([, { get, set }]) => get !== undefined || set !== undefined)) return undefined;
  return Object.fromEntries(fields.map(([name, { value: field }]): [string, unknown] => [name, field]));
}

/** Also of another realm: cells may run in a context of their own. */
function isObjectPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty');
}

/** Numbers in a row: a typed array of doubles, floats or integers (not of bigints), or an array of numbers only. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  if (types.isProxy(value)) return false;
  if (Array.isArray(value)) return value.every((x) => typeof x === 'number');
  return types.isTypedArray(value) && !types.isBigInt64Array(value) && !types.isBigUint64Array(value);
}
