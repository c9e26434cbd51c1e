/**
 * How large each value can get: as declared, or else the bound that the weights allow.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { AffineMap } from '../circuits/index.ts';
import type { OperationOf, ProgramText, ValueId } from './program.ts';
import type { Affine, BoundedOperation, LinearStage, StagedProgram } from './stages.ts';

/** How large a value gets: the largest |value|, and the root of the mean square. */
export interface Range {
  readonly largest: number;
  readonly typical: number;
}

/** Ranges by the operation's name; a number is the largest |value| alone. Inputs count as 1 where nothing is said. */
export type Ranges = Readonly<Record<string, number | Range>>;

/**
 * A typical |value| over the largest one, where only that is known: of thousands of bell-shaped values, the largest is about
 * four deviations. (The activations of the networks here: three to six.)
 */
const TYPICAL = 1 / 4;

/** What is declared of an operation's result; a reshape's is that of what it reshapes. */
export function declaredRange(program: ProgramText, ranges: Ranges, id: ValueId): Range | undefined {
  const o = program.operations[id];
  if (o === undefined) return undefined;
  const range = Object.hasOwn(ranges, o.name) ? ranges[o.name] : undefined;
  if (range === undefined) return o.op === 'reshape' ? declaredRange(program, ranges, o.x) : undefined;
  return typeof range === 'number' ? { largest: range, typical: TYPICAL * range } : range;
}

/**
 * @throws FheError RANGE for a range that is not a positive number, or of no operation
 */
export function checkRanges(program: ProgramText, ranges: Ranges): void {
  const names = new Set(program.operations.map(({ name }) => name));
  for (const [name, range] of Object.entries(ranges)) {
    const { largest, typical } = typeof range === 'number' ? { largest: range, typical: 0 } : range;
    const fine = Number.isFinite(largest) && typical >= 0 && typical <= largest;
    if (names.has(name) && fine) continue;
    throw new FheError({
      code: 'RANGE',
      op: 'plan',
      field: `range of ${name}`,
      should: names.has(name) ? 'a number ≥ 0' : `of one of ${[...names].join(', ')}`,
      is: names.has(name) ? JSON.stringify(range) : name,
      hint: 'measureRanges(program, inputs) gives them',
    });
  }
}

/** The bound of a relu or softmax: its own, or the declared range of its input. */
export function boundOf(program: ProgramText, ranges: Ranges, o: BoundedOperation): number {
  const bound = o.bound ?? declaredRange(program, ranges, o.x)?.largest;
  if (bound !== undefined && bound > 0) return bound;
  throw new FheError({
    code: 'RANGE',
    op: `plan ${o.name}`,
    field: 'bound of its input',
    should: bound === 0 ? 'above 0' : 'declared: outside it the approximation explodes',
    is: String(bound),
    hint: `write ${o.op}({ bound: … }), or give ranges to plan: measureRanges(program, inputs)`,
  });
}

/**
 * Inputs that are declared to leave the bound or interval of what approximates on it.
 * @throws FheError RANGE
 */
export function checkBounds(program: ProgramText, ranges: Ranges): void {
  for (const o of program.operations) {
    if (o.op !== 'relu' && o.op !== 'softmax' && o.op !== 'polynomial') continue;
    const declared = declaredRange(program, ranges, o.x)?.largest;
    const limit = o.op === 'polynomial' ? o.interval && Math.max(...o.interval.map(Math.abs)) : o.bound;
    if (declared === undefined || limit === undefined || declared <= limit) continue;
    throw new FheError({
      code: 'RANGE',
      op: `plan ${o.name}`,
      field: `declared range of its input`,
      should: `within ±${limit}, where it approximates`,
      is: `±${declared}`,
      hint: 'take a larger bound or interval, or scale the layer before down',
    });
  }
}

/**
 * How large what each stage's ciphertexts hold gets, by value. A value whose factor was moved out into the next matrix is as
 * large as what is left of it.
 */
export function contentRanges(
  program: ProgramText,
  { stages }: StagedProgram,
  maps: ReadonlyMap<LinearStage, AffineMap>,
  ranges: Ranges,
): Map<ValueId, Range> {
  const found = new Map<ValueId, Range>();
  const bounded = (largest: number): Range => ({ largest, typical: TYPICAL * largest });
  const declared = (id: ValueId): Range | undefined => declaredRange(program, ranges, id);
  for (const stage of stages) {
    const x = stage.kind === 'input' ? bounded(1) : found.get(stage.x)!;
    let range: Range;
    switch (stage.kind) {
      case 'input':
        range = declared(stage.to) ?? x;
        break;
      case 'linear': {
        const map = maps.get(stage)!;
        const known = declared(stage.to);
        range = known === undefined ? bounded(largestRow(map, x.largest)) : after(stage.after, known);
        // What is added to the product may cancel against it, but each has to fit.
        const bias = map.bias?.reduce((most, b) => Math.max(most, Math.abs(b)), 0) ?? 0;
        if (bias > range.largest) range = { ...range, largest: range.largest + bias };
        break;
      }
      case 'square':
      case 'mul': {
        const y = stage.kind === 'mul' ? found.get(stage.y)! : x;
        const product = bounded(x.largest * y.largest);
        // Declared is the operation's result: of a quadratic activation that is not the bare square.
        const known = program.operations[stage.to]?.op === 'polynomial' ? undefined : declared(stage.to);
        range = known === undefined || known.largest > product.largest ? product : known;
        break;
      }
      case 'add':
        range = declared(stage.to) ?? bounded(x.largest + found.get(stage.y)!.largest);
        break;
      case 'relu': {
        const bound = boundOf(program, ranges, program.operations[stage.to] as OperationOf<'relu'>);
        const known = declared(stage.to);
        range = known === undefined || known.largest > bound ? bounded(bound) : known;
        break;
      }
      case 'softmax':
        range = bounded(1);
        break;
      case 'polynomial': {
        const largest = largestOf(program.operations[stage.to] as OperationOf<'polynomial'>, x.largest);
        range = declared(stage.to) ?? bounded(largest);
        break;
      }
    }
    found.set(stage.to, range);
  }
  return found;
}

function after(affine: Affine | undefined, range: Range): Range {
  if (affine === undefined) return range;
  const moved = (x: number): number => Math.abs(affine.factor) * x + Math.abs(affine.offset);
  return { largest: moved(range.largest), typical: moved(range.typical) };
}

/** max over rows of Σ|w|·x + |b|: reached where every input has its worst sign. */
function largestRow({ outputs, starts, weights, bias }: AffineMap, x: number): number {
  let largest = 0;
  for (let r = 0; r < outputs; r++) {
    let sum = Math.abs(bias?.[r] ?? 0);
    for (let e = starts[r]!; e < starts[r + 1]!; e++) sum += Math.abs(weights[e]!) * x;
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** Σ|cᵢ|·xⁱ bounds a monomial polynomial, Σ|cᵢ| one in Chebyshev basis. */
function largestOf({ basis, coefficients }: OperationOf<'polynomial'>, x: number): number {
  return coefficients.reduce((sum, c, i) => sum + Math.abs(c) * (basis === 'monomial' ? x ** i : 1), 0);
}
