/**
 * Asking other programs.
 * @module
 */
import { execFile } from 'node:child_process';

/** A program that has not answered by then is taken for missing. */
const PATIENCE = 5000;

/**
 * What a command prints, on both streams; undefined where there is no such program, where it fails, or where it takes longer
 * than five seconds. Never throws.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  patience: number = PATIENCE,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      execFile(command, args, { timeout: patience, windowsHide: true }, (error, stdout, stderr) => {
        resolve(error === null ? `${stdout}${stderr}` : undefined);
      });
    } catch {
      resolve(undefined); // a name that cannot be one
    }
  });
}
