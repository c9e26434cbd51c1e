/**
 * The one place that names the concrete backends.
 * @module
 */
import { type Backend, FheError, type ParameterSpec, twin } from 'toyfhe/backend';
import { COMMON_LIMITS, type CostModel, type PlanOptions } from 'toyfhe/compiler';

export const BACKENDS = ['engine', 'seal', 'toy', 'twin'] as const;
export type BackendName = (typeof BACKENDS)[number];

/**
 * Loads a backend's code only when it is asked for: the toy's alone, with mathjs, takes half a second.
 * @param threads the engine's; default: all cores
 */
export async function createBackend(name: BackendName, spec: ParameterSpec, threads?: number): Promise<Backend> {
  switch (name) {
    case 'engine': {
      const { engine } = await import('toyfhe/engine');
      return engine(spec, threads === undefined ? {} : { threads });
    }
    case 'seal': {
      const { seal } = await import('toyfhe/seal');
      return seal(spec);
    }
    case 'toy': {
      const { toy } = await import('toyfhe/toy');
      return toy(spec);
    }
    case 'twin':
      return twin(spec);
  }
}

/**
 * @param op what was asked for, for the message
 * @throws FheError RANGE for threads of a backend that has one
 */
export function checkThreads(op: string, name: BackendName, threads: number | undefined): void {
  if (threads === undefined || name === 'engine') return;
  throw new FheError({
    code: 'RANGE',
    op,
    field: 'threads',
    should: `left out for the backend ${name}, which has one thread`,
    is: String(threads),
    hint: 'take the engine for more',
  });
}

/** What `measureCosts` gave on one core of an Intel Xeon, 2026-11-21: without it, all would be told the engine's times. */
const costs = (name: string, transform: number, product: number, keySwitch: number, encode: number): CostModel => ({
  about: `${name} on an Intel Xeon`,
  transform,
  product,
  keySwitch,
  encode,
});

/** What `plan` may choose from for each backend, and what its operations cost. */
export const PLANNING: Readonly<
  Record<BackendName, Pick<PlanOptions, 'limits' | 'securityBits' | 'costs' | 'maxRingDegree'>>
> = {
  engine: { limits: { primeBits: 50, specialPrimes: 'many' } }, // costs: the default is the engine's
  seal: { limits: { primeBits: 60, specialPrimes: 'one' }, costs: costs('node-seal', 0.37, 0.165, 0.57, 3.5) },
  // Insecure on any ring, and slow: the smallest one that holds the values answers in seconds.
  toy: {
    limits: COMMON_LIMITS,
    securityBits: 0,
    maxRingDegree: 1024, // the largest that it takes
    costs: costs('the toy', 5.5, 5.2, 0.59, 63),
  },
  twin: { limits: COMMON_LIMITS, costs: costs('the twin', 0.014, 0.036, 0.01, 0.45) },
};

/** How a printed program makes each backend, with its parameters in `spec`. */
export const IN_PROGRAMS: Readonly<
  Record<BackendName, { readonly imports: readonly string[]; readonly create: string }>
> = {
  engine: { imports: [`import { engine } from 'toyfhe/engine';`], create: 'await engine(spec)' },
  seal: { imports: [`import { seal } from 'toyfhe/seal';`], create: 'await seal(spec)' },
  toy: { imports: [`import { toy } from 'toyfhe/toy';`], create: 'toy(spec)' },
  twin: { imports: [`import { twin } from 'toyfhe/backend';`], create: 'twin(spec)' },
};
