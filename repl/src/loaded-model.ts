/**
 * A model that a command can plan, wherever it came from.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { FheError } from 'toyfhe/backend';
import type { PlanOptions, Program } from 'toyfhe/compiler';

export interface LoadedModel {
  readonly name: string;
  /** In a few words. */
  readonly about: string;
  readonly program: Program;
  readonly ranges: NonNullable<PlanOptions['ranges']>;
  /** Bits right, where nothing is said; undefined: the planner's own default, which heeds what approximations allow. */
  readonly precision?: number;
  /** Images at once, where nothing is said. */
  readonly batch: number;
  /** For printed programs: whole import statements, and expressions for the weights by name and for the model in the clear. */
  readonly code: { readonly imports: readonly string[]; readonly weights: string; readonly model: string };
}

/** The program's one input. */
export const INPUT = 'image';

/** Factor on the largest values of the test images, for images that are not among them. */
export const MARGIN = 1.25;

/**
 * The bytes of a file of weights or of a model.
 * @throws FheError FORMAT when it cannot be read
 */
export async function readModelFile(path: string, hint: string = 'npm run train makes one'): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FheError({
      code: 'FORMAT',
      op: path.endsWith('.onnx') ? 'read a model' : 'read weights',
      field: path,
      should: 'a file that can be read',
      is: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause),
      hint,
      cause,
    });
  }
}
