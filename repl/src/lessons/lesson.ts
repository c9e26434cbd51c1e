/**
 * A lesson: a notebook read as steps, each a piece of prose and the code that goes with it. The format is laid down in
 * docs/lessons.md.
 * @module
 */
import { readProse, readStep, type Prose, type Step } from './cells.ts';
import { readNotebook, type Notebook } from './notebook.ts';

export interface Lesson {
  readonly number: number;
  readonly title: string;
  /** How long it takes a reader who meets it for the first time. */
  readonly minutes: number;
  /** The file's name without `.ipynb`, such as `00-walkthrough`: under it progress is remembered. */
  readonly name: string;
  /** One for each code cell, in order; at least one. Their ids differ. */
  readonly steps: readonly Step[];
  /** What stands after the last code cell: questionnaire, further reading. */
  readonly closing: readonly Prose[];
}

/**
 * @param text the content of the `.ipynb` file
 * @param file its name, such as `00-walkthrough.ipynb`
 * @throws FheError FORMAT where it is no lesson; the message names the cell and the field
 */
export function readLesson(text: string, file: string): Lesson {
  const notebook = readNotebook(text, file);
  const about = notebook.toyfhe.only(['lesson', 'title', 'minutes']);
  const number = about.get('lesson').integer(0, 99);
  const title = about.get('title');
  if (title.string().trim() === '') throw title.refuse('a title');
  const minutes = about.get('minutes').integer(1, 600);

  const steps: Step[] = [];
  let prose: Prose[] = [];
  for (const cell of notebook.cells) {
    if (cell.type === 'markdown') prose.push(readProse(cell));
    else {
      steps.push(readStep(cell, prose));
      prose = [];
    }
  }
  checkSteps(notebook, steps);
  return { number, title: title.string(), minutes, name: file.replace(/\.ipynb$/, ''), steps, closing: prose };
}

/** What the cells must be to each other. */
function checkSteps({ cells, toyfhe }: Notebook, steps: readonly Step[]): void {
  const code = cells.filter((cell) => cell.type === 'code');
  if (code.length === 0) throw toyfhe.at('cells').refuse('a list with at least one code cell', 'one without');
  const ids = new Set<string>();
  for (const [i, step] of steps.entries()) {
    const at = `cell ${code[i]!.place}`;
    if (ids.has(step.id)) throw toyfhe.at(`${at}, the id`).refuse('one that no cell before it has', step.id);
    ids.add(step.id);
    const [before, after] = [steps[i - 1], steps[i + 1]];
    if (isForLearner(step) && after?.kind !== 'check') {
      throw toyfhe.at(`the code cell after ${at}`).refuse('its check', after?.kind ?? 'missing');
    }
    if (step.kind === 'check' && before?.kind !== 'exercise') {
      throw toyfhe.at(`the code cell before ${at}`).refuse('its exercise', before?.kind ?? 'missing');
    }
  }
}

/** An exercise that asks for code of the learner's own. */
export function isForLearner(step: Step): boolean {
  return step.kind === 'exercise' && step.level !== 'worked';
}

/** The exercise that this check is about; undefined for any other step. */
export function exerciseOf(lesson: Lesson, step: Step): Step | undefined {
  return step.kind === 'check' ? lesson.steps[lesson.steps.indexOf(step) - 1] : undefined;
}
