/**
 * The engine's verbs: RNS-CKKS (Cheon–Han–Kim–Kim–Song, SAC 2018) on limbs. Polynomials stay transformed; only encoding,
 * decoding, rescaling and key switching go through coefficients.
 * @module
 */
import type { Arithmetic, KeyRequest } from '../backend/arithmetic.ts';
import type { Meta } from '../backend/contract.ts';
import type { Parameters } from '../backend/parameters.ts';
import { type RandomSource, systemRandom } from '../backend/random.ts';
import { type Slots, zeroSlots } from '../backend/slots.ts';
import { Decoder } from './decoder.ts';
import { DotPlain } from './dot-plain.ts';
import { Encoder, MOST_PARTS, partsFor, partsTable } from './encoding.ts';
import type {
  ConstantPlain,
  EngineCipher,
  EngineEvaluation,
  EngineHandles,
  EngineKey,
  EnginePlain,
  EnginePublic,
  EngineSecret,
} from './handles.ts';
import type { Limbs, Term } from './key-switch.ts';
import { KeyGenerator } from './keygen.ts';
import { LimbWise } from './limb-wise.ts';
import type { Machine } from './machine.ts';
import { Sampler } from './sampler.ts';
import { OP } from './tasks.ts';

export class EngineArithmetic implements Arithmetic<EngineHandles> {
  readonly name = 'engine';
  /** Keys and errors from anywhere but the operating system are for tests: they hide nothing. */
  readonly hides: 'toy' | 'yes';
  readonly parameters: Parameters;
  readonly machine: Machine;
  readonly sampler: Sampler;
  readonly generator: KeyGenerator;
  readonly #limbWise: LimbWise;
  readonly #dots: DotPlain;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  /** For each prime of the chain: the table that takes large coefficients apart. */
  readonly #parts: readonly number[];

