/**
 * The record beside a weights file: how the weights came about, and how large the network's values get with them.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { errorCode, wrongData } from './errors.ts';

/** What programs need of a record; `npm run train` writes more into it, for people. */
export interface WeightsRecord {
  /** The layers in words. */
  readonly network: string;
  /** What the network takes, in words. */
  readonly input: string;
  /** Largest |value| after each layer over the test images, by the layer's name: what an encrypted run must have room for. */
  readonly largestAbsoluteValues: Readonly<Record<string, number>>;
}

const HINT = '`npm run train` writes it beside the weights';

/**
 * Reads the record of a weights file: `<name>.json` beside `<name>.safetensors`.
 * @throws FheError FORMAT for weights of another name, and when the record is missing, is not JSON, or lacks what
 *   `WeightsRecord` promises
 */
export async function readWeightsRecord(weightsPath: string): Promise<WeightsRecord> {
  if (!weightsPath.endsWith('.safetensors')) {
    const hint = 'rename it, and the record beside it to match';
    const op = 'find the record of the weights';
    throw wrongData(op, 'name of the weights file', '<name>.safetensors', weightsPath, hint);
  }
  const path = weightsPath.replace(/\.safetensors$/, '.json');
  const op = `read ${path}`;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw wrongData(op, 'the record of the weights', 'there', errorCode(cause) ?? 'not readable', HINT, cause);
  }
  return parseWeightsRecord(text, op);
}

/**
 * @param text the file's content
 * @param op for the error message
 * @throws FheError as `readWeightsRecord`
 */
export function parseWeightsRecord(text: string, op: string): WeightsRecord {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw wrongData(
      op,
      'the record of the weights',
      'JSON',
      cause instanceof Error ? cause.message : 'not',
      HINT,
      cause,
    );
  }
  const record = fieldsOf(content, op, 'the record');
  const values = fieldsOf(record.largestAbsoluteValues, op, 'largestAbsoluteValues');
  // `about` says in words over which images they were measured.
  const largest = Object.entries(values).filter(([layer]) => layer !== 'about');
  if (largest.length === 0) throw wrongData(op, 'largestAbsoluteValues', 'a number for each layer', 'empty', HINT);
  return {
    network: textOf(record, 'network', op),
    input: textOf(record, 'input', op),
    largestAbsoluteValues: Object.fromEntries(
      largest.map(([layer, value]) => {
        if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return [layer, value];
        throw wrongData(op, `largestAbsoluteValues.${layer}`, 'a number ≥ 0', JSON.stringify(value), HINT);
      }),
    ),
  };
}

function fieldsOf(value: unknown, op: string, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrongData(op, field, 'an object', JSON.stringify(value) ?? 'missing', HINT);
}

function textOf(record: Readonly<Record<string, unknown>>, field: string, op: string): string {
  const value = record[field];
  if (typeof value === 'string') return value;
  throw wrongData(op, field, 'text', JSON.stringify(value) ?? 'missing', HINT);
}
