/**
 * What the parts of an emitted program have to know of each other: the plan, the names of its values, what is imported.
 * @module
 */
import { parameters, Scale } from '../backend/index.ts';
import type { Imports } from './emit-imports.ts';
import { Names } from './emit-names.ts';
import { type Standing, standings } from './levels.ts';
import { valueOf } from './plan-access.ts';
import type { Plan, PlannedInput, Step } from './plan-types.ts';
import type { ValueId } from './program.ts';
import { type Stage, stageOperands } from './stages.ts';

export type LinearStep = Step & { readonly kind: 'linear' };

/** Small functions that the program gets where something uses them. */
export type Helper = 'steps' | 'uniform';

/** What the program itself calls by these names; values get others. */
const OWN_NAMES = [
  ...['spec', 'backend', 'slots', 'batch', 'scale', 'outputScale', 'prime', 'layouts', 'matrices', 'weights'],
  ...['activations', 'constants', 'constant', 'inputs', 'input', 'outputs', 'count', 'first', 'publicKey', 'client'],
  ...['server', 'encrypt', 'decrypt', 'evaluate', 'rows', 'fill', 'steps', 'uniform', 'file', 'tensors'],
  ...['addMatched', 'averagePoolAsMap', 'addConstantAsMap', 'Backend', 'channelAffineAsMap', 'Ciphertext'],
  ...[
    'AffineMap',
    'composeMaps',
    'conv2dAsMap',
    'denseAsMap',
    'diagonalMap',
    'evaluateOnLayout',
    'evaluatePolynomial',
    'explodeImage',
  ],
  ...['explodedConvolutionMap', 'globalAveragePoolAsMap', 'identityMap', 'imageLayout', 'LinearTransform', 'c', 'i'],
  ...['mulConstantAsMap', 'packSlots', 'ParameterSpec', 'Polynomial', 'printShape', 'readFileSync', 'readSafetensors'],
  ...['Relu', 'sameShape', 'Scale', 'scaledMap', 'SlotLayout', 'Softmax', 'Tensor', 'twin', 'unpackSlots'],
  ...['vectorLayout', 'Weights', 'parts', 'pixels'],
];

export class Emission {
  readonly plan: Plan;
  readonly imports: Imports;
  readonly helpers: Set<Helper> = new Set();
  /** Inputs that are read. */
  readonly inputs: readonly PlannedInput[];
  readonly #names: Names;
  readonly #values = new Map<ValueId, string>();
  readonly #further = new Map<string, string>();
  readonly #standings: ReadonlyMap<ValueId, Standing>;

  constructor(plan: Plan, imports: Imports) {
    this.plan = plan;
    this.imports = imports;
    const read = new Set([...plan.steps.flatMap(stageOperands), ...plan.outputs]);
    this.inputs = plan.inputs.filter(({ id }) => read.has(id));
    this.#names = new Names([...OWN_NAMES, ...imports.names]);
    const moves = new Set(plan.steps.filter((s) => s.kind === 'linear' && s.operations.length === 0).map((s) => s.to));
    for (const { id, name } of plan.values) {
      const part = plan.program.operations[id] === undefined;
      this.#values.set(id, this.#names.of(part ? `${name} ${moves.has(id) ? 'moved' : 'part'}` : name));
    }
    const made = parameters(plan.parameters);
    const level = (id: ValueId): number => valueOf(plan, id).level;
    const inputs = plan.inputs.map(({ id }): Stage => ({ kind: 'input', to: id }));
    this.#standings = standings([...inputs, ...plan.steps], {
      maxLevel: made.maxLevel,
      scale: made.scale,
      outputScale: Scale.powerOfTwo(plan.outputScaleBits),
      outputs: plan.outputs,
      primeScale: (l) => made.primeScale(l),
      depth: (stage) => (stage.kind === 'input' ? 0 : level(stageOperands(stage)[0]!) - level(stage.to)),
    });
  }

  /** The variable of a value. */
  name(id: ValueId): string {
    return this.#values.get(id)!;
  }

  /** A further variable about a value: `encryptedImage`, `square1Scale`. The same words give the same variable. */
  nameOf(id: ValueId, words: (name: string) => string): string {
    const text = words(this.name(id));
    const key = `${id} ${text}`;
    const known = this.#further.get(key) ?? this.#names.of(text);
    this.#further.set(key, known);
    return known;
  }

  /** Exactly where a value stands. */
  standing(id: ValueId): Standing {
    return this.#standings.get(id)!;
  }

  /** Ciphertexts of a value. */
  blocks(id: ValueId): number {
    return valueOf(this.plan, id).layout.blocks;
  }

  get linearSteps(): LinearStep[] {
    return this.plan.steps.filter((step): step is LinearStep => step.kind === 'linear');
  }

  /** The step that gives a value; undefined for inputs. */
  maker(id: ValueId): Step | undefined {
    return this.plan.steps.find((step) => step.to === id);
  }

  /** The value where a layout begins: only matrices lay values out anew. */
  layoutOwner(id: ValueId): ValueId {
    const step = this.maker(id);
    return step === undefined || step.kind === 'linear' ? id : this.layoutOwner(step.x);
  }
}
