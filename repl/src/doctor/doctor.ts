/**
 * What this machine has, and what to do about what is missing.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import { type Finding, needed, warning } from './finding.ts';
import * as computer from './look-at-computer.ts';
import * as files from './look-at-files.ts';
import * as programs from './look-at-programs.ts';
import type { Machine } from './machine.ts';
import { thisMachine } from './this-machine.ts';

const REBUILD = 'npm run setup builds it anew';

interface Look {
  /** What it is about, where it fails. */
  readonly name: string;
  /** Whether anything works where it fails. */
  readonly needed?: true;
  readonly at: (machine: Machine) => Promise<Finding>;
}

const LOOKS: readonly Look[] = [
  { name: 'Node.js', at: computer.lookAtNode },
  { name: 'The build', at: computer.lookAtBuild },
  { name: 'The engine', at: computer.lookAtEngine, needed: true },
  { name: 'Threads', at: computer.lookAtThreads },
  { name: 'Memory', at: computer.lookAtMemory },
  { name: 'Terminal', at: computer.lookAtTerminal },
  { name: 'Weights', at: files.lookAtWeights },
  { name: 'Lessons', at: files.lookAtLessons },
  { name: 'State', at: files.lookAtState },
  { name: 'MNIST', at: files.lookAtMnist },
  { name: 'node-seal', at: computer.lookAtSeal },
  { name: 'Browser', at: programs.lookAtBrowser },
  { name: 'Jupyter', at: programs.lookAtJupyter },
  { name: 'TypeScript kernel', at: programs.lookAtKernel },
  { name: 'Graphviz', at: programs.lookAtGraphviz },
];

/** Everything that was found out, what is needed first. Takes seconds; never throws. */
export async function doctor(machine: Machine = thisMachine()): Promise<Finding[]> {
  return Promise.all(LOOKS.map((look) => examined(look, machine)));
}

/** Where something fails instead of answering, that is what was found. */
async function examined(look: Look, machine: Machine): Promise<Finding> {
  try {
    return await look.at(machine);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const hint = error instanceof FheError ? error.hint : undefined; // the message ends with it
    const what = hint === undefined ? text : text.replace(`; ${hint}`, '');
    return look.needed ? needed(look.name, what, hint ?? REBUILD) : warning(look.name, what, hint);
  }
}

/** 0, or 1 where something is missing without which nothing works. */
export function exitCode(findings: readonly Finding[]): number {
  return findings.some((finding) => finding.needed && finding.status !== 'ok') ? 1 : 0;
}
