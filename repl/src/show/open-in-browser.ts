/**
 * Opens files in the browser, where there is one.
 * @module
 */

/** Milliseconds in which an opener that finds no browser has failed. */
const PATIENCE = 1500;

/** What is asked of the process that opens a file. */
export interface Opener {
  readonly exitCode: number | null;
  once(event: 'exit', listener: (code: number | null) => void): unknown;
  once(event: 'error', listener: () => void): unknown;
}

export interface OpenOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  /** Starts the process; default: the package open. */
  readonly start?: (path: string) => Promise<Opener>;
}

/**
 * Opens a file in the browser.
 * @returns false where there is none: on Linux without a display it is not even tried. Never throws, and waits at most
 *   one and a half seconds.
 */
export async function openInBrowser(path: string, options: OpenOptions = {}): Promise<boolean> {
  const { env = process.env, platform = process.platform, start = startOpener } = options;
  if (!hasDisplay(env, platform)) return false;
  try {
    return await succeeds(await start(path));
  } catch {
    return false;
  }
}

function hasDisplay(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => (env[name] ?? '') !== '');
}

async function startOpener(path: string): Promise<Opener> {
  const { default: open } = await import('open'); // only now: most sessions never need it
  return open(path);
}

/** An opener that still runs after a while has become the browser. */
function succeeds(opener: Opener): Promise<boolean> {
  if (opener.exitCode !== null) return Promise.resolve(opener.exitCode === 0);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), PATIENCE);
    const settle = (worked: boolean): void => {
      clearTimeout(timer);
      resolve(worked);
    };
    opener.once('exit', (code) => settle(code === 0));
    opener.once('error', () => settle(false));
  });
}
