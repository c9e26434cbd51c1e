/**
 * Where lessons lie, and what to say when they cannot be read.
 * @module
 */
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { FheError } from 'toyfhe/backend';

/** The course that comes with the project: the folder of the package `@toyfhe/notebooks`. */
export function courseFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@toyfhe/notebooks/package.json'));
}

/** The folder that lessons are played from: `TOYFHE_LESSONS` where it is set, for a teacher's own, else the course. */
export function lessonsFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env.TOYFHE_LESSONS ? resolve(env.TOYFHE_LESSONS) : courseFolder();
}

/** The error of a file or a folder that the system does not give. */
export function unreadable(op: string, path: string, should: string, cause: unknown, hint: string): FheError {
  const is = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new FheError({ code: 'FORMAT', op, field: path, should, is, hint, cause });
}
