/**
 * The engine's verbs: RNS-CKKS (Cheon–Han–Kim–Kim–Song, SAC 2018) on limbs. Polynomials stay transformed; only encoding,
 * decoding, rescaling and key switching go through coefficients.
 * @module
 */
import type { Arithmetic, KeyRequest } from '../backend/arithmetic.ts';
import type { Meta } from '../backend/contract.ts';
import type { Parameters } from '../backend/parameters.ts';
import type { RandomSource } from '../backend/random.ts';
import { type Slots, zeroSlots } from '../backend/slots.ts';
import { Decoder } from './decoder.ts';
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
import type { Machine } from './machine.ts';
import { centred } from './moduli.ts';
import { Sampler } from './sampler.ts';
import { OP } from './tasks.ts';

export class EngineArithmetic implements Arithmetic<EngineHandles> {
  readonly name = 'engine';
  readonly hides = 'yes';
  readonly parameters: Parameters;
  readonly machine: Machine;
  readonly sampler: Sampler;
  readonly generator: KeyGenerator;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  /** For each prime of the chain: the table that takes large coefficients apart. */
  readonly #parts: readonly number[];

  constructor(machine: Machine, random: RandomSource) {
    this.machine = machine;
    const { parameters } = machine;
    this.parameters = parameters;
    this.sampler = new Sampler(machine, random);
    this.generator = new KeyGenerator(machine, this.sampler);
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
  evaluationKeys(secret: EngineSecret, request: KeyRequest): EngineEvaluation {
    return this.generator.evaluation(secret, request);
  }
  encrypt(key: EnginePublic, p: EnginePlain, out: Meta): EngineCipher {
    return this.#make(out.level, 2, ([c0, c1]) => {
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
    const c = this.#make(out.level, 2, ([c0, c1]) => {
      seed = this.generator.encryptZero(key, c0!, c1!, p.kind === 'polynomial' ? p.limbs : undefined);
      this.#addConstant(c0!, p);
    });
    return { ...c, seed: seed! };
  }
  decrypt(key: EngineSecret, c: EngineCipher, out: Meta): EnginePlain {
    const limbs = this.machine.limbs(out.level + 1, 'a plaintext');
    const [c0, c1, c2] = c.polynomials;
    limbs.forEach((limb, i) => {
      this.machine.tasks.add(OP.decrypt, i, [limb, c0![i]!, c1![i]!, c2?.[i] ?? 0, key.limbs[i]!]);
    });
    this.machine.tasks.run();
    return { kind: 'polynomial', limbs, isZero: limbs.every((l) => this.#isZeroLimb(l)) };
  }

  add(a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    return this.#linear(OP.add, OP.copy, a, b, out);
  }
  sub(a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    return this.#linear(OP.sub, OP.neg, a, b, out);
  }
  neg(c: EngineCipher, out: Meta): EngineCipher {
    return this.#unary(OP.neg, c, out);
  }
  addPlain(c: EngineCipher, p: EnginePlain, out: Meta): EngineCipher {
    return this.#each(c, out, (limb, from, i, k) => {
      if (k > 0) this.machine.tasks.add(OP.copy, i, [limb, from]);
      else if (p.kind === 'constant') this.machine.tasks.add(OP.addConst, i, [limb, from], p.residues[i]!);
      else this.machine.tasks.add(OP.add, i, [limb, from, p.limbs[i]!]);
    });
  }
  mulPlain(c: EngineCipher, p: EnginePlain, out: Meta): EngineCipher {
    return this.#each(c, out, (limb, from, i) => {
      if (p.kind === 'constant') this.machine.tasks.add(OP.scale, i, [limb, from], p.residues[i]!);
      else this.machine.tasks.add(OP.mul, i, [limb, from, p.limbs[i]!]);
    });
  }
  mul(a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    const [a0, a1] = a.polynomials;
    const [b0, b1] = b.polynomials;
    return this.#make(out.level, 3, ([d0, d1, d2]) => {
      d0!.forEach((limb, i) => {
        const args = [limb, d1![i]!, d2![i]!, a0![i]!, a1![i]!, b0![i]!, b1![i]!];
        this.machine.tasks.add(OP.tensor, i, args);
      });
      this.machine.tasks.run();
    });
  }
  square(c: EngineCipher, out: Meta): EngineCipher {
    const [a0, a1] = c.polynomials;
    return this.#make(out.level, 3, ([d0, d1, d2]) => {
      d0!.forEach((limb, i) => {
        this.machine.tasks.add(OP.square, i, [limb, d1![i]!, d2![i]!, a0![i]!, a1![i]!]);
      });
      this.machine.tasks.run();
    });
  }
  relinearize(keys: EngineEvaluation, c: EngineCipher, out: Meta): EngineCipher {
    const [c0, c1, c2] = c.polynomials;
    const term = { key: keys.relinearize!.stored, add0: c0!, add1: c1!, table: 0 };
    return this.#make(out.level, 2, ([d0, d1]) => this.machine.keySwitch!.switch(c2!, term, [d0!, d1!]));
  }
  rescale(c: EngineCipher, out: Meta): EngineCipher {
    const { tasks, ring } = this.machine;
    const last = out.level + 1;
    return this.#make(out.level, out.length, (polynomials) =>
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
    return this.#unary(OP.copy, c, out);
  }
  rotateMany(keys: EngineEvaluation, c: EngineCipher, steps: readonly number[], out: Meta): EngineCipher[] {
    const [c0, c1] = c.polynomials;
    const { keySwitch } = this.machine;
    const many = steps.filter((k) => k !== 0).length > 1;
    const results: EngineCipher[] = [];
    try {
      if (many) keySwitch!.prepare(c1!);
      for (const k of steps) {
        if (k === 0) {
          results.push(this.#unary(OP.copy, c, out));
          continue;
        }
        const term = this.#rotation(keys.rotations.get(k)!, c0!);
        const turn = (d: readonly Limbs[]): void => {
          if (many) keySwitch!.switchPrepared(c1!, term, [d[0]!, d[1]!]);
          else keySwitch!.switch(c1!, term, [d[0]!, d[1]!]);
        };
        results.push(this.#make(out.level, 2, turn));
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
    return this.#make(out.level, 2, ([d0, d1]) => this.machine.keySwitch!.switch(c1!, term, [d0!, d1!]));
  }

  /** One decomposition a ciphertext, one division by P for all terms (Bossuat et al., EUROCRYPT 2021, section 4.2). */
  rotateSum(keys: EngineEvaluation, cs: readonly EngineCipher[], steps: readonly number[], out: Meta): EngineCipher {
    const { keySwitch } = this.machine;
    const terms = new Map<EngineCipher, number[]>();
    cs.forEach((c, i) => terms.set(c, [...(terms.get(c) ?? []), steps[i]!]));
    if (keySwitch === undefined) return this.#sumUnrotated(cs, out);
    return this.#make(out.level, 2, ([d0, d1]) => {
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
    const constants: { c: EngineCipher; p: ConstantPlain }[] = [];
    const products: { c: EngineCipher; limbs: Limbs }[] = [];
    cs.forEach((c, i) => {
      const p = ps[i]!;
      if (p.kind === 'constant') constants.push({ c, p });
      else products.push({ c, limbs: p.limbs });
    });
    if (constants.length === 0) return this.#dotPolynomials(products, out);
    if (products.length === 0) return this.#dotConstants(constants, out);
    const a = this.#dotPolynomials(products, out);
    try {
      const b = this.#dotConstants(constants, out);
      try {
        return this.add(a, b, out);
      } finally {
        this.free(b);
      }
    } finally {
      this.free(a);
    }
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
    const exact = BigInt(coefficient);
    const residues = this.machine.ring.moduli.slice(0, out.level + 1).map(({ prime }) => centred(exact, prime));
    return { kind: 'constant', coefficient, residues };
  }

  #addConstant(c0: Limbs, p: EnginePlain): void {
    if (p.kind !== 'constant') return;
    c0.forEach((limb, i) => this.machine.tasks.add(OP.addConst, i, [limb, limb], p.residues[i]!));
    this.machine.tasks.run();
  }

  #rotation(key: EngineKey, c0: Limbs): Term {
    return { key: key.stored, add0: c0, table: key.table };
  }

  /** A new ciphertext with limbs that `fill` writes. */
  #make(level: number, length: number, fill: (polynomials: readonly Limbs[]) => void): EngineCipher {
    const limbs = this.machine.limbs(length * (level + 1), 'a ciphertext');
    const polynomials = Array.from({ length }, (_, k) => limbs.slice(k * (level + 1), (k + 1) * (level + 1)));
    try {
      fill(polynomials);
      return { kind: 'cipher', polynomials };
    } catch (error) {
      this.machine.free(limbs);
      throw error;
    }
  }

  /** A ciphertext of the same length, limb by limb. */
  #each(
    c: EngineCipher,
    out: Meta,
    task: (limb: number, from: number, prime: number, polynomial: number) => void,
  ): EngineCipher {
    return this.#make(out.level, out.length, (polynomials) => {
      polynomials.forEach((limbs, k) => limbs.forEach((limb, i) => task(limb, c.polynomials[k]![i]!, i, k)));
      this.machine.tasks.run();
    });
  }

  #unary(op: number, c: EngineCipher, out: Meta): EngineCipher {
    return this.#each(c, out, (limb, from, i) => this.machine.tasks.add(op, i, [limb, from]));
  }

  /** a ± b; where b is longer, `alone` makes of its last polynomial what the result holds. */
  #linear(op: number, alone: number, a: EngineCipher, b: EngineCipher, out: Meta): EngineCipher {
    const { tasks } = this.machine;
    return this.#make(out.level, out.length, (polynomials) => {
      polynomials.forEach((limbs, k) =>
        limbs.forEach((limb, i) => {
          const [x, y] = [a.polynomials[k]?.[i], b.polynomials[k]?.[i]];
          if (x !== undefined && y !== undefined) tasks.add(op, i, [limb, x, y]);
          else if (x !== undefined) tasks.add(OP.copy, i, [limb, x]);
          else tasks.add(alone, i, [limb, y!]);
        }),
      );
      tasks.run();
    });
  }

  /** Without special primes there are no keys, so nothing rotates. */
  #sumUnrotated(cs: readonly EngineCipher[], out: Meta): EngineCipher {
    const one = { kind: 'constant', coefficient: 1, residues: cs[0]!.polynomials[0]!.map(() => 1) } as const;
    return this.#dotConstants(
      cs.map((c) => ({ c, p: one })),
      out,
    );
  }

  #dotPolynomials(terms: readonly { c: EngineCipher; limbs: Limbs }[], out: Meta): EngineCipher {
    const { tasks, heap } = this.machine;
    const row = 12 * terms.length;
    const pairs = out.length === 3 ? [[0, 1] as const, [2, 2] as const] : [[0, 1] as const];
    return this.#make(out.level, out.length, (polynomials) =>
      this.machine.borrowBytes(row * (out.level + 1) * pairs.length, 'a sum of products', (tables) => {
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

  #dotConstants(terms: readonly { c: EngineCipher; p: ConstantPlain }[], out: Meta): EngineCipher {
    const { tasks, heap } = this.machine;
    const limbs = out.level + 1;
    const weightBytes = 8 * terms.length * limbs;
    return this.#make(out.level, out.length, (polynomials) =>
      this.machine.borrowBytes(weightBytes + 4 * terms.length * limbs * out.length, 'a weighted sum', (weights) => {
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

  #isZeroLimb(limb: number): boolean {
    return this.machine.kernels.anyNonZero(limb, this.machine.ring.degree) === 0;
  }
}

/** The value that all slots share, if it is real. */
function constantOf({ re, im }: Slots): number | undefined {
  const [value] = re;
  return re.every((x) => x === value) && im.every((y) => y === 0) ? value : undefined;
}
