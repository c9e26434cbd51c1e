/**
 * ReLU on encrypted values, by a composite polynomial: how exact, in how many levels, how long.
 * @module
 */
import { type Backend, FheError } from 'toyfhe/backend';
import { Relu } from 'toyfhe/circuits';
import { type BackendName, checkThreads, createBackend } from '../backends.ts';
import { Progress } from '../progress.ts';
import { specFor } from './chain.ts';

export interface ReluOptions {
  readonly backend: BackendName;
  /** Of the composite's polynomials. Default: 15, 15, 27. */
  readonly degrees?: readonly number[];
  /** Inputs are in [−bound, bound]. Default: 1; others take a level more, large and small ones two. */
  readonly bound?: number;
  /** The engine's threads. Default: all cores. */
  readonly threads?: number;
  /** Inputs, evenly from −bound to bound. Default: 1000. */
  readonly points?: number;
}

/** The line that `--json` prints. */
export interface ReluResult {
  readonly task: 'relu';
  readonly backend: string;
  readonly degrees: readonly number[];
  readonly bound: number;
  /** Bits right of the composite in the clear, relative to the bound: −log₂ of its largest error anywhere. */
  readonly alpha: number;
  readonly points: number;
  /** Largest |encrypted ReLU − ReLU| of all points. */
  readonly maxError: number;
  /** The same of the composite in doubles: what encryption cannot better. */
  readonly maxErrorClear: number;
  /** bound·2^-⌊alpha⌋: what the error should stay below. */
  readonly target: number;
  readonly levels: number;
  readonly multiplications: number;
  readonly ringDegree: number;
  readonly logQP: number;
  /** 128, or 0: nothing is claimed. */
  readonly securityBits: number;
  readonly seconds: {
    readonly keygen: number;
    readonly encrypt: number;
    readonly evaluate: number;
    readonly decrypt: number;
  };
}

export interface ReluRun {
  readonly result: ReluResult;
  readonly inputs: Float64Array;
  /** Decrypted, one an input. */
  readonly outputs: Float64Array;
}

/** @throws FheError for impossible degrees or bounds, and more levels than fit the largest ring */
export async function evaluateRelu(options: ReluOptions): Promise<ReluRun> {
  const { bound = 1, points = 1000 } = options;
  checkThreads('evaluate ReLU', options.backend, options.threads);
  const relu = new Relu(options.degrees === undefined ? { bound } : { degrees: options.degrees, bound });
  const backend = await createBackend(options.backend, specFor(options.backend, relu), options.threads);
  try {
    return evaluate(backend, relu, points);
  } finally {
    backend.dispose();
  }
}

/**
 * Holds the largest error against what the composite promises: where it is larger, the outputs are garbage.
 * @throws FheError RANGE
 */
export function checkRelu({ maxError, target }: ReluResult): void {
  if (maxError <= target) return; // false for NaN
  throw new FheError({
    code: 'RANGE',
    op: 'trust this ReLU',
    field: 'largest error',
    should: `at most ${target.toExponential(2)}`,
    is: maxError.toExponential(2),
    hint: 'take other degrees, or a bound nearer to 1',
  });
}

function evaluate(backend: Backend, relu: Relu, points: number): ReluRun {
  const seconds = { keygen: 0, encrypt: 0, evaluate: 0, decrypt: 0 };
  const timed = <T>(what: keyof typeof seconds, f: () => T): T => {
    const start = performance.now();
    const result = f();
    seconds[what] += (performance.now() - start) / 1000;
    return result;
  };
  const { slots, ringDegree, logQP } = backend.parameters;
  const { bound } = relu;
  const inputs = Float64Array.from({ length: points }, (_, i) => bound * ((2 * i) / (points - 1) - 1));
  const outputs = new Float64Array(points);
  const waiting = new Progress('keys', 1);
  backend.scope(() => {
    const { secretKeys, evaluationKeys } = timed('keygen', () => backend.keygen());
    waiting.end();
    const progress = new Progress('products', Math.ceil(points / slots) * relu.multiplications);
    for (let start = 0; start < points; start += slots) {
      backend.scope(() => {
        const part = inputs.subarray(start, start + slots);
        // By the secret key: the public key's noise, 2^-23 here, would be the largest of all.
        const x = timed('encrypt', () => secretKeys.encrypt(backend.encode(part)));
        const y = timed('evaluate', () =>
          relu.apply(backend, evaluationKeys, x, { range: [-bound, bound], onStep: () => progress.step() }),
        );
        const decrypted = timed('decrypt', () => backend.decode(secretKeys.decrypt(y)));
        outputs.set(decrypted.subarray(0, part.length), start);
      });
    }
    progress.end();
  });
  const worst = (f: (x: number, i: number) => number): number =>
    inputs.reduce((most, x, i) => Math.max(most, Math.abs(f(x, i) - Math.max(0, x))), 0);
  const rounded = (x: number): number => Number(x.toFixed(3));
  const result: ReluResult = {
    task: 'relu',
    backend: backend.name,
    degrees: relu.degrees,
    bound,
    alpha: rounded(relu.alpha),
    points,
    maxError: worst((_, i) => outputs[i]!),
    maxErrorClear: worst((x) => relu.at(x)),
    target: bound * 2 ** -Math.floor(relu.alpha),
    levels: relu.depth,
    multiplications: relu.multiplications,
    ringDegree,
    logQP: Number(logQP.toFixed(1)),
    securityBits: backend.securityBits,
    seconds: {
      keygen: rounded(seconds.keygen),
      encrypt: rounded(seconds.encrypt),
      evaluate: rounded(seconds.evaluate),
      decrypt: rounded(seconds.decrypt),
    },
  };
  return { result, inputs, outputs };
}
