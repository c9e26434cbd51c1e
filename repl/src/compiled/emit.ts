/**
 * A known model as a program of its own: `toyfhe/compiler` prints it, here is said where its weights and images come from.
 * @module
 */
import { emit } from 'toyfhe/compiler';
import { IN_PROGRAMS } from '../backends.ts';
import { INPUT } from '../loaded-model.ts';
import { loadImages } from '../mnist/images.ts';
import { loadModel } from '../models.ts';
import { planModel, type PlanModelOptions } from './plan-model.ts';

export interface EmitModelOptions extends PlanModelOptions {
  /** Test images that the program classifies. Default: one batch. */
  readonly images?: number;
}

/**
 * TypeScript that runs from this repository's folder: `npx node program.ts`.
 * @throws FheError for an unknown model, what no ring holds, and more images than there are
 */
export async function emitModel(name: string, options: EmitModelOptions): Promise<string> {
  const model = await loadModel(name);
  const plan = planModel(model, options);
  const { images = plan.batch } = options;
  await loadImages({ images, dataset: 'auto' }, plan.batch); // the program would fail later, and say less
  const { imports, weights, model: clear } = model.code;
  const shape = [images, ...plan.inputs[0]!.shape];
  const digits = `await loadMnist({ split: 'test', limit: ${images} })`;
  return emit(plan, {
    title: `${model.name}: ${model.about}, on encrypted images`,
    backend: IN_PROGRAMS[options.backend],
    source: {
      imports: [
        ...imports,
        `import { loadMnist } from '@toyfhe/datasets';`,
        `import { argmax, Tensor } from 'toyfhe/nn';`,
      ],
      weights,
      inputs: ['{', `  ${INPUT}: new Tensor([${shape.join(', ')}], Float64Array.from((${digits}).images)),`, '}'].join(
        '\n',
      ),
      report: reportOf(clear, digits),
      usage: 'Runs inside the folder of ToyFHE, by its own Node: npx node program.ts',
    },
  });
}

/**
 * @param clear an expression: the same network without encryption
 * @param digits an expression: the images with their labels
 */
function reportOf(clear: string, digits: string): string {
  return [
    `const { about, labels } = ${digits};`,
    'console.log(`${about}; ${backend.name}`);',
    `const plain = ${clear}(inputs.${INPUT}!); // the same network without encryption`,
    `const encrypted = Object.values(outputs)[0]!;`,
    'let agree = 0;',
    'for (let i = 0; i < count; i++) {',
    '  if (argmax(plain, i) === argmax(encrypted, i)) agree++;',
    '  console.log(`label ${labels[i]}, plain ${argmax(plain, i)}, encrypted ${argmax(encrypted, i)}`);',
    '}',
    'const error = plain.data.reduce((most, x, i) => Math.max(most, Math.abs(x - encrypted.data[i]!)), 0);',
    'const text = `${agree} of ${count} predictions agree with the network in the clear`;',
    'console.log(`${text}; largest logit error ${error.toExponential(1)}`);',
  ].join('\n');
}
