/**
 * How large each value can get: as declared, or else the bound that the weights allow.
 * @module
 */
import { FheError } from '../backend/index.ts';
import type { AffineMap } from '../circuits/index.ts';
import type { OperationOf, ProgramText, ValueId } from './program.ts';
import type { Affine, BoundedOperation, LinearStage, StagedProgram } from './stages.ts';

/** Largest |value| by the operation's name; inputs count as 1 where nothing is said. */
export type Ranges = Readonly<Record<string, number>>;

/**
 * @throws FheError RANGE for a range that is not a positive number, or of no operation
 */
export function checkRanges(program: ProgramText, ranges: Ranges): void {
  const names = new Set(program.operations.map(({ name }) => name));
  for (const [name, range] of Object.entries(ranges)) {
    if (names.has(name) && Number.isFinite(range) && range >= 0) continue;
    throw new FheError({
      code: 'RANGE',
      op: 'plan',
      field: `range of ${name}`,
      should: names.has(name) ? 'a number ≥ 0' : `of one of ${[...names].join(', ')}`,
      is: names.has(name) ? String(range) : name,
      hint: 'measureRanges(program, inputs) gives them',
    });
  }
}

/** The bound of a relu or softmax: its own, or the declared range of its input. */
export function boundOf(program: ProgramText, ranges: Ranges, o: BoundedOperation): number {
  const bound = o.bound ?? ranges[program.operations[o.x]!.name];
  if (bound !== undefined && bound > 0) return bound;
  throw new FheError({
    code: 'RANGE',
    op: `plan ${o.name}`,
    field: 'bound of its input',
    should: 'declared: outside it the approximation explodes',
    is: String(bound),
    hint: `write ${o.op}({ bound: … }), or give ranges to plan: measureRanges(program, inputs)`,
  });
}

/**
 * The largest |value| that each stage's ciphertexts hold, by value. A value whose factor was moved out into the next matrix
 * is as large as what is left of it.
 */
export function contentRanges(
  program: ProgramText,
  { stages }: StagedProgram,
  maps: ReadonlyMap<LinearStage, AffineMap>,
  ranges: Ranges,
): Map<ValueId, number> {
  const found = new Map<ValueId, number>();
  const declared = (id: ValueId): number | undefined => ranges[program.operations[id]?.name ?? ''];
  for (const stage of stages) {
    const x = stage.kind === 'input' ? 1 : found.get(stage.x)!;
    let range: number;
    switch (stage.kind) {
      case 'input':
        range = declared(stage.to) ?? 1;
        break;
      case 'linear':
        range = after(stage.after, declared(stage.to)) ?? largestRow(maps.get(stage)!, x);
        break;
      case 'square':
        range = x * x;
        break;
      case 'add':
        range = declared(stage.to) ?? x + found.get(stage.y)!;
        break;
      case 'mul':
        range = declared(stage.to) ?? x * found.get(stage.y)!;
        break;
      case 'relu': {
        const bound = boundOf(program, ranges, program.operations[stage.to] as OperationOf<'relu'>);
        range = Math.min(bound, declared(stage.to) ?? bound);
        break;
      }
      case 'softmax':
        range = 1;
        break;
      case 'polynomial':
        range = declared(stage.to) ?? largestOf(program.operations[stage.to] as OperationOf<'polynomial'>, x);
        break;
    }
    found.set(stage.to, range);
  }
  return found;
}

function after(affine: Affine | undefined, range: number | undefined): number | undefined {
  if (range === undefined || affine === undefined) return range;
  return Math.abs(affine.factor) * range + Math.abs(affine.offset);
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
