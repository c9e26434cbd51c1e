/**
 * What is wrong with a lesson, as its run has shown it.
 * @module
 */
import type { Execution } from '../kernel/tslab-kernel.ts';
import { streamText } from '../kernel/outputs.ts';
import type { RawNotebook } from './notebook-file.ts';
import { savedOutput } from './notebook-file.ts';
import { outputProblem } from './output-problem.ts';
import { isAnswer, type LessonRun, type RanStep } from './run-lesson.ts';

/** One sentence each, with the cell that it is about; none where the lesson is as it should be. */
export function lessonProblems(
  run: LessonRun,
  notebook: RawNotebook,
  { compare = true }: { readonly compare?: boolean } = {},
): string[] {
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === 'code');
  const nothingSaved = cells.every(({ outputs = [] }) => outputs.length === 0);
  const ofCells = run.steps.flatMap((ran, i) => {
    const problems = [executionProblem(ran), ...givenProblems(ran)];
    if (compare && !nothingSaved) problems.push(savedProblem(run, ran, cells[i]?.outputs ?? []));
    return problems.filter((text) => text !== undefined).map((text) => `cell ${ran.step.id}: ${text}`);
  });
  const { number } = run.lesson;
  return compare && nothingSaved
    ? [...ofCells, `no outputs are saved; npm run notebooks -- --write ${number} writes them`]
    : ofCells;
}

function executionProblem({ step: { kind }, execution, asGiven }: RanStep): string | undefined {
  const solved = kind !== 'check' && asGiven !== undefined ? 'its solution' : 'it';
  if (execution.status !== 'ok') return `${solved} fails: ${shortError(execution)}`;
  const warning = streamText(execution.outputs, 'stderr').trim();
  if (warning !== '') return `${solved} prints on stderr: ${warning}`;
  if (kind === 'check' && !/^(✓ .*\n)+$/.test(streamText(execution.outputs, 'stdout'))) {
    return `a check should print ✓ lines only, but prints ${JSON.stringify(streamText(execution.outputs, 'stdout'))}`;
  }
  return undefined;
}

function givenProblems({ step: { kind }, asGiven }: RanStep): string[] {
  if (asGiven === undefined) return [];
  if (kind !== 'check') return asGiven.status === 'ok' ? [] : [`as it is given it fails: ${shortError(asGiven)}`];
  if (asGiven.status === 'ok') return ['the exercise as it is given passes'];
  return asGiven.error?.startsWith('✗ ') === true
    ? []
    : [`the exercise as it is given fails otherwise than by check: ${shortError(asGiven)}`];
}

function savedProblem(
  { lesson }: LessonRun,
  { step, execution }: RanStep,
  saved: readonly Saved[],
): string | undefined {
  if (execution.status !== 'ok') return undefined; // that has been said
  if (!isAnswer(lesson, step)) return outputProblem(execution.outputs.map(savedOutput), saved, step.tolerance);
  return saved.length === 0 ? undefined : 'its output is saved, but would give the answer away';
}
type Saved = Readonly<Record<string, unknown>>;

/** The lines that say what happened, without those that say where in tslab. */
function shortError({ error = '' }: Execution): string {
  const lines = error.split('\n').filter((line) => !/^ +at |^evalmachine\.|^ *\^+$|^$/.test(line));
  return lines.slice(0, 12).join('\n  ').trim();
}
