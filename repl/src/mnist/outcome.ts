/**
 * What a run on digits came to: the figures that `--json` prints, and what the report draws.
 * @module
 */
import type { ImageSet } from '@toyfhe/datasets';
import type { Backend } from 'toyfhe/backend';
import type { Comparison } from 'toyfhe/inspect';
import type { Prediction, Tally } from './session.ts';

/** The figures of every command that classifies digits. */
export interface DigitsResult {
  readonly backend: string;
  readonly dataset: string;
  readonly images: number;
  /** Encrypted predictions that equal the label. */
  readonly correct: number;
  /** Predictions in the clear that equal the label. */
  readonly plainCorrect: number;
  /** Encrypted predictions that equal the ones in the clear. */
  readonly agree: number;
  readonly maxLogitError: number;
  readonly ringDegree: number;
  readonly logQP: number;
  /** 128, or 0: nothing is claimed. */
  readonly securityBits: number;
  readonly seconds: Tally['seconds'];
}

/** What the report shows. */
export interface DigitsRun {
  readonly result: DigitsResult;
  readonly data: ImageSet;
  readonly predictions: readonly Prediction[];
  /** One a layer; over all batches. */
  readonly layers: readonly Comparison[];
  /** In one evaluation. */
  readonly rotations: number;
  /** Sentences below the rest. */
  readonly notes: readonly string[];
}

export function digitsResult(backend: Backend, data: ImageSet, tally: Tally): DigitsResult {
  const { predictions, maxLogitError, seconds } = tally;
  const count = (test: (p: Prediction) => boolean): number => predictions.filter(test).length;
  return {
    backend: backend.name,
    dataset: data.name,
    images: data.count,
    correct: count((p) => p.encrypted === p.label),
    plainCorrect: count((p) => p.plain === p.label),
    agree: count((p) => p.encrypted === p.plain),
    maxLogitError,
    ringDegree: backend.parameters.ringDegree,
    logQP: Number(backend.parameters.logQP.toFixed(1)),
    securityBits: backend.securityBits,
    seconds: {
      keygen: milliseconds(seconds.keygen),
      prepare: milliseconds(seconds.prepare),
      encrypt: milliseconds(seconds.encrypt),
      evaluate: milliseconds(seconds.evaluate),
      decrypt: milliseconds(seconds.decrypt),
    },
  };
}

/** Seconds, rounded to milliseconds. */
export function milliseconds(seconds: number): number {
  return Number(seconds.toFixed(3));
}
