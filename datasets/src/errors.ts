import { FheError } from 'toyfhe/backend';

/** What to do about a file that is there and wrong. */
export const REPLACE_FILE = 'delete the file and run `npm run data`';

/** The error of data that is not what it should be: "cannot <op>: <field> should be <x> but is <y>; <what to do>". */
export function wrongData(
  op: string,
  field: string,
  should: string | number,
  is: string | number,
  hint: string,
  cause?: unknown,
): FheError {
  return new FheError({ code: 'FORMAT', op, field, should: String(should), is: String(is), hint, cause });
}

/** An argument outside what is allowed. */
export function outOfRange(op: string, field: string, should: string, is: string): FheError {
  return new FheError({ code: 'RANGE', op, field, should, is, hint: `give another ${field}` });
}

/** The `code` of a system error, e.g. `ENOENT`; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
