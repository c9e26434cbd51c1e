/**
 * Whether the outputs of a cell are those that are saved with its lesson (docs/lessons.md, Outputs).
 * @module
 */
import { stripVTControlCharacters } from 'node:util';
import { outputDifference } from '../../../repl/src/lessons/output-difference.ts';
import { textOf } from './notebook-file.ts';

type Json = Readonly<Record<string, unknown>>;

/** Noise moves a largest error by a bit or two; a lost level or a wrong scale by twenty. */
const BITS_LESS = 6;

/** What `cmp` says, one line each. */
const COMPARISON = /^(.*?) +(?:(exact)|(-?(?:[\d.]+|Infinity)) bits right, max difference \S+) \(values up to /gm;

/** What is wrong, in some words; undefined where nothing is. Both as files keep them. */
export function outputProblem(
  got: readonly Json[],
  saved: readonly Json[],
  tolerance: number | 'any',
): string | undefined {
  return (
    shapeProblem(got, saved) ??
    (got.length > 0 && saved.length === 0 && tolerance === 'any' ? 'it prints, and nothing is saved' : undefined) ??
    bitsProblem(printed(got), printed(saved)) ??
    outputDifference(printed(got), printed(saved), tolerance) ??
    displayProblem(got, saved, tolerance)
  );
}

/** What a cell prints, and its displays as text. */
export function printed(outputs: readonly Json[]): string {
  const texts = outputs.map((output) => {
    if (output['output_type'] === 'stream') return textOf(output['text']);
    const text = (output['data'] as Json | undefined)?.['text/plain'];
    return text === undefined ? '' : `${textOf(text)}\n`;
  });
  return stripVTControlCharacters(texts.join(''));
}

/** Displays must be as many and of the same kinds. */
function shapeProblem(got: readonly Json[], saved: readonly Json[]): string | undefined {
  const [now, before] = [displays(got), displays(saved)];
  if (now.join() === before.join()) return undefined;
  return `it displays ${now.join(', ') || 'nothing'}, saved is ${before.join(', ') || 'nothing'}`;
}

/**
 * What is displayed must be the same, but where there is a tolerance: then a plot's numbers may differ by as much, and its
 * picture, which follows from them, is not compared. The page around both is, so that none is left behind when it changes.
 */
function displayProblem(got: readonly Json[], saved: readonly Json[], tolerance: number | 'any'): string | undefined {
  const [now, before] = [got, saved].map((outputs) => outputs.filter((output) => output['data'] !== undefined));
  for (const [i, output] of before!.entries()) {
    for (const mime of Object.keys(output['data'] as Json)) {
      const [a, b] = [now![i]!, output].map(({ data }) => textOfData((data as Json)[mime]));
      if (mime === 'text/plain' || a === b) continue;
      if (tolerance === 0) return `what it displays as ${mime} is not what is saved`;
      if (mime !== 'text/html') continue;
      if (pageOf(a!) !== pageOf(b!)) return 'the page around what it displays is not the one that is saved';
      const difference = outputDifference(plotData(a!), plotData(b!), tolerance);
      if (difference !== undefined) return `in the data of its plot, ${difference.slice(0, 300)}`;
    }
  }
  return undefined;
}

function textOfData(value: unknown): string {
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : textOf(value);
}

const PLOT_DATA = /<script type="application\/json">(.*?)<\/script>/gs;

function plotData(html: string): string {
  return [...html.matchAll(PLOT_DATA)].map(([, json]) => json).join('\n');
}

function pageOf(html: string): string {
  return html.replace(PLOT_DATA, '').replace(/ (?:src|alt)="[^"]*"/g, '');
}

function displays(outputs: readonly Json[]): string[] {
  return outputs
    .filter((output) => output['data'] !== undefined)
    .map((output) =>
      Object.keys(output['data'] as Json)
        .sort()
        .join('+'),
    );
}

/** A comparison with fewer bits right than the one saved, whatever the tolerance says. */
function bitsProblem(got: string, saved: string): string | undefined {
  const [now, before] = [comparisons(got), comparisons(saved)];
  for (const [i, { name, bits }] of before.entries()) {
    const found = now[i];
    if (found === undefined || found.name !== name) return `its comparison ${name} is missing`;
    if (found.bits < bits - BITS_LESS) return `${name}: ${found.bits} bits right, saved are ${bits}`;
  }
  return undefined;
}

function comparisons(text: string): { name: string; bits: number }[] {
  return [...text.matchAll(COMPARISON)].map(([, name, exact, bits]) => ({
    name: name!.trim(),
    bits: exact === undefined ? Number(bits) : Number.POSITIVE_INFINITY,
  }));
}
