/**
 * `toyfhe file.ts`: a script with everything preloaded, operators on ciphertexts included.
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { startKernel } from './kernel/client.ts';
import type { Output } from './kernel/protocol.ts';
import { entryOf } from './session/transcript.ts';
import { entryLines } from './show/entry.ts';
import { makeStyle, terminalAbilities } from './show/theme.ts';

const WIDE = 10_000;

/** What an argument has to end with to be a script. */
export const SCRIPT = /\.[cm]?[jt]s$/;

/**
 * Runs a script in the folder that it lies in. What it prints and displays is printed as it comes.
 * @returns the exit code: 1 where it fails, 130 where it is interrupted, or what it gives to process.exit
 * @throws FheError FORMAT where the file cannot be read
 */
export async function runScriptFile(path: string, args: readonly string[] = []): Promise<number> {
  const file = resolve(path);
  const code = readScript(file, path);
  const style = makeStyle({
    columns: process.stdout.columns ?? WIDE,
    theme: 'dark',
    ...terminalAbilities(process.env, process.stdout),
  });
  const kernel = startKernel({
    folder: dirname(file),
    colour: style.colours !== 'none',
    columns: Math.min(process.stdout.columns ?? 80, 120),
    unlimitedOutput: true,
    args: [file, ...args],
  });
  let exitCode: number | undefined;
  kernel.onDeath((_why, code) => (exitCode = code ?? 1));
  let interrupted = false;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    void kernel.interrupt();
  });
  try {
    await kernel.ready;
    const { status } = await kernel.execute(code, (output) => print(output, code, style));
    if (interrupted) return 130;
    if (status === 'died') return exitCode ?? 1;
    return status === 'ok' ? 0 : 1;
  } finally {
    await kernel.close();
  }
}

function print(output: Output, code: string, style: Parameters<typeof entryLines>[1]): void {
  // The value of the last line, and what operators became, are for sessions.
  if (output.type === 'execute_result' || output.type === 'rewritten') return;
  if (output.type === 'stream') return void process[output.name].write(output.text);
  const entry = entryOf(output, code);
  if (entry === undefined) return;
  const text = entryLines(entry, style)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
  (entry.kind === 'error' ? process.stderr : process.stdout).write(text);
}

function readScript(file: string, path: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^#![^\n]*/, '');
  } catch (error) {
    throw new FheError({
      code: 'FORMAT',
      op: `run ${path}`,
      field: 'the file',
      should: 'readable',
      is: (error as Error).message,
      hint: 'check its name',
    });
  }
}
