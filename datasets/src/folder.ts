/**
 * Where data lies on this machine.
 * @module
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

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

function cacheRoot(env: Readonly<Record<string, string | undefined>>, platform: string): string {
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
