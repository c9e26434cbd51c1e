/**
 * `npm run train`: trains a network (`networks.ts`) on MNIST and writes its weights and their record.
 * Exit codes: 0 written, 1 stopped with nothing written, 2 cannot run as asked.
 * @module
 */
import { relative } from 'node:path';
import { evaluate, type LabelledImages, readSafetensors } from 'toyfhe/nn';
import { wrongData } from '../src/errors.ts';
import type { ImageSet } from '../src/image-set.ts';
import { loadMnist } from '../src/mnist.ts';
import { chart } from './chart.ts';
import { NETWORKS } from './networks.ts';
import { HELP, parseFlags, type TrainFlags } from './options.ts';
import { type Output, openOutput } from './output.ts';
import { percent, round, summary } from './record.ts';
import { type Run, run } from './run.ts';

/** One in twelve training images, the last ones, is kept aside to judge each epoch by: 5,000 of 60,000. */
const VALIDATION_SHARE = 1 / 12;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Some of a set's images, as the trainer wants them. */
function part(set: ImageSet, from: number, to: number): LabelledImages {
  const pixels = set.rows * set.columns;
  return {
    images: set.images.subarray(from * pixels, to * pixels),
    labels: set.labels.subarray(from, to),
    shape: [1, set.rows, set.columns],
  };
}

/** Evaluates what was written, not what was trained: the file's numbers are rounded to single precision. */
function finish(flags: TrainFlags, output: Output, result: Run, trainSet: ImageSet, testSet: ImageSet): void {
  const { network } = flags;
  const { curve, kept, stopped } = result;
  const { epoch, file } = kept!;
  const model = network.make(readSafetensors(file).tensors);
  const test = evaluate(model, part(testSet, 0, testSet.count));
  const learned = evaluate(model, part(trainSet, 0, trainSet.count));
  const why = stopped ? 'the best on the validation images' : 'the last one';
  const record = {
    network: network.layers,
    input: 'pixel/255, no other normalisation; tensors [batch, 1, 28, 28]',
    command: commandLine(flags),
    seed: flags.seed,
    epochs: flags.epochs,
    stoppedEarly: stopped,
    hyperParameters: {
      optimiser: 'Adam (0.9, 0.999, 1e-8), cross-entropy on logits',
      rate: 'one cycle: peak/25 up to the peak in 30 % of the steps, down to peak/2500',
      ...network.hyperParameters,
    },
    chosen: `epoch ${epoch}, ${why}; the test images chose nothing`,
    validation: `the last ${validationCount(trainSet)} training images, not learned from`,
    test: summary(testSet, test),
    train: summary(trainSet, learned),
    largestAbsoluteValues: {
      about: `after each layer, over the test images (${testSet.name})`,
      ...Object.fromEntries([...test.largest].map(([name, value]) => [name, round(value)])),
    },
    curve,
  };
  output.finish(file, `${JSON.stringify(record, null, 2)}\n`);
  say(
    chart(
      'validation loss (nats)',
      curve.map(({ validationLoss }) => validationLoss),
    ),
  );
  say(`kept epoch ${epoch}, ${why}`);
  say(`${testSet.name}: ${percent(test.accuracy)} (${test.correct} of ${test.count})`);
  say(`wrote ${flags.out}, and how it came about beside it (.json)`);
  if (network.command === undefined) return;
  say(`${network.command}${flags.replace ? '' : ` --weights ${shortest(flags.out)}`} uses it`);
}

/** What to type for the same weights again; where they went does not matter, except for the package's own. */
function commandLine({ network, epochs, seed, limit, replace }: TrainFlags): string {
  const which = network === NETWORKS[0] ? '' : `--network ${network.name} `;
  const more = `${limit === undefined ? '' : ` --limit ${limit}`}${replace ? ' --replace' : ''}`;
  return `npm run train -- ${which}--epochs ${epochs} --seed ${seed}${more}`;
}

/** A path as one would type it here. */
function shortest(path: string): string {
  const here = relative('', path);
  const short = here.startsWith('..') ? path : here;
  return short.includes(' ') ? `"${short}"` : short;
}

function validationCount(set: ImageSet): number {
  return Math.round(set.count * VALIDATION_SHARE);
}

function epochs({ curve }: Run): string {
  return curve.length === 1 ? '1 epoch' : `${curve.length} epochs`;
}

async function main(): Promise<number> {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const trainSet = await loadMnist({ split: 'train', ...(flags.limit && { limit: flags.limit }) });
  const testSet = await loadMnist({ split: 'test' });
  for (const { name, about } of [trainSet, testSet]) {
    if (!flags.replace || name.startsWith('mnist-')) continue;
    throw wrongData("replace the package's weights", 'the images', 'MNIST', `the ${about}`, 'run `npm run data` first');
  }
  const output = openOutput(flags.out); // now, not after the training
  say(trainSet.about);
  say(testSet.about);
  const kept = trainSet.count - validationCount(trainSet);
  const learn = part(trainSet, 0, kept);
  const result = await run(flags, learn, part(trainSet, kept, trainSet.count));
  if (result.kept === undefined || (flags.replace && result.stopped)) {
    output.discard();
    const when = result.kept === undefined ? 'before the first epoch was done' : `after ${epochs(result)}`;
    say(`\nstopped ${when}: nothing was written${flags.replace ? "; the package's weights are as they were" : ''}`);
    return 1;
  }
  if (result.stopped) say(`\nstopped after ${epochs(result)}: keeping the best of them`);
  finish(flags, output, result, trainSet, testSet);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(`npm run train: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
