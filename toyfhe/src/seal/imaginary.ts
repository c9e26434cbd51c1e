/**
 * Complex slots for node-seal 7, whose encoder takes and gives real numbers only.
 *
 * Multiplying by the monomial X^(N/2) multiplies slot j, where the polynomial takes its value at ζ^(3^j), by
 * i^(3^j) = i·(−1)^j. So re + i·im is encoded as encode(re) + X^(N/2)·encode((−1)^j·im), added up on SEAL's own
 * serialized residues, and the imaginary parts of p are (−1)^j·Re(−X^(N/2)·p).
 *
 * BigInt arithmetic: about 0.2 µs a residue (30 ms at N = 16384 and 7 primes). Real vectors never come here.
 * @module
 */
import type { Plaintext, SEALContext } from 'node-seal';
import { powMod, primitiveRootOfUnity } from '../backend/primes.ts';
import { calling, into, type Seal } from './module.ts';

/** Bytes before the residues in a serialized plaintext: header 16, parms_id 32, count 8, scale 8, header 16, count 8. */
const RESIDUES_AT = 88;

export class Imaginary {
  readonly #seal: Seal;
  readonly #context: SEALContext;
  readonly #ringDegree: number;
  readonly #primes: readonly bigint[];
  #roots: bigint[] | undefined;

  constructor(seal: Seal, context: SEALContext, ringDegree: number, primes: readonly bigint[]) {
    this.#seal = seal;
    this.#context = context;
    this.#ringDegree = ringDegree;
    this.#primes = primes;
  }

  /** The plaintext a + X^(N/2)·b; both at the same level and scale. */
  combine(a: Plaintext, b: Plaintext): Plaintext {
    const bytes = this.#save(a);
    const sum = residues(bytes);
    const other = residues(this.#save(b));
    this.#eachWithFactor(sum.length, (i, factor, p) => {
      sum[i] = (sum[i]! + factor * other[i]!) % p;
    });
    return this.#load(bytes);
  }

  /** −X^(N/2)·a: its real slots are (−1)^j·Im(a). */
  turned(a: Plaintext): Plaintext {
    const bytes = this.#save(a);
    const values = residues(bytes);
    this.#eachWithFactor(values.length, (i, factor, p) => {
      values[i] = ((p - factor) * values[i]!) % p;
    });
    return this.#load(bytes);
  }

  /** Visits each residue with the value of X^(N/2) at its point: ±√−1, by halves, as SEAL's NTT order is bit-reversed. */
  #eachWithFactor(count: number, visit: (i: number, factor: bigint, p: bigint) => void): void {
    const n = this.#ringDegree;
    this.#roots ??= this.#primes.map((p) => squareRootOfMinusOne(p, n));
    for (let i = 0; i < count; i++) {
      const limb = Math.floor(i / n);
      const p = this.#primes[limb]!;
      const root = this.#roots[limb]!;
      visit(i, i % n < n / 2 ? root : p - root, p);
    }
  }

  #save(p: Plaintext): Uint8Array {
    return calling('read a plaintext', () => (p.saveToArray(this.#seal.ComprModeType.none) as Uint8Array).slice());
  }

  #load(bytes: Uint8Array): Plaintext {
    return into(
      () => new this.#seal.Plaintext(),
      'encode',
      (out) => out.loadFromArray(this.#context, bytes),
    );
  }
}

function residues(bytes: Uint8Array): BigUint64Array {
  return new BigUint64Array(bytes.buffer, bytes.byteOffset + RESIDUES_AT);
}

/** ψ^(N/2) for the ψ that SEAL takes: the smallest primitive 2N-th root of unity modulo p. */
function squareRootOfMinusOne(p: bigint, ringDegree: number): bigint {
  const any = primitiveRootOfUnity(BigInt(2 * ringDegree), p);
  const squared = (any * any) % p;
  let smallest = any;
  for (let root = any, i = 0; i < ringDegree; i++, root = (root * squared) % p) if (root < smallest) smallest = root;
  return powMod(smallest, BigInt(ringDegree / 2), p);
}
