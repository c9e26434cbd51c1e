/**
 * The small functions at the end of an emitted program, and the files that it reads unless told otherwise.
 * @module
 */
import type { Emission } from './emission.ts';
import type { EmitSource } from './emit.ts';

/**
 * Constants from the `.safetensors` file that is named first (`writeSafetensors(program.constants, 'F64')`); inputs from the
 * JSON file that is named second, of the form `{ "image": { "shape": [count, 1, 28, 28], "data": [0, …] } }`; outputs printed
 * as one line of the same form.
 */
export const FILE_SOURCE: EmitSource & { readonly report: string } = {
  imports: ["import { readFileSync } from 'node:fs';", "import { readSafetensors, Tensor } from 'toyfhe/nn';"],
  weights: 'readSafetensors(readFileSync(file(2))).tensors',
  inputs: "tensors(readFileSync(file(3), 'utf8'))",
  usage: 'node program.ts weights.safetensors inputs.json',
  report: [
    'const parts = Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]);',
    'console.log(JSON.stringify(Object.fromEntries(parts)));',
  ].join('\n'),
};

/** What `FILE_SOURCE` calls. */
const FILE_FUNCTIONS = [
  '/** The file that is named at this place of the command line. */',
  'function file(place: number): string {',
  '  const name = process.argv[place];',
  "  if (name === undefined) throw new Error('usage: node program.ts weights.safetensors inputs.json');",
  '  return name;',
  '}',
  '',
  '/** Tensors out of { "image": { "shape": [2, 1, 28, 28], "data": [0, …] } }. */',
  'function tensors(json: string): Record<string, Tensor> {',
  '  const parts = JSON.parse(json) as Record<string, { shape: number[]; data: number[] }>;',
  '  const entries = Object.entries(parts);',
  '  return Object.fromEntries(',
  '    entries.map(([name, { shape, data }]) => [name, new Tensor(shape, Float64Array.from(data))]),',
  '  );',
  '}',
];

const CONSTANT = [
  '/** Weights and biases by name. */',
  'function constant(name: string): Tensor {',
  '  const tensor = constants.get(name);',
  '  if (tensor === undefined) throw new Error(`the weights lack ${name}`);',
  '  return tensor;',
  '}',
];

const INPUT = [
  '/** An input by name: one image of this shape after the other. */',
  'function input(name: string, shape: readonly number[]): Tensor {',
  '  const tensor = inputs[name];',
  '  if (tensor !== undefined && sameShape(tensor.shape.slice(1), shape)) return tensor;',
  '  throw new Error(`input ${name} should be images×${printShape(shape)} but is ${tensor && printShape(tensor.shape)}`);',
  '}',
];

const ROWS = [
  '/**',
  ' * The images from `first` on that one evaluation takes. Where there are fewer, copies fill the batch: zeros would run',
  ' * through biases to values that no image has, and outside their ranges activations explode.',
  ' */',
  'function rows({ shape, data }: Tensor, first: number): Float64Array[] {',
  '  const size = shape.slice(1).reduce((product, extent) => product * extent, 1);',
  '  const images = Math.min(batch, count - first);',
  '  return Array.from({ length: batch }, (_, i) => {',
  '    const image = first + (i % images);',
  '    return data.subarray(image * size, (image + 1) * size);',
  '  });',
  '}',
];

const FILL = [
  '/** Puts what was decrypted where it belongs; what is beyond the last image means nothing. */',
  'function fill(into: Tensor, first: number, values: readonly Float64Array[]): void {',
  '  values.slice(0, count - first).forEach((row, i) => into.data.set(row, (first + i) * row.length));',
  '}',
];

const STEPS = [
  '/** first, first + step, …, last. */',
  'function steps(first: number, last: number, step = 1): number[] {',
  '  return Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step);',
  '}',
];

const UNIFORM = [
  '/** factor·x + offset, the same for all features. */',
  'function uniform(features: number, factor: number, offset?: number): AffineMap {',
  '  const all = (value: number): Float64Array => new Float64Array(features).fill(value);',
  '  return diagonalMap(all(factor), offset === undefined ? undefined : all(offset));',
  '}',
];

/** All functions that the program calls, an empty line between two. */
export function helperFunctions(
  { imports, helpers }: Emission,
  { constant, files }: { readonly constant: boolean; readonly files: boolean },
): string[] {
  for (const name of ['printShape', 'sameShape', 'type Tensor']) imports.use('toyfhe/nn', name);
  const functions = [
    ...(constant ? [CONSTANT] : []),
    INPUT,
    ROWS,
    FILL,
    ...(helpers.has('steps') ? [STEPS] : []),
    ...(helpers.has('uniform') ? [UNIFORM] : []),
    ...(files ? [FILE_FUNCTIONS] : []),
  ];
  return functions.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}
