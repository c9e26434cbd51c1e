/**
 * A plan: plain JSON, so that client and server can share it. It holds no weights (the client needs none) and no secret (the
 * server has none).
 * @module
 */
import type { SlotLayout, Split } from '../circuits/index.ts';
import type { CostModel } from './costs.ts';
import type { ProgramText, ValueId } from './program.ts';
import type { Ranges } from './ranges.ts';
import type { Stage } from './stages.ts';

/** Raised when a plan written today could not be read, or would be read wrongly, by the code of yesterday. */
export const PLAN_VERSION = 1;

/** What kind of parameters a backend takes. */
export interface BackendLimits {
  /** Largest prime of the chain and of the special primes, in bits. */
  readonly primeBits: number;
  /** Whether keys may have any number of special primes, or exactly one (node-seal). */
  readonly specialPrimes: 'one' | 'many';
}

/** What every backend takes: the engine's primes end at 50 bits, node-seal has exactly one special prime. */
export const COMMON_LIMITS: BackendLimits = { primeBits: 50, specialPrimes: 'one' };

export interface PlanOptions {
  /** 128 (default), or 0 for the smallest ring that the slots allow: for learning, insecure. */
  readonly securityBits?: 128 | 0;
  /** Bits right after the binary point that every output should have: −log₂ of its largest error. Default: 16. */
  readonly precisionBits?: number;
  /** Largest |value| by operation name (`measureRanges`). What is not declared is bounded by the weights, often far too high. */
  readonly ranges?: Ranges;
  /** Default: 65536, the largest degree with a known 128-bit limit. */
  readonly maxRingDegree?: number;
  /** Images that are asked for at once: what time is counted for. Default: 1. */
  readonly batch?: number;
  /**
   * `patches`: the client takes a first convolution's windows apart (the article's way: many images at once, no rotation);
   * `packed`: an image lies in one ciphertext. Default: what is faster for the batch.
   */
  readonly layout?: 'patches' | 'packed';
  /** Default: what every backend takes. */
  readonly limits?: BackendLimits;
  /** Default: `DEFAULT_COSTS`. */
  readonly costs?: CostModel;
}

/** A value on its way: what is known of its ciphertexts. */
export interface PlannedValue {
  readonly id: ValueId;
  readonly name: string;
  /** Of one image. */
  readonly shape: readonly number[];
  readonly level: number;
  /** log₂ of the scale. */
  readonly scaleBits: number;
  readonly layout: SlotLayout;
  /** Largest |value| that the ciphertexts hold. */
  readonly range: number;
  /** Largest error to expect. */
  readonly error: number;
}

/** A stage with what was decided for it. */
export type Step = Exclude<Stage, { kind: 'input' }> & {
  /** Of a matrix: how it is split into baby steps and giant steps. */
  readonly split?: Split;
  /** Rotations and products that it makes. */
  readonly rotations: number;
  readonly products: number;
  /** Milliseconds, estimated. */
  readonly ms: number;
};

export interface PlannedInput {
  readonly id: ValueId;
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether the client takes the windows of the first convolution apart. */
  readonly patches?: {
    readonly kernel: readonly [number, number];
    readonly stride: readonly [number, number];
    readonly padding: readonly [number, number, number, number];
  };
}

/** Why something was chosen. */
export interface Reason {
  readonly about: 'layout' | 'parameters' | 'output scale' | 'matrix' | 'keys';
  /** Of a matrix: the value that it gives. */
  readonly value?: ValueId;
  readonly choice: string;
  readonly why: string;
}

export interface Plan {
  readonly format: 'toyfhe-plan';
  readonly version: number;
  readonly program: ProgramText;
  readonly parameters: {
    readonly ringDegree: number;
    readonly chain: readonly number[];
    readonly special: readonly number[];
    readonly scaleBits: number;
    readonly insecure?: boolean;
  };
  /** log₂ of the scale of outputs that a matrix makes: smaller than `scaleBits` where large results want room. */
  readonly outputScaleBits: number;
  readonly securityBits: 128 | 0;
  /** Images in one evaluation. */
  readonly batch: number;
  readonly layout: 'patches' | 'packed';
  readonly inputs: readonly PlannedInput[];
  readonly outputs: readonly ValueId[];
  readonly values: readonly PlannedValue[];
  readonly steps: readonly Step[];
  readonly ranges: Ranges;
  /** What `keygen` must get. */
  readonly rotations: readonly number[];
  readonly relinearize: boolean;
  /** Estimated. */
  readonly estimates: {
    readonly precisionBits: number;
    readonly logQP: number;
    /** For one evaluation, of `batch` images. */
    readonly evaluateSeconds: number;
    readonly prepareSeconds: number;
    readonly keyBytes: number;
    readonly inputBytes: number;
    readonly outputBytes: number;
    /** Encoded weights, on the server. */
    readonly weightBytes: number;
    readonly rotations: number;
    readonly costs: string;
  };
  readonly reasons: readonly Reason[];
}
