/**
 * Where the REPL keeps what should outlast a session: the history of inputs, and progress in the lessons.
 * @module
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * `TOYFHE_STATE` where it is set, else `toyfhe` in the platform's folder for such things (`$XDG_STATE_HOME`, and where that
 * is not set `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows, else `~/.local/state`). The folder need
 * not exist.
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  if (env.TOYFHE_STATE) return resolve(env.TOYFHE_STATE);
  if (env.XDG_STATE_HOME) return join(resolve(env.XDG_STATE_HOME), 'toyfhe');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'toyfhe');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'toyfhe');
  return join(homedir(), '.local', 'state', 'toyfhe');
}
