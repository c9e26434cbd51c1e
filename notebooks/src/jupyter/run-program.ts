/**
 * Running other programs to their end.
 * @module
 */
import { spawn } from 'node:child_process';

export interface Ended {
  /** The exit code; -1 where there is no such program, or a signal has ended it. */
  readonly code: number;
  /** What it printed, on both streams. */
  readonly output: string;
}

export interface RunProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Never throws. */
export function runProgram(command: string, args: readonly string[], options: RunProgramOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}
