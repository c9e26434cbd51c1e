/**
 * Node, the build, the engine, memory and the terminal.
 * @module
 */
import { join } from 'node:path';
import { type Finding, missing, needed, ok, warning } from './finding.ts';
import type { Machine } from './machine.ts';

const OWN_NODE = 'npm start and npx toyfhe bring their own Node 24';
const SET_UP = 'npm run setup makes it';
const GIB = 2 ** 30;
/** `toyfhe mnist` and `toyfhe run two-conv` take half of it (measured, 2026-11-21), and other programs want to live too. */
const SCARCE = GIB;

export async function lookAtNode({ nodeVersion }: Machine): Promise<Finding> {
  const name = 'Node.js';
  if (Number(nodeVersion.split('.')[0]) >= 22) return ok(name, nodeVersion);
  return needed(name, `${nodeVersion}, and it should be 22 or newer`, OWN_NODE);
}

export async function lookAtBuild({ folder, exists }: Machine): Promise<Finding> {
  const name = 'The build';
  const parts = ['toyfhe/dist/esm', 'toyfhe/dist/cjs', 'datasets/dist', 'repl/dist'];
  const without = parts.filter((part) => !exists(join(folder, part)));
  if (without.length === 0) return ok(name, `in ${folder}`);
  return needed(name, `${without.join(', ')} not found in ${folder}`, SET_UP);
}

export async function lookAtEngine(machine: Machine): Promise<Finding> {
  const name = 'The engine';
  const { kernels, threads } = await machine.engine();
  const runs = `runs on ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  if (kernels === 'fused') return ok(name, `${runs}, with relaxed SIMD and fused multiply-add`);
  const cure = 'the results are the same; for speed: Node 22 or newer, on a processor with FMA (from 2013 on, or ARM)';
  return warning(name, `${runs}, without fused multiply-add: several times slower`, cure);
}

export async function lookAtThreads({ processors }: Machine): Promise<Finding> {
  const name = 'Threads';
  if (processors > 1) return ok(name, `${processors} can run at once`);
  return warning(name, 'one can run at once: all works, and takes longer');
}

export async function lookAtMemory(machine: Machine): Promise<Finding> {
  const name = 'Memory';
  const { total, available, limit } = machine.memory();
  const size = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
  const bound = limit === undefined ? '' : `, of which this container may take ${size(limit)}`;
  const what = `${size(total)}${bound}; ${size(available)} available`;
  if (available >= SCARCE) return ok(name, what);
  return warning(name, what, 'end other programs, or keep to ring degrees up to 8192 and few images');
}

export async function lookAtTerminal({ terminal }: Machine): Promise<Finding> {
  const name = 'Terminal';
  const { interactive, columns = 0, rows = 0, abilities } = terminal;
  if (!interactive) return warning(name, 'none: the REPL reads lines and prints plain text', 'open it in a terminal');
  const palette = { none: 'no colours', 16: '16 colours', 256: '256 colours', true: 'all colours' }[abilities.colours];
  const what = `${columns}×${rows}, ${palette}, ${abilities.unicode ? 'Unicode' : 'ASCII only'}`;
  if (columns < 80 || rows < 24)
    return warning(name, what, 'make the window 80×24 or larger; the side panel takes 100 columns');
  if (!abilities.unicode) return warning(name, what, 'set LANG to a locale in UTF-8, such as C.UTF-8');
  return ok(name, what);
}

export async function lookAtSeal(machine: Machine): Promise<Finding> {
  const name = 'node-seal';
  try {
    await machine.seal();
    return ok(name, 'runs');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return missing(name, reason, 'only the backend seal needs it; the engine does the same');
  }
}
