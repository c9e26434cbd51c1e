/**
 * The one place that names the concrete backends.
 * @module
 */
import { type Backend, type ParameterSpec, twin } from 'toyfhe/backend';
import { seal } from 'toyfhe/seal';
import { toy } from 'toyfhe/toy';

export const BACKENDS = ['seal', 'toy', 'twin'] as const;

export async function createBackend(name: (typeof BACKENDS)[number], spec: ParameterSpec): Promise<Backend> {
  if (name === 'seal') return seal(spec);
  return name === 'toy' ? toy(spec) : twin(spec);
}
