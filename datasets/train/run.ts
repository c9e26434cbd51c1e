/**
 * A training run that shows how far it is, can be stopped, and keeps its weights.
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { evaluate, type LabelledImages, type TrainProgress, train, writeSafetensors } from 'toyfhe/nn';
import type { TrainFlags } from './options.ts';
import { type Epoch, percent, round } from './record.ts';

/** What a run leaves behind. */
export interface Run {
  readonly curve: readonly Epoch[];
  /**
   * The weights file to keep: of the last epoch when the run came to its end, because the one-cycle rate settles there;
   * when it was stopped, of the epoch with the best validation accuracy; undefined when no epoch was done.
   */
  readonly kept: { readonly epoch: number; readonly file: Uint8Array } | undefined;
  /** True when Ctrl-C ended it. */
  readonly stopped: boolean;
}

/** Steps between two looks at the clock and at Ctrl-C: well under a second. */
const PAUSE = 50;

/**
 * Trains until all epochs are done or Ctrl-C (SIGINT) comes; progress goes to stderr.
 * @param flags which network, how many epochs, which seed
 * @param learn the images to learn from
 * @param validate images to judge each epoch by, none of them among those to learn from
 */
export async function run(
  { network, epochs, seed }: Pick<TrainFlags, 'network' | 'epochs' | 'seed'>,
  learn: LabelledImages,
  validate: LabelledImages,
): Promise<Run> {
  const model = network.make();
  const curve: Epoch[] = [];
  let kept: Run['kept'];
  let highest = 0;
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  process.once('SIGINT', stop); // once: a second Ctrl-C ends the program at once
  const began = performance.now();
  for (const p of train(model, learn, { ...network.hyperParameters, epochs, seed })) {
    const epochDone = p.step === p.stepsPerEpoch;
    if (p.step % PAUSE !== 0 && !epochDone) continue;
    if (epochDone) {
      const result = evaluate(model, validate);
      if (result.accuracy >= highest || p.epoch === epochs - 1) {
        highest = result.accuracy;
        kept = { epoch: p.epoch + 1, file: writeSafetensors(model.weights()) };
      }
      curve.push({
        epoch: p.epoch + 1,
        trainLoss: round(p.loss),
        trainAccuracy: round(p.accuracy),
        validationLoss: round(result.loss),
        validationAccuracy: round(result.accuracy),
      });
    }
    show(p, epochs, (performance.now() - began) / 1000, epochDone ? curve.at(-1)!.validationAccuracy : undefined);
    await nextTurn(); // lets Ctrl-C through
    if (stopped) break;
  }
  process.off('SIGINT', stop);
  return { curve, kept, stopped: stopped && curve.length < epochs };
}

/** One line per epoch; on a terminal also one that is overwritten while the epoch runs. */
function show(p: TrainProgress, epochs: number, seconds: number, validation: number | undefined): void {
  const { isTTY } = process.stderr;
  if (validation === undefined && !isTTY) return;
  const done = p.epoch * p.stepsPerEpoch + p.step;
  const left = Math.round((seconds / done) * (epochs * p.stepsPerEpoch - done));
  const where = validation === undefined ? `step ${p.step}/${p.stepsPerEpoch}` : `validation ${percent(validation)}`;
  const line = `epoch ${p.epoch + 1}/${epochs}  loss ${p.loss.toFixed(4)}  accuracy ${percent(p.accuracy)}  ${where}`;
  // \r and "erase to the end of the line": the next line takes this one's place.
  process.stderr.write(
    `${isTTY ? '\r' : ''}${line}  ${left} s left${isTTY ? '\x1b[K' : ''}${validation === undefined ? '' : '\n'}`,
  );
}
