/**
 * Σᵢ cᵢ·pᵢ in one pass over the limbs: a reduction for the sum instead of one for each product.
 * @module
 */
import type { Meta } from '../backend/contract.ts';
import type { ConstantPlain, EngineCipher, EnginePlain } from './handles.ts';
import type { Limbs } from './key-switch.ts';
import type { LimbWise } from './limb-wise.ts';
import type { Machine } from './machine.ts';
import { OP } from './tasks.ts';

export class DotPlain {
  readonly #machine: Machine;
  readonly #limbWise: LimbWise;

  constructor(machine: Machine, limbWise: LimbWise) {
    this.#machine = machine;
    this.#limbWise = limbWise;
  }

  /** Polynomials and constants may be mixed. */
  sum(cs: readonly EngineCipher[], ps: readonly EnginePlain[], out: Meta): EngineCipher {
    const constants: { c: EngineCipher; p: ConstantPlain }[] = [];
    const products: { c: EngineCipher; limbs: Limbs }[] = [];
    cs.forEach((c, i) => {
      const p = ps[i]!;
      if (p.kind === 'constant') constants.push({ c, p });
      else products.push({ c, limbs: p.limbs });
    });
    if (constants.length === 0) return this.#polynomials(products, out);
    if (products.length === 0) return this.#constants(constants, out);
    const parts: EngineCipher[] = [];
    try {
      parts.push(this.#polynomials(products, out));
      parts.push(this.#constants(constants, out));
      return this.#limbWise.linear(OP.add, OP.copy, parts[0]!, parts[1]!, out);
    } finally {
      for (const { polynomials } of parts) for (const limbs of polynomials) this.#machine.free(limbs);
    }
  }

  /** Σᵢ cᵢ. */
  plainSum(cs: readonly EngineCipher[], out: Meta): EngineCipher {
    const one = { kind: 'constant', coefficient: 1, residues: cs[0]!.polynomials[0]!.map(() => 1) } as const;
    return this.#constants(
      cs.map((c) => ({ c, p: one })),
      out,
    );
  }

  #polynomials(terms: readonly { c: EngineCipher; limbs: Limbs }[], out: Meta): EngineCipher {
    const { tasks, heap } = this.#machine;
    const row = 12 * terms.length;
    const pairs = out.length === 3 ? [[0, 1] as const, [2, 2] as const] : [[0, 1] as const];
    return this.#limbWise.make(out.level, out.length, (polynomials) =>
      this.#machine.borrowBytes(row * (out.level + 1) * pairs.length, 'a sum of products', (tables) => {
        let table = tables;
        for (const [g, h] of pairs) {
          for (let i = 0; i <= out.level; i++) {
            const rows = terms.flatMap(({ c, limbs }) => [limbs[i]!, c.polynomials[g]![i]!, c.polynomials[h]![i]!]);
            heap.u32.set(rows, table / 4);
            tasks.add(OP.dot, i, [polynomials[g]![i]!, polynomials[h]![i]!, table, terms.length]);
            table += row;
          }
        }
        tasks.run();
      }),
    );
  }

  #constants(terms: readonly { c: EngineCipher; p: ConstantPlain }[], out: Meta): EngineCipher {
    const { tasks, heap } = this.#machine;
    const limbs = out.level + 1;
    const weightBytes = 8 * terms.length * limbs;
    return this.#limbWise.make(out.level, out.length, (polynomials) =>
      this.#machine.borrowBytes(weightBytes + 4 * terms.length * limbs * out.length, 'a weighted sum', (weights) => {
        let table = weights + weightBytes;
        for (let i = 0; i < limbs; i++) {
          const row = weights + 8 * terms.length * i;
          heap.f64.set(
            terms.map(({ p }) => p.residues[i]!),
            row / 8,
          );
          for (const [k, polynomial] of polynomials.entries()) {
            heap.u32.set(
              terms.map(({ c }) => c.polynomials[k]![i]!),
              table / 4,
            );
            tasks.add(OP.dotConst, i, [polynomial[i]!, table, row, terms.length]);
            table += 4 * terms.length;
          }
        }
        tasks.run();
      }),
    );
  }
}
