import { FheError } from '../backend/index.ts';

/**
 * A number of values that has to be another number.
 * @throws FheError SLOTS
 */
export function checkLength(op: string, field: string, should: number, is: number): void {
  if (is === should) return;
  throw new FheError({ code: 'SLOTS', op, field, should: String(should), is: String(is), hint: 'check the shapes' });
}
