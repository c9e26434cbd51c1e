/**
 * A plan as a program that a person could have written: every layer, level, scale and split in the open.
 * @module
 */
import { clientFunctions, inputStatements, loopStatements, windowStatements } from './emit-client.ts';
import { call, type Code, list, record, statement } from './emit-code.ts';
import { comment, number } from './emit-text.ts';
import { activationsCode, evaluateFunction } from './emit-evaluate.ts';
import { FILE_SOURCE, helperFunctions } from './emit-helpers.ts';
import { Imports } from './emit-imports.ts';
import { layoutsCode } from './emit-layouts.ts';
import { matricesCode, weightsCode } from './emit-matrices.ts';
import { scaleStatements } from './emit-scales.ts';
import { Emission } from './emission.ts';
import type { Plan, Reason } from './plan-types.ts';

export interface EmitOptions {
  /** The first words of the program's comment. Default: the names of its inputs and outputs. */
  readonly title?: string;
  /** Default: the twin, which computes in the clear. */
  readonly backend?: {
    /** Whole statements: `import { engine } from 'toyfhe/engine';` */
    readonly imports: readonly string[];
    /** An expression with `spec` (a `ParameterSpec`) in scope; may use await: `await engine(spec)`. */
    readonly create: string;
  };
  /** Default: `FILE_SOURCE`. */
  readonly source?: EmitSource;
}

/** Where an emitted program has its weights and inputs from, and where its outputs go. */
export interface EmitSource {
  /** Whole statements: `import { loadWeights } from '@toyfhe/datasets';` */
  readonly imports: readonly string[];
  /** An expression: `Weights` (a map of tensors) by the names of the constants, or a promise of one. */
  readonly weights: string;
  /** An expression: a `Record<string, Tensor>` by the names of the inputs, each `[count, …]`, or a promise of one. */
  readonly inputs: string;
  /**
   * Statements that print `outputs`, a `Record<string, Tensor>`, each `[count, …]`; `constants`, `inputs`, `count` and
   * `backend` are in scope. Default: one line of JSON, as `FILE_SOURCE` reads it.
   */
  readonly report?: string;
  /** How the program is started, for its comment. */
  readonly usage?: string;
}

const TWIN = { imports: ["import { twin } from 'toyfhe/backend';"], create: 'twin(spec)' };

/**
 * A standalone TypeScript program, against the public modules of toyfhe alone, that does what `run(plan, …)` does: the same
 * operations in the same order, on any number of images. It runs under Node from a folder where `toyfhe` can be imported.
 * The plan says nothing of the weights, so neither does the program: it looks them up by the names in `Program.constants`.
 * @throws FheError FORMAT for a plan whose numbers are none, RANGE or INSECURE for parameters that no backend would take
 */
export function emit(plan: Plan, options: EmitOptions = {}): string {
  const { source = FILE_SOURCE, backend = TWIN } = options;
  const imports = new Imports();
  for (const line of [...source.imports, ...backend.imports]) imports.add(line);
  imports.use('toyfhe/backend', 'type ParameterSpec');
  const emission = new Emission(plan, imports);
  const report = source.report ?? FILE_SOURCE.report;
  const body = bodySections(emission, [...loopStatements(emission), ...report.split('\n'), 'backend.dispose();']);
  const constant = body.flat().some((line) => line.includes('constant('));
  const constants = constant || /\bconstants\b/.test(report);
  if (constants) imports.use('toyfhe/nn', 'type Weights');
  const sections = [
    parametersSection(plan),
    [
      '// Weights are the server’s, inputs the client’s.',
      ...(constants ? [`const constants: Weights = ${awaited(source, source.weights)};`] : []),
      `const inputs: Readonly<Record<string, Tensor>> = ${awaited(source, source.inputs)};`,
      ...inputStatements(emission),
    ],
    [
      `const backend = ${backend.create};`,
      ...comment(sentence(plan.reasons, 'keys')),
      'const {',
      '  publicKey, // encrypts: anyone’s',
      '  secretKeys: client, // decrypts: never leaves the client',
      ...(plan.steps.length > 0 ? ['  evaluationKeys: server, // computes, and cannot decrypt'] : []),
      statement('} = ', keysCode(plan)),
    ],
    ...body,
    helperFunctions(emission, { constant, files: source === FILE_SOURCE }),
  ];
  const text = sections.map((lines) => lines.join('\n')).join('\n\n');
  return `${[...header(emission, options.title, source), ...imports.print(text)].join('\n')}\n\n${text}\n`;
}

