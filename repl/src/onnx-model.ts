/**
 * Models out of .onnx files, for images of digits.
 * @module
 */
import { loadMnist } from '@toyfhe/datasets';
import { FheError } from 'toyfhe/backend';
import { measureRanges, record } from 'toyfhe/compiler';
import { importOnnx, printShape, sizeOf } from 'toyfhe/nn';
import { INPUT, type LoadedModel, MARGIN, readModelFile } from './loaded-model.ts';
import { imageTensor } from './mnist/images.ts';

/** Training images that a model without a record is measured on: enough that the margin covers what they do not show. */
const SAMPLE = 256;

/** @throws FheError FORMAT for a file that is missing, is no such model, or does not take 28×28 pixels and give one vector */
export async function loadOnnxModel(path: string): Promise<LoadedModel> {
  const { model, name, producer } = importOnnx(await readModelFile(path, 'give the path of an .onnx file'));
  const { inputShape, outputShape } = model;
  const data = await loadMnist({ split: 'train', limit: SAMPLE });
  const pixels = data.rows * data.columns;
  if (sizeOf(inputShape) !== pixels || outputShape.length !== 1) {
    throw new FheError({
      code: 'FORMAT',
      op: `read ${path}`,
      field: 'the network',
      should: `from ${pixels} pixels to one vector`,
      is: `from ${printShape(inputShape)} to ${printShape(outputShape)}`,
      hint: 'other networks are for toyfhe/compiler, in a program of your own',
    });
  }
  const program = record(model, { [INPUT]: inputShape });
  const ranges = measureRanges(program, { [INPUT]: imageTensor(data, 0, data.count, inputShape) }, MARGIN);
  const read = `importOnnx(await readFile(${JSON.stringify(path)})).model`;
  const code = {
    imports: [`import { readFile } from 'node:fs/promises';`, `import { importOnnx } from 'toyfhe/nn';`],
    weights: `${read}.constants`,
    model: `(${read})`,
  };
  const about = `${name}${producer === '' ? '' : ` by ${producer}`}`;
  return { name: path, about, program, ranges: { ...ranges, [INPUT]: 1 }, batch: 1, code };
}
