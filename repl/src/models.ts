/**
 * The networks that the commands know, recorded and ready to be planned: no image is needed for that, because the record
 * beside the weights says how large their values get.
 * @module
 */
import { loadWeights, readWeightsRecord, type WeightsRecord } from '@toyfhe/datasets';
import { FheError } from 'toyfhe/backend';
import { type Model, type Program, record } from 'toyfhe/compiler';
import { articleNetwork, readSafetensors, twoConvNetwork, type Weights } from 'toyfhe/nn';
import { INPUT, type LoadedModel, MARGIN, readModelFile } from './loaded-model.ts';
import { loadOnnxModel } from './onnx-model.ts';

interface KnownModel {
  /** The first one is printed; the others mean the same. */
  readonly names: readonly [string, ...string[]];
  /** What `loadWeights` calls its weights. */
  readonly weights: string;
  /** In a few words. */
  readonly about: string;
  /** The function of `toyfhe/nn` that makes it. */
  readonly constructorName: string;
  readonly make: (weights: Weights) => Model;
  /** Of one image. */
  readonly inputShape: readonly number[];
  /** Images at once, where nothing is said. */
  readonly batch: number;
}

/** Bits right of every logit: what the article's program has when it is written by hand. */
const DIGITS_PRECISION = 20;

const MODELS: readonly KnownModel[] = [
  {
    names: ['mnist', 'article'],
    weights: 'mnist-article',
    about: 'the article’s network',
    constructorName: 'articleNetwork',
    make: articleNetwork,
    inputShape: [1, 28, 28],
    batch: 128, // as many as the article's program takes at ring degree 16384
  },
  {
    names: ['two-conv'],
    weights: 'mnist-two-conv',
    about: 'two convolutions',
    constructorName: 'twoConvNetwork',
    make: twoConvNetwork,
    inputShape: [1, 28, 28],
    batch: 1, // it is made for one image packed into one ciphertext
  },
];

/** Each known model in a few words. */
export const MODELS_ABOUT: string = [
  ...MODELS.map(({ names: [name], about }) => `${name}: ${about}`),
  'or an .onnx file that takes 28×28 pixels',
].join('; ');

/**
 * @param name one of the known ones, or the path of an .onnx file
 * @param weightsFile of a known model: a .safetensors file with its record beside it. Default: the weights that come with the
 *   package
 * @throws FheError FORMAT for a name that is not known; for weights, a record or an .onnx file that are missing or damaged
 */
export async function loadModel(name: string, weightsFile?: string): Promise<LoadedModel> {
  if (name.endsWith('.onnx')) return loadOnnxModel(name);
  const known = MODELS.find(({ names }) => names.includes(name));
  if (known === undefined) {
    throw new FheError({
      code: 'FORMAT',
      op: 'load a model',
      field: 'its name',
      should: `one of ${MODELS.flatMap(({ names }) => names).join(', ')}, or an .onnx file`,
      is: JSON.stringify(name),
      hint: 'give such a name',
    });
  }
  const { names, weights, constructorName, make, about, inputShape, batch } = known;
  const stored =
    weightsFile === undefined
      ? await loadWeights(weights)
      : { bytes: await readModelFile(weightsFile), record: await readWeightsRecord(weightsFile) };
  const program = record(make(readSafetensors(stored.bytes).tensors), { [INPUT]: inputShape });
  const code = {
    imports: [
      `import { loadWeights } from '@toyfhe/datasets';`,
      `import { ${constructorName}, readSafetensors } from 'toyfhe/nn';`,
    ],
    weights: `readSafetensors((await loadWeights('${weights}')).bytes).tensors`,
    model: `${constructorName}(constants)`,
  };
  const ranges = rangesOf(program, stored.record);
  return { name: names[0], about, program, ranges, precision: DIGITS_PRECISION, batch, code };
}

/** Pixels are at most 1; layers and operations have the same names, except for those that compute nothing (flatten). */
function rangesOf({ operations }: Program, { largestAbsoluteValues }: WeightsRecord): Record<string, number> {
  const layers = Object.entries(largestAbsoluteValues).filter(([layer]) => operations.some((o) => o.name === layer));
  return { [INPUT]: 1, ...Object.fromEntries(layers.map(([layer, value]) => [layer, MARGIN * value])) };
}
