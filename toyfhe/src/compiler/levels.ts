/**
 * Levels and scales: which stage runs at which level, and what scale comes out. Every matrix brings the scale back to
 * exactly 2^bits, because its weights are encoded at the scale that makes it so; squares leave s²/q behind until the next
 * matrix. A last matrix may give a smaller scale, so that large results fit the last prime. Inputs start at the top; what
 * meets in a sum is brought together by `matchScale`.
 * @module
 */
import type { Scale } from '../backend/index.ts';
import { meetingPoint } from '../circuits/index.ts';
import type { ValueId } from './program.ts';
import type { Stage } from './stages.ts';

/** Where a value stands. */
export interface Standing {
  readonly level: number;
  readonly scale: Scale;
}

export interface LevelRules {
  readonly maxLevel: number;
  /** The scale of inputs, and of every matrix's result. */
  readonly scale: Scale;
  /** The scale of matrices' results that are outputs of the program. */
  readonly outputScale: Scale;
  readonly outputs: readonly ValueId[];
  /** q_level as a scale. */
  primeScale(level: number): Scale;
  /** Levels that a polynomial, a relu or a softmax takes. */
  depth(stage: Stage): number;
}

/** Every value's level and scale. Levels below zero mean that the chain is too short by so many. */
export function standings(stages: readonly Stage[], rules: LevelRules): Map<ValueId, Standing> {
  const found = new Map<ValueId, Standing>();
  for (const stage of stages) found.set(stage.to, standing(stage, found, rules));
  return found;
}

function standing(stage: Stage, found: ReadonlyMap<ValueId, Standing>, rules: LevelRules): Standing {
  if (stage.kind === 'input') return { level: rules.maxLevel, scale: rules.scale };
  const x = found.get(stage.x)!;
  const rescaled = (scale: Scale, level: number): Standing => ({
    level: level - 1,
    scale: scale.over(rules.primeScale(level)),
  });
  switch (stage.kind) {
    case 'linear':
      return { level: x.level - 1, scale: rules.outputs.includes(stage.to) ? rules.outputScale : rules.scale };
    case 'square':
      return rescaled(x.scale.times(x.scale), x.level);
    case 'mul': {
      const y = found.get(stage.y)!;
      return rescaled(x.scale.times(y.scale), Math.min(x.level, y.level));
    }
    case 'add':
      return meetingPoint(x, found.get(stage.y)!);
    default:
      return { level: x.level - rules.depth(stage), scale: rules.scale };
  }
}
