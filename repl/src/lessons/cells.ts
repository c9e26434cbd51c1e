/**
 * The two kinds of cell in a lesson, and what their `metadata.toyfhe` may say (docs/lessons.md).
 * @module
 */
import type { JsonField } from './json-field.ts';
import type { NotebookCell } from './notebook.ts';

/** `opening`: question, prerequisites, objectives. */
export const PROSE_KINDS = ['prose', 'opening', 'misconception', 'questionnaire', 'reading'] as const;
export type ProseKind = (typeof PROSE_KINDS)[number];

/**
 * `plain` is run; a `checkpoint` too, after the reader has made a prediction. An `exercise` is the learner's to write, and
 * the `check` after it says whether it is right.
 */
export const STEP_KINDS = ['plain', 'checkpoint', 'exercise', 'check'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** `worked`: the solution stands in the cell. `guided`: a beginning with TODOs. `independent`: hardly more than the name. */
export const EXERCISE_LEVELS = ['worked', 'guided', 'independent'] as const;
export type ExerciseLevel = (typeof EXERCISE_LEVELS)[number];

/** A Markdown cell. */
export interface Prose {
  readonly kind: ProseKind;
  readonly markdown: string;
  /** What to read instead where the lesson is played without noise. */
  readonly withoutNoise: string | undefined;
}

/** A code cell, and what stands before it. */
export interface Step {
  /** One to 64 letters, digits, `-` and `_`. */
  readonly id: string;
  readonly kind: StepKind;
  /** Of exercises. */
  readonly level: ExerciseLevel | undefined;
  /** The Markdown cells between the code cell before and this one, in order. */
  readonly prose: readonly Prose[];
  /** TypeScript; the value of the last expression is printed. Of an exercise: what the learner begins with. */
  readonly code: string;
  /** What to run instead where the lesson is played without noise. */
  readonly codeWithoutNoise: string | undefined;
  /** What the cell printed when the lesson was saved; empty: nothing, or not saved. */
  readonly output: string;
  /** How far numbers in `output` may be from those of another run; `any`: the output is not compared. */
  readonly tolerance: number | 'any';
}

/** @throws FheError FORMAT, also where a field's name is misspelt */
export function readProse(cell: NotebookCell): Prose {
  const { toyfhe, source } = cell;
  toyfhe.only(['kind', 'withoutNoise']);
  const kind = toyfhe.get('kind');
  return {
    kind: kind.present ? kind.oneOf(PROSE_KINDS) : 'prose',
    markdown: source,
    withoutNoise: variant(toyfhe),
  };
}

/** @throws FheError FORMAT, also where a field's name is misspelt */
export function readStep(cell: NotebookCell, prose: readonly Prose[]): Step {
  const { toyfhe, source, output } = cell;
  toyfhe.only(['id', 'kind', 'level', 'withoutNoise', 'tolerance']);
  const given = toyfhe.get('kind');
  const kind = given.present ? given.oneOf(STEP_KINDS) : 'plain';
  const level = toyfhe.get('level');
  if (kind !== 'exercise' && level.present) throw level.refuse(`left out, because the cell is a ${kind} cell`);
  if (source.trim() === '') throw toyfhe.at(`cell ${cell.place}, source`).refuse('code', 'empty');
  return {
    id: readId(cell),
    kind,
    level: kind === 'exercise' ? level.oneOf(EXERCISE_LEVELS) : undefined,
    prose,
    code: source,
    codeWithoutNoise: variant(toyfhe),
    output,
    tolerance: readTolerance(toyfhe.get('tolerance')),
  };
}

/** `metadata.toyfhe.id`, which stays when a cell is copied or an old Jupyter saves it; else the cell's own id. */
export function readId({ toyfhe, id, place }: NotebookCell): string {
  const own = toyfhe.get('id');
  const field = own.present ? own : toyfhe.at(`cell ${place}, id`).with(id);
  const text = field.string();
  if (!/^[\w-]{1,64}$/.test(text)) throw field.refuse('1 to 64 letters, digits, - and _');
  return text;
}

function variant(toyfhe: JsonField): string | undefined {
  const field = toyfhe.get('withoutNoise');
  return field.present ? field.lines() : undefined;
}

function readTolerance(field: JsonField): number | 'any' {
  const { value } = field;
  if (value === undefined) return 0;
  if (value === 'any' || (typeof value === 'number' && Number.isFinite(value) && value >= 0)) return value;
  throw field.refuse('a number ≥ 0, or "any"');
}
