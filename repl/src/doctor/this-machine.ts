/**
 * The machine that this runs on.
 * @module
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolder, listWeights, loadMnist, loadWeights } from '@toyfhe/datasets';
import { findLessons } from '../lessons/find-lessons.ts';
import { lessonsFolder } from '../lessons/lessons-folder.ts';
import { stateFolder } from '../session/state-folder.ts';
import { terminalAbilities } from '../show/theme.ts';
import type { Machine } from './machine.ts';
import { runCommand } from './run-command.ts';

export function thisMachine(): Machine {
  const { platform, env, stdin, stdout } = process;
  return {
    platform,
    env,
    nodeVersion: process.versions.node,
    folder: fileURLToPath(new URL('../../..', import.meta.url)),
    processors: availableParallelism(),
    terminal: {
      interactive: stdin.isTTY === true && stdout.isTTY === true,
      columns: stdout.columns,
      rows: stdout.rows,
      abilities: terminalAbilities(env, stdout),
    },
    memory() {
      const total = totalmem();
      const limit = process.constrainedMemory();
      const limited = limit > 0 && limit < total; // without a limit, some systems say 0 and others a huge number
      return { total, available: process.availableMemory(), limit: limited ? limit : undefined };
    },
    exists: existsSync,
    writable,
    command: runCommand,
    async engine() {
      const { engine } = await import('toyfhe/engine');
      const { kernels, threads } = await engine({ ringDegree: 1024, chain: [40, 30], special: [40], insecure: true });
      return { kernels, threads };
    },
    async seal() {
      const { seal } = await import('toyfhe/seal');
      await seal({ ringDegree: 1024, chain: [40, 30], special: [40], insecure: true });
    },
    dataFolder: dataFolder(),
    async mnist() {
      const { name, about } = await loadMnist({ split: 'test' });
      return name === 'mnist-test' ? about : undefined;
    },
    async weights() {
      const names = await listWeights();
      for (const name of names) await loadWeights(name);
      return names;
    },
    lessonsFolder: lessonsFolder(),
    lessons: () => findLessons(),
    stateFolder: stateFolder(),
  };
}

function writable(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    const above = dirname(folder);
    return above !== folder && writable(above);
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return found.isDirectory();
  } catch {
    return false;
  }
}
