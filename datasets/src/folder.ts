/**
 * Where data lies on this machine.
 * @module
 */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { errorCode, wrongData } from './errors.ts';

/** A folder for data, and who chose it. */
export interface DataFolder {
  readonly path: string;
  /** `TOYFHE_DATA`: the environment variable says so; `cache`: the platform's folder for caches. */
  readonly from: 'TOYFHE_DATA' | 'cache';
}

/**
 * The folder that holds `mnist/`: `TOYFHE_DATA` where it is set, else `toyfhe` in the platform's cache folder
 * (`$XDG_CACHE_HOME`, and where that is not set `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows, else
 * `~/.cache`). The folder need not exist.
 */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): DataFolder {
  if (env.TOYFHE_DATA) return { path: resolve(env.TOYFHE_DATA), from: 'TOYFHE_DATA' };
  return { path: join(cacheRoot(env, platform), 'toyfhe'), from: 'cache' };
}

/**
 * The path of `dataFolder()`, for reading. A cache folder may be missing, but who sets `TOYFHE_DATA` means a folder.
 * @throws FheError FORMAT when `TOYFHE_DATA` names something else
 */
export async function existingDataFolder(): Promise<string> {
  const { path, from } = dataFolder();
  if (from === 'TOYFHE_DATA') {
    const is = await stat(path).then(
      (found) => (found.isDirectory() ? undefined : 'no folder'),
      (cause: unknown) => (errorCode(cause) === 'ENOENT' ? 'missing' : (errorCode(cause) ?? 'not readable')),
    );
    if (is !== undefined) {
      const hint = 'correct TOYFHE_DATA or leave it out, or run `npm run data` to fill that folder';
      throw wrongData('load MNIST', 'TOYFHE_DATA', 'a folder', `${path}, which is ${is}`, hint);
    }
  }
  return path;
}

function cacheRoot(env: Readonly<Record<string, string | undefined>>, platform: string): string {
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
