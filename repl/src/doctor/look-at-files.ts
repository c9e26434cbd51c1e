/**
 * Data, weights, lessons, and the folder where the REPL keeps its own.
 * @module
 */
import { type Finding, missing, ok, warning } from './finding.ts';
import type { Machine } from './machine.ts';

export async function lookAtMnist(machine: Machine): Promise<Finding> {
  const name = 'MNIST';
  const about = await machine.mnist();
  if (about !== undefined) return ok(name, about);
  const cure = 'npm run data downloads it (11 MB), or TOYFHE_DATA names a folder that holds mnist/';
  return missing(name, `not in ${machine.dataFolder.path}: digits are drawn by our own code instead`, cure);
}

export async function lookAtWeights(machine: Machine): Promise<Finding> {
  const name = 'Weights';
  const names = await machine.weights();
  if (names.length > 0) return ok(name, names.join(', '));
  return missing(name, 'no trained networks', 'take a whole copy of the project, or train one: npm run train');
}

export async function lookAtLessons(machine: Machine): Promise<Finding> {
  const name = 'Lessons';
  const found = await machine.lessons();
  const damaged = found.find(({ problem }) => problem !== undefined);
  const many = `${found.length} ${found.length === 1 ? 'lesson' : 'lessons'} in ${machine.lessonsFolder}`;
  if (damaged?.problem !== undefined) return warning(name, `${many}; ${damaged.problem.message}`);
  if (found.length > 0) return ok(name, many);
  return missing(
    name,
    many,
    'take a whole copy of the project, or set TOYFHE_LESSONS to a folder with lessons, or to nothing',
  );
}

export async function lookAtState({ stateFolder, writable }: Machine): Promise<Finding> {
  const name = 'State';
  if (writable(stateFolder)) return ok(name, `history and progress are kept in ${stateFolder}`);
  const what = `nothing can be written to ${stateFolder}: history and progress end with the session`;
  return warning(name, what, 'set TOYFHE_STATE to a folder of your own');
}
