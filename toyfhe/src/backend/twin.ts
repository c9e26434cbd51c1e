/**
 * The cleartext twin: the contract without cryptography. It computes on doubles with the same levels, scales, rules
 * and errors, so a program can be tried in microseconds before a key exists.
 *
 * One thing it knows that no real backend can: the values. A result too large for its modulus, which would decrypt
 * to garbage elsewhere, is refused here with RANGE.
 * @module
 */
import type { Arithmetic, KeyRequest } from './arithmetic.ts';
import { CheckedBackend } from './checked.ts';
import type { Backend, Meta } from './contract.ts';
import { asParameters, type ParameterSpec, type Parameters } from './parameters.ts';
import { rules } from './rules.ts';
import {
  addSlots,
  conjugateSlots,
  maxAbs,
  mulSlots,
  negSlots,
  rotateSlots,
  type Slots,
  subSlots,
  sumSlots,
} from './slots.ts';

/** @throws FheError as `parameters` does. */
export function twin(spec: ParameterSpec | Parameters): Backend {
  return new CheckedBackend(new TwinArithmetic(asParameters(spec)));
}

interface TwinHandles {
  plain: Slots;
  cipher: Slots;
  secret: true;
  public: true;
  evaluation: KeyRequest;
}

class TwinArithmetic implements Arithmetic<TwinHandles> {
  readonly name = 'twin';
  readonly hides = 'no';
  readonly parameters: Parameters;

  constructor(params: Parameters) {
    this.parameters = params;
  }

  encode(values: Slots): Slots {
    return values;
  }
  isZero(p: Slots, { scale }: Meta): boolean {
    // |coefficient| ≤ max|slot|·Δ in the canonical embedding: below 1/2 all of them round to zero.
    return maxAbs(p) * scale.value < 0.5;
  }
  decode(p: Slots): Slots {
    return { re: p.re.slice(), im: p.im.slice() };
  }
  decodeReal(p: Slots): Float64Array {
    return p.re.slice();
  }
  keygen(): { secret: true; public: true } {
    return { secret: true, public: true };
  }
  evaluationKeys(_secret: true, request: KeyRequest, onKey: () => void): KeyRequest {
    for (const wanted of [request.relinearize, request.conjugate, ...request.rotations]) if (wanted) onKey();
    return request;
  }
  encrypt(_key: true, p: Slots): Slots {
    return p;
  }
  encryptSecret(_key: true, p: Slots): Slots {
    return p;
  }
  decrypt(_key: true, c: Slots): Slots {
    return c;
  }
  add(a: Slots, b: Slots, out: Meta): Slots {
    return this.#fitting('add', addSlots(a, b), out);
  }
  sub(a: Slots, b: Slots, out: Meta): Slots {
    return this.#fitting('sub', subSlots(a, b), out);
  }
  neg(c: Slots): Slots {
    return negSlots(c);
  }
  addPlain(c: Slots, p: Slots, out: Meta): Slots {
    return this.#fitting('addPlain', addSlots(c, p), out);
  }
  mulPlain(c: Slots, p: Slots, out: Meta): Slots {
    return this.#fitting('mulPlain', mulSlots(c, p), out);
  }
  mul(a: Slots, b: Slots, out: Meta): Slots {
    return this.#fitting('mul', mulSlots(a, b), out);
  }
  square(c: Slots, out: Meta): Slots {
    return this.#fitting('square', mulSlots(c, c), out);
  }
  relinearize(_keys: KeyRequest, c: Slots): Slots {
    return c;
  }
  rescale(c: Slots, out: Meta): Slots {
    return this.#fitting('rescale', c, out);
  }
  dropLevel(c: Slots, out: Meta): Slots {
    return this.#fitting('dropLevel', c, out);
  }
  rotateMany(_keys: KeyRequest, c: Slots, steps: readonly number[]): Slots[] {
    return steps.map((k) => rotateSlots(c, k));
  }
  conjugate(_keys: KeyRequest, c: Slots): Slots {
    return conjugateSlots(c);
  }
  rotateSum(_keys: KeyRequest, cs: readonly Slots[], steps: readonly number[], out: Meta): Slots {
    return this.#fitting('rotateSum', sumSlots(cs.map((c, i) => rotateSlots(c, steps[i]!))), out);
  }
  dotPlain(cs: readonly Slots[], ps: readonly Slots[], out: Meta): Slots {
    return this.#fitting('dotPlain', sumSlots(cs.map((c, i) => mulSlots(c, ps[i]!))), out);
  }
  peek(c: Slots): Slots {
    return { re: c.re.slice(), im: c.im.slice() };
  }
  bytes(c: Slots): number {
    return c.re.byteLength + c.im.byteLength;
  }
  free(): void {}
  close(): void {}

  #fitting(op: string, values: Slots, out: Meta): Slots {
    rules.fits(op, this.parameters, out, maxAbs(values));
    return values;
  }
}
