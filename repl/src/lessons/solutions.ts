/**
 * Solutions stand in a notebook of their own, `solutions/<name of the lesson>.ipynb`: a code cell for each exercise that the
 * learner writes, under the exercise's id.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import { readId } from './cells.ts';
import { isForLearner, type Lesson } from './lesson.ts';
import { readNotebook } from './notebook.ts';

/** The learner's exercises of a lesson, solved: exercise id → code. */
export type Solutions = ReadonlyMap<string, string>;

/**
 * @param text the content of the `.ipynb` file
 * @param file its name, for messages
 * @throws FheError FORMAT where it is not the solutions of this lesson, all of them and no others
 */
export function readSolutions(text: string, file: string, lesson: Lesson): Solutions {
  const notebook = readNotebook(text, file);
  const number = notebook.toyfhe.only(['solutionsOf']).get('solutionsOf');
  if (number.integer(0, 99) !== lesson.number) throw number.refuse(`${lesson.number}, the lesson's number`);

  const exercises = lesson.steps.filter(isForLearner).map((step) => step.id);
  const solutions = new Map<string, string>();
  for (const cell of notebook.cells) {
    cell.toyfhe.only(['id']);
    if (cell.type === 'markdown') continue;
    const id = readId(cell);
    const field = cell.toyfhe.at(`cell ${cell.place}, the id`).with(id);
    if (!exercises.includes(id)) throw field.refuse(`an exercise of the lesson (${exercises.join(', ')})`);
    if (solutions.has(id)) throw field.refuse('one that no cell before it has');
    solutions.set(id, cell.source);
  }
  const missing = exercises.filter((id) => !solutions.has(id));
  if (missing.length > 0) throw notebook.toyfhe.at('cells').refuse(`a list with ${missing.join(', ')}`, 'one without');
  return solutions;
}

/**
 * The lesson with code of somebody's in the place of its exercises: what a run of the whole lesson needs.
 * @throws FheError RANGE for an id that is no exercise of the learner's
 */
export function withAnswers(lesson: Lesson, answers: Solutions): Lesson {
  for (const id of answers.keys()) {
    if (lesson.steps.some((step) => step.id === id && isForLearner(step))) continue;
    throw new FheError({
      code: 'RANGE',
      op: 'answer an exercise',
      field: 'the id',
      should: 'of an exercise of the lesson',
      is: id,
      hint: 'correct the id',
    });
  }
  const steps = lesson.steps.map((step) => ({ ...step, code: answers.get(step.id) ?? step.code }));
  return { ...lesson, steps };
}
