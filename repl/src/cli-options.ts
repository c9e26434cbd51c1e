/**
 * Options that several commands have, and what their values may be.
 * @module
 */
import { Argument, InvalidArgumentError, Option } from 'commander';
import { BACKENDS } from './backends.ts';
import { RINGS } from './bench/sets.ts';
import { MODELS_ABOUT } from './models.ts';

export function backendOption(): Option {
  return new Option('--backend <name>', 'who computes').choices(BACKENDS).default('engine');
}

export function datasetOption(): Option {
  return new Option(
    '--dataset <name>',
    'where the images come from: MNIST out of the folder mnist/ in TOYFHE_DATA, or in the cache folder where that is' +
      ' not set (npm run data downloads it); stand-in: digits drawn by our own code; auto: MNIST if it is there',
  )
    .choices(['auto', 'mnist', 'stand-in'])
    .default('auto');
}

export function modelArgument(): Argument {
  return new Argument('<model>', MODELS_ABOUT);
}

export function batchOption(): Option {
  return new Option('--batch <n>', 'images at once (default: mnist 128, others 1; on the toy 1)').argParser(
    positiveInteger,
  );
}

export function precisionOption(): Option {
  return new Option(
    '--precision <bits>',
    'bits right of every logit (default: 20; for .onnx files 16, or what ReLU and softmax allow)',
  ).argParser(positiveInteger);
}

export function positiveInteger(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(n) && n >= 1) return n;
  throw new InvalidArgumentError('it should be an integer from 1 on.');
}

export function positiveNumber(text: string): number {
  const x = Number(text);
  if (text.trim() !== '' && Number.isFinite(x) && x > 0) return x;
  throw new InvalidArgumentError('it should be a positive number.');
}

export function degrees(text: string): number[] {
  const wrong = text.split(',').find((entry) => !/^\s*\d+\s*$/.test(entry));
  if (wrong === undefined) return text.split(',').map(Number);
  throw new InvalidArgumentError(`"${wrong}" should be a degree.`);
}

export function rings(text: string): number[] {
  const wrong = text.split(',').find((entry) => !RINGS.some((ring) => String(ring) === entry.trim()));
  if (wrong === undefined) return [...new Set(text.split(',').map(Number))];
  throw new InvalidArgumentError(`"${wrong}" should be one of ${RINGS.join(',')}.`);
}
