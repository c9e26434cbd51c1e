/**
 * Slots ↔ integer polynomials: Ecd and Dcd of CKKS (eprint 2016/421) by a transform in doubles, exact to about 44 bits of
 * the largest slot. The polynomial's residues modulo primes are made from its coefficients by the kernel `toResidues`.
 * @module
 */
import type { Slots } from '../backend/slots.ts';

/** The kernels this needs (kernels/fft.ts). Addresses and counts are u32. */
export interface FftKernels {
  fftForward(x: number, slots: number, roots: number): void;
  fftInverse(x: number, slots: number, roots: number): void;
  roundScaled(dst: number, x: number, slots: number, scale: number): number;
  loadCoefficients(x: number, src: number, slots: number, factor: number): void;
  toResidues(dst: number, src: number, n: number, parts: number, table: number, prime: number, inverse: number): void;
}

/** The kernels' memory. */
export interface EncoderHeap {
  /** All of it as doubles; asked for anew at each use, since it may have grown. */
  readonly f64: Float64Array;
  /** Address of that many bytes, 16-byte aligned. */
  allocate(bytes: number, what?: string): number;
}

/** As many powers of 2^50 as a double below 2^1023 has parts. */
export const MOST_PARTS = 21;

/** How many parts `toResidues` has to split integers of at most `max` into: |c| ≤ 2^(50·parts + 1). */
export function partsFor(max: number): number {
  let parts = 1;
  while (parts < MOST_PARTS && max > 2 ** (50 * parts + 1)) parts++;
  return parts;
}

/** The table of `toResidues` for one prime: 2^(50k) mod p, centred, and its quotient by p, for k = 1 … parts − 1. */
export function partsTable(prime: bigint, parts: number = MOST_PARTS): Float64Array {
  const table = new Float64Array(2 * (parts - 1));
  for (let k = 1; k < parts; k++) {
    const residue = (1n << BigInt(50 * k)) % prime;
    const w = Number(residue > prime / 2n ? residue - prime : residue);
    table[2 * k - 2] = w;
    table[2 * k - 1] = w / Number(prime);
  }
  return table;
}

/** Bytes of the roots of `slots` slots: 6 doubles a block of four, of sixteen, and so on. */
function rootDoubles(slots: number): number {
  let blocks = 0;
  for (let q = slots / 4; q >= 1; q /= 4) blocks += q;
  return 6 * blocks;
}

/** exp(iπ·k/n), each part to within 2^-54 or so: the angle is first brought into an eighth of the circle, where it is small. */
function root(k: number, n: number): readonly [re: number, im: number] {
  const eighth = n / 4;
  const octant = Math.floor(k / eighth) % 8;
  const from = k % eighth;
  const angle = (Math.PI * (octant % 2 === 0 ? from : eighth - from)) / n;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  switch (octant) {
    case 0:
      return [c, s];
    case 1:
      return [s, c];
    case 2:
      return [-s, c];
    case 3:
      return [-c, s];
    case 4:
      return [-c, -s];
    case 5:
      return [-s, -c];
    case 6:
      return [s, -c];
    default:
      return [c, -s];
  }
}

function bitReverse(i: number, bits: number): number {
  let out = 0;
  for (let b = 0; b < bits; b++) out = (out << 1) | ((i >> b) & 1);
  return out;
}

/** Writes the roots that kernels/fft.ts describes. */
function writeRoots(table: Float64Array, degree: number): void {
  const order = 2 * degree;
  const powers = new Uint32Array(degree / 2); // of 5: at most 2^17·5, far from 2^32
  powers[0] = 1;
  for (let j = 1; j < powers.length; j++) powers[j] = (5 * powers[j - 1]!) % order;
  let at = 0;
  for (let t = 1, q = degree / 8; q >= 1; t *= 4, q /= 4) {
    const bits = Math.log2(q);
    for (let b = 0; b < q; b++) {
      const e = powers[bitReverse(b, bits)]!;
      for (let k = 1; k <= 3; k++) {
        const [re, im] = root((k * t * e) % order, degree);
        if (t === 1) {
          // Two blocks side by side: part k of block b in lane b mod 2.
          const pair = 12 * (b >> 1) + (b & 1) + 4 * (k - 1);
          table[pair] = re;
          table[pair + 2] = im;
        } else {
          table[at + 6 * b + 2 * k - 2] = re;
          table[at + 6 * b + 2 * k - 1] = im;
        }
      }
    }
    at += 6 * q;
  }
}

