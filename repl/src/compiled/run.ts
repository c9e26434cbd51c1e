/**
 * A known model on encrypted images, compiled: keys and weights once, then evaluation after evaluation.
 * @module
 */
import { parametersFor } from 'toyfhe/compiler';
import { type BackendName, checkThreads, createBackend } from '../backends.ts';
import { classifyAll } from '../mnist/classify.ts';
import { type ImageOptions, loadImages } from '../mnist/images.ts';
import { type DigitsResult, type DigitsRun, digitsResult, milliseconds } from '../mnist/outcome.ts';
import { median } from '../mnist/session.ts';
import { loadModel } from '../models.ts';
import { planClassifier } from './classifier.ts';
import { type Chosen, chosenBy, describeChoice, planModel, type PlanModelOptions } from './plan-model.ts';

export interface RunOptions extends PlanModelOptions, ImageOptions {
  readonly backend: BackendName;
  /** The engine's threads. Default: all cores. */
  readonly threads?: number;
}

/** The line that `--json` prints. */
export interface RunResult extends DigitsResult {
  readonly task: 'run';
  /** The model's name. */
  readonly model: string;
  readonly chosen: Chosen;
  readonly seconds: DigitsResult['seconds'] & {
    readonly plan: number;
    /** Evaluation only: the median of all evaluations, over the images in one. */
    readonly perImage: number;
  };
}

export interface ModelRun extends DigitsRun {
  readonly result: RunResult;
}

/** @throws FheError for an unknown model, bad options, damaged or missing data, and what no ring holds */
export async function runModel(name: string, options: RunOptions): Promise<ModelRun> {
  checkThreads(`run ${name}`, options.backend, options.threads);
  const model = await loadModel(name);
  const start = performance.now();
  const plan = planModel(model, options);
  const planning = (performance.now() - start) / 1000;
  const data = await loadImages(options, plan.batch);
  const backend = await createBackend(options.backend, parametersFor(plan), options.threads);
  try {
    const classifier = planClassifier(plan, model.program);
    const [tally] = classifyAll([{ backend, classifier }], data);
    const { evaluations } = tally!;
    // The last evaluation may hold fewer images than the others: it takes as long.
    const images = Math.min(plan.batch, data.count);
    const common = digitsResult(backend, data, tally!);
    const { keygen, prepare, encrypt, evaluate, decrypt } = common.seconds;
    const perImage = milliseconds(median(evaluations) / images);
    const result: RunResult = {
      task: 'run',
      model: model.name,
      ...common,
      chosen: chosenBy(plan),
      seconds: { plan: milliseconds(planning), keygen, prepare, encrypt, evaluate, decrypt, perImage },
    };
    const notes = [describeChoice(plan), describeTimes(evaluations, images)];
    return { result, data, ...tally!, rotations: classifier.rotations, notes };
  } finally {
    backend.dispose();
  }
}

function describeTimes(evaluations: readonly number[], images: number): string {
  const each = evaluations.map((seconds) => seconds / images);
  const middle = `one image: ${time(median(each))} to evaluate`;
  if (each.length === 1) return middle;
  return `${middle}, the median of ${each.length} evaluations (${time(Math.min(...each))} to ${time(Math.max(...each))})`;
}

/** `78 ms`, `4.34 s`. */
function time(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toFixed(seconds < 0.01 ? 2 : 0)} ms` : `${seconds.toFixed(2)} s`;
}