/** From the layouts to the end of the loop; what a program has no use for is left out. */
function bodySections(emission: Emission, loop: readonly string[]): (readonly string[])[] {
  const { plan, linearSteps } = emission;
  const activations = activationsCode(emission);
  const matrices = linearSteps.length > 0;
  const scales = scaleStatements(emission);
  const sections = [
    [
      ...comment(sentence(plan.reasons, 'layout')),
      `const batch = ${number(plan.batch)};`,
      `const { slots${matrices || activations !== undefined ? ', scale' : ''} } = backend.parameters;`,
      statement('const layouts = ', layoutsCode(emission)),
      ...windowStatements(emission),
    ],
    matrices ? ['// Server: what the network is made of.', statement('const matrices = ', matricesCode(emission))] : [],
    activations === undefined ? [] : [statement('const activations = ', activations)],
    scales,
    matrices
      ? ['// Server: matrices are encoded once for all batches.', statement('const weights = ', weightsCode(emission))]
      : [],
    evaluateFunction(emission),
    clientFunctions(emission),
    loop,
  ];
  return sections.filter((lines) => lines.length > 0);
}

/** The file's own comment. */
function header({ plan, inputs }: Emission, title: string | undefined, source: EmitSource): string[] {
  const { batch, estimates } = plan;
  const outputs = plan.program.outputs.map((id) => plan.program.operations[id]!.name);
  const from = plan.inputs.map(({ name }) => name).join(', ');
  const images = batch === 1 ? 'one image' : `${batch} images`;
  const lines = [
    `${title ?? `From ${from} to ${outputs.join(', ')}, encrypted`}.`,
    `Written by emit(plan) of toyfhe/compiler: ${images} an evaluation, ${estimates.precisionBits.toFixed(1)} bits expected to be right.`,
  ];
  const { usage } = source;
  if (usage !== undefined) lines.push('', usage);
  if (source === FILE_SOURCE) {
    const shapes = inputs.map(
      ({ name, shape }) => `"${name}": { "shape": [count, ${shape.join(', ')}], "data": [0, …] }`,
    );
    lines.push('The first holds the constants of the recorded program, the second', `{ ${shapes.join(', ')} }`);
  }
  return ['/**', ...lines.flatMap((line) => comment(line, 1, '* ')), ' * @module', ' */'];
}

function parametersSection({ parameters, reasons }: Plan): string[] {
  const { ringDegree, chain, special, scaleBits, insecure } = parameters;
  const why = reasons.filter(({ about }) => about === 'parameters');
  const spec = {
    ringDegree: number(ringDegree),
    chain: list(chain),
    special: list(special),
    scaleBits: number(scaleBits),
    insecure: insecure === true ? 'true' : undefined,
  };
  return [
    ...why.flatMap((reason) => comment(`${reason.choice}: ${reason.why}`)),
    statement('const spec: ParameterSpec = ', record(spec)),
  ];
}

function keysCode({ rotations, relinearize }: Plan): Code {
  return call('backend.keygen', record({ rotations: list(rotations), relinearize: relinearize ? 'true' : 'false' }));
}

function sentence(reasons: readonly Reason[], what: Reason['about']): string {
  const reason = reasons.find(({ about }) => about === what);
  return reason === undefined ? '' : `${reason.choice}: ${reason.why}`;
}

/** An expression that may be a promise, awaited; a literal is none, and files are read at once. */
function awaited(source: EmitSource, expression: string): string {
  if (source === FILE_SOURCE || /^(await\b|new\b|\{)/.test(expression)) return expression;
  // What binds less than await has to be kept together.
  return /[?|&+*/<>=]|\s-\s/.test(outside(expression)) ? `await (${expression})` : `await ${expression}`;
}

/** An expression without what stands in brackets or quotes. */
function outside(expression: string): string {
  const less = expression.replaceAll(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}|'[^']*'|"[^"]*"|`[^`]*`/g, '');
  return less === expression ? less : outside(less);
}
