/**
 * The product by its definition.
 * @module
 */

import { mod } from './integers.ts';
import { RingElement } from './ring-element.ts';

/**
 * a·b with x^d = −1: what spills over the top comes back with the other sign. O(d²); here to be read, and to test the
 * transform against. Both in the same ring.
 */
export function schoolbookProduct(a: RingElement, b: RingElement): RingElement {
  const d = a.ring.degree;
  const limbs = a.coefficients().map((left, i) => {
    const right = b.coefficients()[i]!;
    const out = new Array<bigint>(d).fill(0n);
    left.forEach((x, j) => {
      right.forEach((y, k) => {
        if (j + k < d) out[j + k] = out[j + k]! + x * y;
        else out[j + k - d] = out[j + k - d]! - x * y;
      });
    });
    return out.map((sum) => mod(sum, a.ring.primes[i]!));
  });
  return new RingElement(a.ring, limbs, 'coefficients');
}