/** Encodes and decodes for one ring degree. Slot j is the value at ζ^(5^j), ζ = exp(iπ/N). */
export class Encoder {
  readonly ringDegree: number;
  readonly slots: number;
  readonly #heap: EncoderHeap;
  readonly #kernels: FftKernels;
  readonly #roots: number;
  /** N doubles: decoding must not overwrite what it decodes. */
  readonly #work: number;
  /** Where slot j stands among the kernels' slots, and the other way round. */
  readonly #order: Uint32Array;

  /**
   * Allocates about 16·N bytes.
   * @param ringDegree a power of two, at least 16
   */
  constructor(heap: EncoderHeap, kernels: FftKernels, ringDegree: number) {
    this.ringDegree = ringDegree;
    this.slots = ringDegree / 2;
    this.#heap = heap;
    this.#kernels = kernels;
    const doubles = rootDoubles(this.slots);
    this.#roots = heap.allocate(8 * doubles, 'the encoder');
    this.#work = heap.allocate(8 * ringDegree, 'the encoder');
    writeRoots(heap.f64.subarray(this.#roots / 8, this.#roots / 8 + doubles), ringDegree);
    const bits = Math.log2(this.slots);
    this.#order = Uint32Array.from({ length: this.slots }, (_, i) => bitReverse(i, bits));
  }

  /**
   * Writes the N coefficients of `slots` values at `scale`, integers in doubles, to `dst`.
   * @param re N/2 finite numbers, as many as `im`, with N·|value|·scale < 2^1023: the caller refuses others
   * @returns the largest absolute value among them, for `partsFor`
   */
  slotsToCoefficients(re: Float64Array, im: Float64Array, scale: number, dst: number): number {
    const { slots } = this;
    const order = this.#order;
    const at = dst / 8;
    const x = this.#heap.f64.subarray(at, at + 2 * slots);
    for (let i = 0; i < slots; i++) x[i] = re[order[i]!]!;
    for (let i = 0; i < slots; i++) x[slots + i] = im[order[i]!]!;
    this.#kernels.fftInverse(dst, slots, this.#roots);
    return this.#kernels.roundScaled(dst, dst, slots, scale / slots); // a power of two: the quotient is exact
  }

  /** The slots of the N coefficients at `src`, doubles of any size that are integers or not, divided by `scale`. */
  coefficientsToSlots(src: number, scale: number): Slots {
    const x = this.#transformed(src, scale);
    const values = { re: this.#inOrder(x, 0), im: this.#inOrder(x, this.slots) };
    x.fill(0); // of decrypted values nothing stays behind
    return values;
  }

  /** The real parts alone. */
  coefficientsToReal(src: number, scale: number): Float64Array {
    const x = this.#transformed(src, scale);
    const values = this.#inOrder(x, 0);
    x.fill(0);
    return values;
  }

  #transformed(src: number, scale: number): Float64Array {
    this.#kernels.loadCoefficients(this.#work, src, this.slots, 1 / scale);
    this.#kernels.fftForward(this.#work, this.slots, this.#roots);
    const at = this.#work / 8;
    return this.#heap.f64.subarray(at, at + this.ringDegree);
  }

  #inOrder(x: Float64Array, from: number): Float64Array {
    const out = new Float64Array(this.slots);
    const order = this.#order;
    for (let i = 0; i < out.length; i++) out[i] = x[from + order[i]!]!;
    return out;
  }
}