  constructor(machine: Machine, random: RandomSource) {
    this.machine = machine;
    const { parameters } = machine;
    this.parameters = parameters;
    this.hides = random === systemRandom ? 'yes' : 'toy';
    this.sampler = new Sampler(machine, random);
    this.generator = new KeyGenerator(machine, this.sampler);
    this.#limbWise = new LimbWise(machine);
    this.#dots = new DotPlain(machine, this.#limbWise);
    this.#encoder = new Encoder(machine.heap, machine.kernels, machine.ring.degree);
    this.#decoder = new Decoder(machine);
    this.#parts = parameters.primes.map((prime) => {
      const address = machine.heap.allocate(16 * MOST_PARTS, 'the encoder');
      machine.heap.f64.set(partsTable(prime), address / 8);
      return address;
    });
  }

  encode(values: Slots, out: Meta): EnginePlain {
    const constant = constantOf(values);
    if (constant !== undefined) return this.#constant(constant, out);
    const { tasks } = this.machine;
    const limbs = this.machine.limbs(out.level + 1, 'a plaintext');
    try {
      return this.machine.borrow(1, 'encoding', ([coefficients]) => {
        const largest = this.#encoder.slotsToCoefficients(values.re, values.im, out.scale.value, coefficients!);
        const parts = partsFor(largest);
        limbs.forEach((limb, i) => tasks.add(OP.residues, i, [limb, coefficients!, parts, this.#parts[i]!]));
        tasks.run();
        return { kind: 'polynomial', limbs, isZero: largest === 0 };
      });
    } catch (error) {
      this.machine.free(limbs);
      throw error;
    }
  }
  isZero(p: EnginePlain): boolean {
    return p.kind === 'constant' ? p.coefficient === 0 : p.isZero;
  }
  decode(p: EnginePlain, meta: Meta): Slots {
    const scale = meta.scale.value;
    if (p.kind === 'constant') {
      const slots = zeroSlots(this.parameters.slots);
      slots.re.fill(p.coefficient / scale);
      return slots;
    }
    return this.#decoder.coefficients(p.limbs, (address) => this.#encoder.coefficientsToSlots(address, scale));
  }
  decodeReal(p: EnginePlain, meta: Meta): Float64Array {
    if (p.kind === 'constant') return this.decode(p, meta).re;
    return this.#decoder.coefficients(p.limbs, (at) => this.#encoder.coefficientsToReal(at, meta.scale.value));
  }

  keygen(): { secret: EngineSecret; public: EnginePublic } {
    const secret = this.generator.secret();
    try {
      return { secret, public: this.generator.public(secret) };
    } catch (error) {
      this.free(secret);
      throw error;
    }
  }
  evaluationKeys(secret: EngineSecret, request: KeyRequest, onKey: () => void): EngineEvaluation {
    return this.generator.evaluation(secret, request, onKey);
  }
  encrypt(key: EnginePublic, p: EnginePlain, out: Meta): EngineCipher {
    return this.#limbWise.make(out.level, 2, ([c0, c1]) => {
      this.machine.borrow(
        3,
        'encryption',
        ([v, e0, e1]) => {
          this.sampler.secretly(({ ternary, error }) => {
            ternary(v!);
            error(e0!);
            error(e1!);
          });
          c0!.forEach((limb, i) => {
            const message = p.kind === 'polynomial' ? p.limbs[i]! : 0;
            const args = [limb, c1![i]!, v!, e0!, e1!, key.b[i]!, key.a[i]!, message];
            this.machine.tasks.add(OP.encryptPublic, i, args);
          });
          this.machine.tasks.run();
        },
        true,
      );
      this.#addConstant(c0!, p);
    });
  }
  encryptSecret(key: EngineSecret, p: EnginePlain, out: Meta): EngineCipher {
    let seed: Uint8Array | undefined;
    const c = this.#limbWise.make(out.level, 2, ([c0, c1]) => {
      seed = this.generator.encryptZero(key, c0!, c1!, p.kind === 'polynomial' ? p.limbs : undefined);
      this.#addConstant(c0!, p);
    });
    return { ...c, seed: seed! };
  }
  decrypt(key: EngineSecret, c: EngineCipher, out: Meta): EnginePlain {
    const limbs = this.machine.limbs(out.level + 1, 'a plaintext');
    try {
      const [c0, c1, c2] = c.polynomials;
      limbs.forEach((limb, i) => {
        this.machine.tasks.add(OP.decrypt, i, [limb, c0![i]!, c1![i]!, c2?.[i] ?? 0, key.limbs[i]!]);
      });
      this.machine.tasks.run();
      return { kind: 'polynomial', limbs, isZero: limbs.every((limb) => this.machine.isZero(limb)) };
    } catch (error) {
      this.machine.free(limbs);
      throw error;
    }
  }

  add(a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    return this.#limbWise.linear(OP.add, OP.copy, a, b, out);
  }
  sub(a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    return this.#limbWise.linear(OP.sub, OP.neg, a, b, out);
  }
  neg(c: EngineCipher, out: Meta): EngineCipher {
    return this.#limbWise.unary(OP.neg, c, out);
  }
  addPlain(c: EngineCipher, p: EnginePlain, out: Meta): EngineCipher {
    return this.#limbWise.each(c, out, (limb, from, i, k) => {
      if (k > 0) this.machine.tasks.add(OP.copy, i, [limb, from]);
      else if (p.kind === 'constant') this.machine.tasks.add(OP.addConst, i, [limb, from], p.residues[i]!);
      else this.machine.tasks.add(OP.add, i, [limb, from, p.limbs[i]!]);
    });
  }
  mulPlain(c: EngineCipher, p: EnginePlain, out: Meta): EngineCipher {
    return this.#limbWise.each(c, out, (limb, from, i) => {
      if (p.kind === 'constant') this.machine.tasks.add(OP.scale, i, [limb, from], p.residues[i]!);
      else this.machine.tasks.add(OP.mul, i, [limb, from, p.limbs[i]!]);
    });
  }
  mul(a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    const [a0, a1] = a.polynomials;
    const [b0, b1] = b.polynomials;
    return this.#limbWise.make(out.level, 3, ([d0, d1, d2]) => {
      d0!.forEach((limb, i) => {
        const args = [limb, d1![i]!, d2![i]!, a0![i]!, a1![i]!, b0![i]!, b1![i]!];
        this.machine.tasks.add(OP.tensor, i, args);
      });
      this.machine.tasks.run();
    });
  }
  square(c: EngineCipher, out: Meta): EngineCipher {
    const [a0, a1] = c.polynomials;
    return this.#limbWise.make(out.level, 3, ([d0, d1, d2]) => {
      d0!.forEach((limb, i) => {
        this.machine.tasks.add(OP.square, i, [limb, d1![i]!, d2![i]!, a0![i]!, a1![i]!]);
      });
      this.machine.tasks.run();
    });
  }
  relinearize(keys: EngineEvaluation, c: EngineCipher, out: Meta): EngineCipher {
    const [c0, c1, c2] = c.polynomials;
    const term = { key: keys.relinearize!.stored, add0: c0!, add1: c1!, table: 0 };
    return this.#limbWise.make(out.level, 2, ([d0, d1]) => this.machine.keySwitch!.switch(c2!, term, [d0!, d1!]));
  }
  rescale(c: EngineCipher, out: Meta): EngineCipher {
    const { tasks, ring } = this.machine;
    const last = out.level + 1;
    return this.#limbWise.make(out.level, out.length, (polynomials) =>
      this.machine.borrow(out.length, 'rescaling', (lasts) => {
        const [scale, scaleRoot] = ring.fold(last, 1n);
        lasts.forEach((limb, k) => {
          tasks.add(OP.inverse, last, [limb, c.polynomials[k]![last]!], scale, scaleRoot);
        });
        tasks.run();
        polynomials.forEach((limbs, k) =>
          limbs.forEach((limb, i) => {
            tasks.add(OP.rescale, i, [limb, lasts[k]!, c.polynomials[k]![i]!], this.#decoder.inverse(last, i));
          }),
        );
        tasks.run();
      }),
    );
  }
  dropLevel(c: EngineCipher, out: Meta): EngineCipher {
    return this.#limbWise.unary(OP.copy, c, out);
  }
  rotateMany(keys: EngineEvaluation, c: EngineCipher, steps: readonly number[], out: Meta): EngineCipher[] {
    const [c0, c1] = c.polynomials;
    const { keySwitch } = this.machine;
    // Digits are shared where there is room to keep them; without it, each rotation makes its own.
    const many = steps.filter((k) => k !== 0).length > 1 && keySwitch!.prepare(c1!);
    const results: EngineCipher[] = [];
    try {
      for (const k of steps) {
        if (k === 0) {
          results.push(this.#limbWise.unary(OP.copy, c, out));
          continue;
        }
        const term = this.#rotation(keys.rotations.get(k)!, c0!);
        const turn = (d: readonly Limbs[]): void => {
          if (many) keySwitch!.switchPrepared(c1!, term, [d[0]!, d[1]!]);
          else keySwitch!.switch(c1!, term, [d[0]!, d[1]!]);
        };
        results.push(this.#limbWise.make(out.level, 2, turn));
      }
      return results;
    } catch (error) {
      for (const made of results) this.free(made);
      throw error;
    }
  }
  conjugate(keys: EngineEvaluation, c: EngineCipher, out: Meta): EngineCipher {
    const [c0, c1] = c.polynomials;
    const term = this.#rotation(keys.conjugate!, c0!);
    return this.#limbWise.make(out.level, 2, ([d0, d1]) => this.machine.keySwitch!.switch(c1!, term, [d0!, d1!]));
  }

  /** One decomposition a ciphertext, one division by P for all terms (Bossuat et al., EUROCRYPT 2021, section 4.2). */
  rotateSum(keys: EngineEvaluation, cs: readonly EngineCipher[], steps: readonly number[], out: Meta): EngineCipher {
    const { keySwitch } = this.machine;
    const terms = new Map<EngineCipher, number[]>();
    cs.forEach((c, i) => terms.set(c, [...(terms.get(c) ?? []), steps[i]!]));
    if (keySwitch === undefined) return this.#dots.plainSum(cs, out); // no special primes, no keys: nothing rotates
    return this.#limbWise.make(out.level, 2, ([d0, d1]) => {
      keySwitch.beginSum(out.level + 1);
      for (const [c, list] of terms) {
        const [c0, c1] = c.polynomials;
        const rotations = list.filter((k) => k !== 0).map((k) => this.#rotation(keys.rotations.get(k)!, c0!));
        if (rotations.length > 0) keySwitch.accumulate(c1!, rotations);
        for (const k of list) if (k === 0) keySwitch.accumulateUnchanged(c.polynomials);
      }
      keySwitch.endSum([d0!, d1!]);
    });
  }

  dotPlain(cs: readonly EngineCipher[], ps: readonly EnginePlain[], out: Meta): EngineCipher {
    return this.#dots.sum(cs, ps, out);
  }

  /** Costs nothing: of a ciphertext that hides something, the first residues are hardly ever zero. */
  isTransparent(c: EngineCipher): boolean {
    return c.polynomials.slice(1).every((limbs) => limbs.every((limb) => this.machine.isZero(limb)));
  }

  bytes(c: EngineCipher): number {
    return c.polynomials.length * c.polynomials[0]!.length * this.parameters.ringDegree * 8;
  }
  free(handle: EngineHandles[keyof EngineHandles]): void {
    switch (handle.kind) {
      case 'polynomial':
        return this.machine.free(handle.limbs);
      case 'cipher':
        return handle.polynomials.forEach((limbs) => this.machine.free(limbs));
      case 'secret':
        for (const limb of handle.limbs) this.machine.view(limb).fill(0);
        return this.machine.free(handle.limbs);
      case 'public':
        return this.machine.free([...handle.b, ...handle.a]);
      case 'evaluation':
        return this.generator.free(handle);
      case 'constant':
        return;
    }
  }
  close(): void {
    this.machine.threads.close();
  }

  #constant(value: number, out: Meta): ConstantPlain {
    const coefficient = Math.round(value * out.scale.value);
    return { kind: 'constant', coefficient, residues: this.machine.ring.residues(coefficient, out.level) };
  }

  #addConstant(c0: Limbs, p: EnginePlain): void {
    if (p.kind !== 'constant') return;
    c0.forEach((limb, i) => this.machine.tasks.add(OP.addConst, i, [limb, limb], p.residues[i]!));
    this.machine.tasks.run();
  }

  #rotation(key: EngineKey, c0: Limbs): Term {
    return { key: key.stored, add0: c0, table: key.table };
  }
}

/** The value that all slots share, if it is real. */
function constantOf({ re, im }: Slots): number | undefined {
  const [value] = re;
  return re.every((x) => x === value) && im.every((y) => y === 0) ? value : undefined;
}
