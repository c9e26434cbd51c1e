/**
 * Notebooks with other outputs: as a run has made them, or none.
 * @module
 */
import { savedOutput, type RawCell, type RawNotebook } from './notebook-file.ts';
import { outputProblem } from './output-problem.ts';
import { isAnswer, type LessonRun } from './run-lesson.ts';

/**
 * The notebook with the outputs of this run. Outputs that agree with the run are left as they are, so that files change only
 * where something has changed.
 */
export function withOutputs(notebook: RawNotebook, { lesson, steps }: LessonRun): RawNotebook {
  let at = -1;
  return mapCode(notebook, (cell) => {
    const ran = steps[++at];
    if (ran === undefined || isAnswer(lesson, ran.step)) return { ...cell, outputs: [], execution_count: null };
    const made = ran.execution.outputs.map(savedOutput);
    const keep = outputProblem(made, cell.outputs ?? [], ran.step.tolerance) === undefined;
    return { ...cell, outputs: keep ? (cell.outputs ?? []) : made, execution_count: at + 1 };
  });
}

export function withoutOutputs(notebook: RawNotebook): RawNotebook {
  return mapCode(notebook, (cell) => ({ ...cell, outputs: [], execution_count: null }));
}

function mapCode(notebook: RawNotebook, map: (cell: RawCell) => RawCell): RawNotebook {
  return { ...notebook, cells: notebook.cells.map((cell) => (cell.cell_type === 'code' ? map(cell) : cell)) };
}
