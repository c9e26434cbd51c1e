/**
 * The two files that a training run leaves behind: the weights, and their record beside them.
 * @module
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, wrongData } from '../src/errors.ts';

/** A place that has been tried: both files are open under other names, so that no half-written one bears the right name. */
export interface Output {
  /** Writes both and gives them their names, in place of what bore them. */
  finish(weights: Uint8Array, record: string): void;
  /** Leaves everything as it was before `openOutput`. */
  discard(): void;
}

/**
 * To be called before the training, which would be lost if its weights could not be written.
 * @param path absolute, ends in `.safetensors`; its folder is made where it is missing
 * @throws FheError FORMAT when it cannot be written; nothing is left behind then
 */
export function openOutput(path: string): Output {
  const names = [path, path.replace(/safetensors$/, 'json')] as const;
  const parts = names.map((name) => `${name}.part`);
  const opened: string[] = [];
  const made: string[] = [];

  const discard = (): void => {
    for (const part of opened) rmSync(part, { force: true });
    for (const folder of made.toReversed()) removeEmpty(folder);
  };

  /** Does something to the files; when that fails, clears up and says so in one line. */
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (cause) {
      discard();
      throw refusal(path, errorCode(cause) ?? 'not', cause);
    }
  };

  for (const name of names) if (isFolder(name)) throw refusal(name, 'a folder');
  attempt(() => {
    makeFolder(dirname(path), made);
    for (const part of parts) {
      closeSync(openSync(part, 'w'));
      opened.push(part);
    }
  });
  const finish = (...contents: [Uint8Array, string]): void => {
    attempt(() => {
      parts.forEach((part, i) => writeFileSync(part, contents[i]!));
      parts.forEach((part, i) => renameSync(part, names[i]!));
    });
  };
  return { finish, discard };
}

/** Makes a folder and those above it that are missing, and lists them. Node's own way never ends below /proc. */
function makeFolder(path: string, made: string[]): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), made);
  mkdirSync(path);
  made.push(path);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // something else has been put there meanwhile: it stays
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refusal(path: string, is: string, cause?: unknown): Error {
  return wrongData('write the weights', path, 'a file that can be written', is, 'give another place with --out', cause);
}
