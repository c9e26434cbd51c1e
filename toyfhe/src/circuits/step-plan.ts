/**
 * Which diagonal is made of which baby step and which giant step.
 * @module
 */
import { FheError } from '../backend/index.ts';
import { centred, type DiagonalTerms, foldsFrom, type Split } from './rotation-split.ts';

/** One partial sum of a block of output, and the rotation that brings it home. */
export interface GiantStep {
  readonly giant: number;
  /** The diagonals giant + baby, each with the block of input that it multiplies. */
  readonly terms: readonly { readonly input: number; readonly baby: number }[];
}

export interface StepPlan {
  /** By block of input, ascending: the rotations of it that are used, 0 among them where it is. */
  readonly babies: readonly (readonly number[])[];
  /** By block of output. */
  readonly outputs: readonly (readonly GiantStep[])[];
  /** Distinct diagonals, modulo the split's modulus. */
  readonly diagonalCount: number;
}

/**
 * Finds a baby step and a giant step for every diagonal.
 * @throws FheError RANGE where the split is none for these diagonals
 */
export function planSteps(diagonals: DiagonalTerms, split: Split): StepPlan {
  const { modulus } = split;
  check(diagonals, split);
  const parts = new Map<number, { baby: number; giant: number }>(); // by diagonal; the first that is found
  for (const giant of split.giants) {
    for (const baby of split.babies) {
      const k = centred(giant + baby, modulus);
      if (!parts.has(k)) parts.set(k, { baby, giant });
    }
  }
  const babies = Array.from({ length: diagonals.inputBlocks }, () => new Set<number>());
  const outputs = Array.from(
    { length: diagonals.outputBlocks },
    () => new Map<number, { input: number; baby: number }[]>(),
  );
  const distinct = new Set<number>();
  for (const { output, input, index } of diagonals.terms) {
    for (let at = index; at < modulus; at += diagonals.base) {
      const k = centred(at, modulus);
      const found = parts.get(k);
      if (found === undefined) throw wrongSplit('babies and giants', `all diagonals, ${k} too`, 'not');
      const { baby, giant } = found;
      distinct.add(k);
      babies[input]!.add(baby);
      const steps = outputs[output]!;
      if (!steps.has(giant)) steps.set(giant, []);
      steps.get(giant)!.push({ input, baby });
    }
  }
  return {
    babies: babies.map((set) => [...set].sort((a, b) => a - b)),
    outputs: outputs.map((steps) =>
      [...steps].map(([giant, terms]) => ({ giant, terms })).sort((a, b) => a.giant - b.giant),
    ),
    diagonalCount: distinct.size,
  };
}

function check(diagonals: DiagonalTerms, { modulus, babies, giants, folds }: Split): void {
  const { moduli } = diagonals;
  if (!moduli.includes(modulus)) throw wrongSplit('modulus', moduli.join(' or '), String(modulus));
  const needed = foldsFrom(diagonals, modulus);
  if (folds.join() !== needed.join()) throw wrongSplit('folds', `[${needed.join()}]`, `[${folds.join()}]`);
  const odd = [...babies, ...giants].find((k) => !Number.isInteger(k) || Math.abs(k) >= modulus);
  if (odd !== undefined) throw wrongSplit('steps', `whole numbers with |k| < ${modulus}`, String(odd));
}

function wrongSplit(field: string, should: string, is: string): FheError {
  const hint = 'take one that splits() lists, or leave it out';
  return new FheError({ code: 'RANGE', op: 'split diagonals', field, should, is, hint });
}
