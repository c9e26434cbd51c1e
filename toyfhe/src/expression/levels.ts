/**
 * What a term does to levels and exact scales, without computing it.
 * @module
 */
import type { Complex, Parameters, Scale } from '../backend/index.ts';
import { meetingPoint } from '../circuits/match-scale.ts';
import { Polynomial } from '../circuits/polynomial.ts';
import { byRepeatedSquaring } from '../circuits/power.ts';
import type { Algebra } from './run-term.ts';

/** Where a result will stand, and what it takes to get there. */
export interface Standing {
  /** Below 0 where the chain is too short: so many levels are missing. */
  readonly level: number;
  readonly scale: Scale;
  /** Products of two ciphertexts. */
  readonly products: number;
}

/** What happens to levels and scales in `ContractAlgebra`. */
export class LevelAlgebra implements Algebra<Standing> {
  readonly #parameters: Parameters;

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }
  copy(c: Standing): Standing {
    return c;
  }
  add(a: Standing, b: Standing): Standing {
    return { ...meetingPoint(a, b), products: a.products + b.products };
  }
  negative(c: Standing): Standing {
    return c;
  }
  mul(a: Standing, b: Standing): Standing {
    const level = Math.min(a.level, b.level);
    const products = a.products + (a === b ? 0 : b.products) + 1;
    return { level: level - 1, scale: a.scale.times(b.scale).over(this.#prime(level)), products };
  }
  power(c: Standing, n: number): Standing {
    return byRepeatedSquaring(c, n, (a, b) => this.mul(a, b));
  }
  addNumber(c: Standing): Standing {
    return c;
  }
  mulNumber(c: Standing, { re, im }: Complex): Standing {
    return im === 0 && Number.isInteger(re) ? c : { ...c, level: c.level - 1 };
  }
  conjugate(c: Standing): Standing {
    return c;
  }
  polynomial(c: Standing, coefficients: readonly number[]): Standing {
    const { depth, multiplications } = new Polynomial(coefficients);
    return { ...c, level: c.level - depth, products: c.products + multiplications };
  }
  scope(f: () => Standing): Standing {
    return f();
  }

  /** Below the chain, as if its lowest prime came again: good enough to count the levels that are missing. */
  #prime(level: number): Scale {
    return this.#parameters.primeScale(Math.max(level, Math.min(1, this.#parameters.maxLevel)));
  }
}
