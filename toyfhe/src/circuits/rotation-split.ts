/**
 * Which rotations a sum over diagonals makes: baby steps, giant steps and folds, and which choice is the cheapest.
 *
 * Every diagonal k is written as k = b + g. All diagonals share the rotations of the input by the baby steps b, and each
 * block of output adds up its partial results rotated by the giant steps g (Halevi–Shoup, Faster Homomorphic Linear
 * Transformations in HElib, CRYPTO 2018). The diagonals of a convolution are few and regular: b is k modulo
 * a power of two n₁, from −offset up; the distinct values of b and of g are what is rotated by.
 * @module
 */
import type { RotationCosts } from './rotation-costs.ts';

/** The steps, in positions: times the layout's batch they are slots. Plain JSON. */
export interface Split {
  /** Diagonal indices are taken modulo this: the period worked in. */
  readonly modulus: number;
  readonly babies: readonly number[];
  readonly giants: readonly number[];
  /** Partial sums folded by log₂ rotations: the result of the giant steps is added to itself rotated by each in turn. */
  readonly folds: readonly number[];
}

/** A diagonal that has entries, in the product of one block of input with one block of output. */
export interface DiagonalTerm {
  readonly output: number;
  readonly input: number;
  /** Modulo `base`. */
  readonly index: number;
}

/** The diagonals of a map between two layouts. */
export interface DiagonalTerms {
  readonly terms: readonly DiagonalTerm[];
  /** The shorter of the two periods. A diagonal has the same entries at every index that is equal modulo this. */
  readonly base: number;
  /** The moduli one may work in, ascending powers of two: folds make up for what is less than the last. */
  readonly moduli: readonly number[];
  readonly inputBlocks: number;
  readonly outputBlocks: number;
}

/** How diagonals are split: b ≡ k modulo `step`, −offset ≤ b < step − offset, k taken modulo `modulus`. */
interface Rule {
  readonly modulus: number;
  readonly step: number;
  readonly offset: number;
}

export interface SplitCost {
  readonly split: Split;
  readonly cost: number;
  /** Rotations of one evaluation. */
  readonly rotations: number;
}

/** The cheapest split; of equally cheap ones the one with fewer rotations, then the larger steps. */
export function cheapestSplit(diagonals: DiagonalTerms, costs: RotationCosts): Split {
  let [best, least] = [undefined as Rule | undefined, { cost: Infinity, rotations: Infinity }];
  const price = pricing(diagonals, costs);
  for (const rule of rules(diagonals)) {
    const found = price(rule);
    if (found.cost > least.cost || (found.cost === least.cost && found.rotations >= least.rotations)) continue;
    [best, least] = [rule, found];
  }
  return splitOf(diagonals, best!);
}

/** All candidates, the cheapest first; different rules that give the same steps count once. */
export function allSplits(diagonals: DiagonalTerms, costs: RotationCosts): SplitCost[] {
  const found = new Map<string, SplitCost>();
  const price = pricing(diagonals, costs);
  for (const rule of rules(diagonals)) {
    const split = splitOf(diagonals, rule);
    const name = JSON.stringify(split);
    if (!found.has(name)) found.set(name, { split, ...price(rule) });
  }
  return [...found.values()].sort((a, b) => a.cost - b.cost || a.rotations - b.rotations);
}

/** The folds that a modulus leaves to do: modulus, 2·modulus, … below the longest modulus. */
export function foldsFrom({ moduli }: DiagonalTerms, modulus: number): number[] {
  return moduli.slice(moduli.indexOf(modulus), -1);
}

/** k modulo m, in −m/2 < k ≤ m/2: the same rotation has the same name in every layer, so that layers share its key. */
export function centred(k: number, m: number): number {
  const residue = ((k % m) + m) % m;
  return 2 * residue > m ? residue - m : residue;
}

/** Powers of two from 1 (giant steps only) to the modulus (baby steps only), with four offsets each. */
function* rules({ moduli }: DiagonalTerms): Generator<Rule> {
  for (const modulus of moduli) {
    for (let step = 1; step <= modulus; step *= 2) {
      // Where −offset falls between two groups of diagonals, no group is cut in two, and giant steps are fewer.
      const offsets = step === modulus ? [0] : [0, step / 4, step / 2, (3 * step) / 4].filter(Number.isInteger);
      for (const offset of offsets) yield { modulus, step, offset };
    }
  }
}

/** The baby step of diagonal k. */
function babyOf({ modulus, step, offset }: Rule, k: number): number {
  const b = ((((k + offset) % step) + step) % step) - offset;
  return centred(b, modulus);
}

function splitOf(diagonals: DiagonalTerms, rule: Rule): Split {
  const { modulus } = rule;
  const [babies, giants] = [new Set<number>(), new Set<number>()];
  for (const { index } of diagonals.terms) {
    for (let k = index; k < modulus; k += diagonals.base) {
      const baby = babyOf(rule, k);
      babies.add(baby);
      giants.add(centred(k - baby, modulus));
    }
  }
  const ascending = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);
  return { modulus, babies: ascending(babies), giants: ascending(giants), folds: foldsFrom(diagonals, modulus) };
}

/** Counts the steps of a rule block by block, without listing them. */
function pricing(diagonals: DiagonalTerms, costs: RotationCosts): (rule: Rule) => { cost: number; rotations: number } {
  const { terms, base, inputBlocks, outputBlocks } = diagonals;
  const most = diagonals.moduli.at(-1)!;
  const babySeen = new Uint32Array(inputBlocks * most); // the last rule that made this step
  const giantSeen = new Uint32Array(outputBlocks * most);
  let round = 0;
  return (rule) => {
    round++;
    const { modulus } = rule;
    let [products, babies, giants] = [0, 0, 0];
    for (const { output, input, index } of terms) {
      for (let k = index; k < modulus; k += base) {
        products++;
        const baby = babyOf(rule, k);
        const giant = centred(k - baby, modulus);
        const babyAt = input * most + ((baby + modulus) % modulus);
        const giantAt = output * most + ((giant + modulus) % modulus);
        if (babySeen[babyAt] !== round && baby !== 0) babies++;
        if (giantSeen[giantAt] !== round && giant !== 0) giants++;
        babySeen[babyAt] = giantSeen[giantAt] = round;
      }
    }
    const folds = outputBlocks * foldsFrom(diagonals, modulus).length;
    const cost = products * costs.product + babies * costs.baby + giants * costs.giant + folds * costs.fold;
    return { cost, rotations: babies + giants + folds };
  };
}
