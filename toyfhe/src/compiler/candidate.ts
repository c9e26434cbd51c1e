/**
 * Ways to run a program: parameters that fit, with splits, rotations and times.
 * @module
 */
import { type AffineMap, LinearTransform } from '../circuits/index.ts';
import { sizeOf } from '../nn/index.ts';
import type { Approximation } from './approximations.ts';
import { type OperationCosts, operationCosts } from './costs.ts';
import { type LaidOut, operationOf } from './lay-out.ts';
import { stageMap } from './linear-stage.ts';
import type { Step } from './plan-types.ts';
import type { Program, ValueId } from './program.ts';
import type { Range } from './ranges.ts';
import type { Request } from './request.ts';
import type { FoundParameters } from './search.ts';
import type { LinearStage, Stage } from './stages.ts';

/** One way to run the program, complete. */
export interface Candidate {
  readonly kind: 'patches' | 'packed';
  readonly ringDegree: number;
  readonly batch: number;
  readonly laidOut: LaidOut;
  /** How large what the ciphertexts hold gets, by value. */
  readonly contents: ReadonlyMap<ValueId, Range>;
  readonly found: FoundParameters;
  readonly steps: readonly Step[];
  readonly rotations: readonly number[];
  /** For all images that are asked for. */
  readonly ms: number;
}

/** A way that was looked at and not taken. */
export interface Rejected {
  readonly kind: 'patches' | 'packed';
  readonly ringDegree: number;
  readonly why: string;
}

/** Matrices of stages: they depend on whether an input comes as patches, and on nothing else. */
export class StageMaps {
  readonly #program: Program;
  readonly #known = new Map<string, AffineMap>();

  constructor(program: Program) {
    this.#program = program;
  }

  of(laidOut: LaidOut): Map<LinearStage, AffineMap> {
    const exploded = new Set(laidOut.inputs.filter(({ patches }) => patches !== undefined).map(({ id }) => id));
    const maps = new Map<LinearStage, AffineMap>();
    for (const stage of laidOut.stages) {
      if (stage.kind !== 'linear') continue;
      const patches = exploded.has(stage.x);
      const key = `${patches} ${JSON.stringify(stage)}`;
      const size = sizeOf(operationOf(this.#program, laidOut, stage.x).shape);
      const map = this.#known.get(key) ?? stageMap(this.#program, this.#program.constants, stage, patches, size);
      this.#known.set(key, map);
      maps.set(stage, map);
    }
    return maps;
  }
}

/** Splits, rotations and times for parameters that fit. */
export function complete(
  kind: 'patches' | 'packed',
  batch: number,
  laidOut: LaidOut,
  maps: ReadonlyMap<LinearStage, AffineMap>,
  contents: ReadonlyMap<ValueId, Range>,
  found: FoundParameters,
  amplification: (stage: Stage) => Approximation,
  request: Request,
): Candidate {
  const { ringDegree } = found.parameters;
  const rotations = new Set<number>();
  const costsAt = (id: ValueId): OperationCosts =>
    operationCosts(request.costs, {
      ringDegree,
      level: found.standings.get(id)!.level,
      special: found.special.length,
    });
  const steps = laidOut.stages
    .filter((stage): stage is Exclude<Stage, { kind: 'input' }> => stage.kind !== 'input')
    .map((stage): Step => {
      const costs = costsAt(stage.x);
      const blocks = laidOut.layouts.get(stage.x)!.blocks;
      switch (stage.kind) {
        case 'linear': {
          const [from, to] = [laidOut.layouts.get(stage.x)!, laidOut.layouts.get(stage.to)!];
          const transform = new LinearTransform(maps.get(stage)!, from, to, { costs });
          for (const k of transform.rotations) rotations.add(k);
          const { split, cost, rotationCount, productCount } = transform;
          const ms = cost + to.blocks * costs.rescale;
          return { ...stage, split, rotations: rotationCount, products: productCount, ms };
        }
        case 'square':
        case 'mul':
          return {
            ...stage,
            rotations: 0,
            products: blocks,
            ms: blocks * (costs.mul + costs.relinearize + costs.rescale),
          };
        case 'add':
          return { ...stage, rotations: 0, products: 0, ms: blocks * (costs.product + costs.rescale) };
        default: {
          const { depth, products, rotations: keys } = amplification(stage);
          for (const k of keys) rotations.add(k);
          // Halfway down, where the middle of its products is.
          const level = Math.max(1, found.standings.get(stage.x)!.level - Math.floor(depth / 2));
          const middle = operationCosts(request.costs, { ringDegree, level, special: found.special.length });
          const ms = blocks * products * (middle.mul + middle.relinearize + middle.rescale);
          return { ...stage, rotations: keys.length, products: blocks * products, ms };
        }
      }
    });
  const fresh = laidOut.inputs.reduce((sum, { id }) => sum + laidOut.layouts.get(id)!.blocks, 0);
  const top = operationCosts(request.costs, {
    ringDegree,
    level: found.parameters.maxLevel,
    special: found.special.length,
  });
  // A fresh ciphertext: an encoding, and three transforms a prime.
  const encrypting = fresh * (top.encode + 1.5 * top.rescale);
  const each = steps.reduce((sum, { ms }) => sum + ms, encrypting);
  return {
    kind,
    ringDegree,
    batch,
    laidOut,
    contents,
    found,
    steps,
    rotations: [...rotations].sort((a, b) => a - b),
    ms: Math.ceil(request.batch / batch) * each,
  };
}
