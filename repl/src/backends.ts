/**
 * The one place that names the concrete backends.
 * @module
 */
import { type Backend, type ParameterSpec, twin } from 'toyfhe/backend';
import { engine } from 'toyfhe/engine';
import { seal } from 'toyfhe/seal';
import { toy } from 'toyfhe/toy';

export const BACKENDS = ['engine', 'seal', 'toy', 'twin'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** @param threads the engine's; default: all cores */
export async function createBackend(name: BackendName, spec: ParameterSpec, threads?: number): Promise<Backend> {
  if (name === 'engine') return engine(spec, threads === undefined ? {} : { threads });
  if (name === 'seal') return seal(spec);
  return name === 'toy' ? toy(spec) : twin(spec);
}
