/**
 * All images through one classifier, or through several side by side.
 * @module
 */
import type { ImageSet } from '@toyfhe/datasets';
import type { Backend } from 'toyfhe/backend';
import { Progress } from '../progress.ts';
import { imageTensor } from './images.ts';
import type { Classifier } from './classifier.ts';
import { Session, type Tally } from './session.ts';

export interface Contestant {
  readonly backend: Backend;
  readonly classifier: Classifier;
}

/** Evaluations of the same images, where few images would leave one cold evaluation to judge by. */
const ROUNDS = 5;

/**
 * The same images through each of the classifiers, interleaved where there are several: each evaluates as often as the other,
 * in turn first and second, and its median counts.
 * @returns a tally for each of them
 */
export function classifyAll(contestants: readonly Contestant[], data: ImageSet): Tally[] {
  const scoped = <T>(f: () => T): T =>
    contestants.reduceRight<() => T>(
      (inner, { backend }) =>
        () =>
          backend.scope(inner),
      f,
    )();
  return scoped(() => {
    const sessions = contestants.map(({ backend, classifier }) => new Session(backend, classifier));
    const unit = Math.max(...sessions.map(({ classifier }) => classifier.batch));
    const units = Math.ceil(data.count / unit);
    const rounds = sessions.length > 1 && units < ROUNDS ? ROUNDS : 1;
    const steps = sessions.reduce((sum, { classifier }) => sum + stepsFor(classifier, data.count, unit, rounds), 0);
    const progress = new Progress('images', steps, { of: data.count });
    const onStep = (): void => progress.step();
    for (let start = 0; start < data.count; start += unit) {
      const end = Math.min(start + unit, data.count);
      scoped(() => {
        const started = sessions.map((session) =>
          session.start(imageTensor(data, start, end, session.classifier.inputShape), onStep),
        );
        for (let round = 0; round < rounds; round++) {
          for (const one of round % 2 === 0 ? started : started.toReversed()) one.evaluate();
        }
        for (const one of started) one.finish(data.labels.subarray(start, end));
      });
    }
    progress.end();
    return sessions.map(({ tally }) => tally);
  });
}

function stepsFor({ batch, steps }: Classifier, images: number, unit: number, rounds: number): number {
  const whole = Math.floor(images / unit) * (unit / batch);
  const batches = whole + Math.ceil((images % unit) / batch);
  return batches * (steps.encrypt + rounds * steps.evaluate);
}
