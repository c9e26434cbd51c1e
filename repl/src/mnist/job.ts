/**
 * The article's main job: digits classified under encryption, every layer held against the clear network. The encrypted
 * program is the one written by hand, or one that the compiler made, beside the one written by hand.
 * @module
 */
import { loadWeights } from '@toyfhe/datasets';
import { FheError } from 'toyfhe/backend';
import { parametersFor } from 'toyfhe/compiler';
import { readSafetensors } from 'toyfhe/nn';
import { ARTICLE_SPECS, articleClassifier } from './article.ts';
import { type BackendName, checkThreads, createBackend } from '../backends.ts';
import { planClassifier } from '../compiled/classifier.ts';
import { type Chosen, chosenBy, describeChoice, planModel } from '../compiled/plan-model.ts';
import { readModelFile } from '../loaded-model.ts';
import { loadModel } from '../models.ts';
import type { Classifier } from './classifier.ts';
import { classifyAll } from './classify.ts';
import { type ImageOptions, loadImages } from './images.ts';
import { type DigitsResult, type DigitsRun, digitsResult, milliseconds } from './outcome.ts';
import type { Tally } from './session.ts';

export interface MnistOptions extends ImageOptions {
  readonly backend: BackendName;
  /** The engine's threads, the only backend with more than one. Default: all cores. */
  readonly threads?: number;
  /** A weights file of one's own. Default: the weights that come with the package. */
  readonly weights?: string;
  /** Run the compiler's program too, and report on that. */
  readonly compiled?: boolean;
  /** Bits right that the compiler is asked for. Default: 20. */
  readonly precision?: number;
}

/** The line that `--json` prints. */
export interface MnistResult extends DigitsResult {
  readonly task: 'mnist';
  /** What the compiler decided, where its program ran: the other figures are then this program's. */
  readonly chosen?: Pick<Chosen, 'ringDegree' | 'levels' | 'rotations'>;
  /** The program written by hand, on the same images in the same process. */
  readonly handWritten?: {
    /** Seconds. */
    readonly evaluate: number;
    /** Predictions that equal the ones in the clear. */
    readonly agree: number;
  };
}

export interface MnistRun extends DigitsRun {
  readonly result: MnistResult;
}

/** @throws FheError for bad options, damaged or missing data */
export async function classifyMnist(options: MnistOptions): Promise<MnistRun> {
  const { backend: name, threads } = options;
  checkThreads('classify digits', name, threads);
  if (options.precision !== undefined && options.compiled !== true) {
    throw new FheError({
      code: 'RANGE',
      op: 'classify digits',
      field: 'precision',
      should: 'left out for the program written by hand, whose parameters are fixed',
      is: String(options.precision),
      hint: 'add --compiled',
    });
  }
  const { weights: file } = options;
  const bytes = file === undefined ? (await loadWeights('mnist-article')).bytes : await readModelFile(file);
  const spec = ARTICLE_SPECS[name];
  const classifier = articleClassifier(readSafetensors(bytes).tensors, spec);
  if (options.compiled === true) return compare(options, classifier);
  const data = await loadImages(options, classifier.batch);
  const backend = await createBackend(name, spec, threads);
  try {
    const [tally] = classifyAll([{ backend, classifier }], data);
    const result: MnistResult = { task: 'mnist', ...digitsResult(backend, data, tally!) };
    return { result, data, ...tally!, rotations: classifier.rotations, notes: [] };
  } finally {
    backend.dispose();
  }
}

/** The compiler's program, and the one written by hand beside it. */
async function compare(options: MnistOptions, byHand: Classifier): Promise<MnistRun> {
  const { backend: name, threads, precision } = options;
  const model = await loadModel('mnist', options.weights);
  const plan = planModel(model, { backend: name, batch: byHand.batch, ...(precision !== undefined && { precision }) });
  const data = await loadImages(options, byHand.batch);
  const first = await createBackend(name, ARTICLE_SPECS[name], threads);
  try {
    const second = await createBackend(name, parametersFor(plan), threads);
    try {
      const [hand, compiled] = classifyAll(
        [
          { backend: first, classifier: byHand },
          { backend: second, classifier: planClassifier(plan, model.program) },
        ],
        data,
      ) as [Tally, Tally];
      const { ringDegree, levels, rotations } = chosenBy(plan);
      const evaluate = milliseconds(hand.seconds.evaluate);
      const result: MnistResult = {
        task: 'mnist',
        ...digitsResult(second, data, compiled),
        chosen: { ringDegree, levels, rotations },
        handWritten: { evaluate, agree: digitsResult(first, data, hand).agree },
      };
      return { result, data, ...compiled, rotations, notes: [describeChoice(plan), besideHand(result)] };
    } finally {
      second.dispose();
    }
  } finally {
    first.dispose();
  }
}

function besideHand({ handWritten, seconds, images }: MnistResult): string {
  const { evaluate, agree } = handWritten!;
  const share = seconds.evaluate / evaluate;
  return (
    `the program written by hand, interleaved with it on the same images: evaluate ${evaluate.toFixed(3)} s, the compiled one` +
    ` ${seconds.evaluate.toFixed(3)} s (${share.toFixed(2)} of it); ${agree} of ${images} of its predictions agree with the clear network`
  );
}
