/** A real terminal: a tmux session of its own server, in which the built program runs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** Waiting for something on the screen ends after so long: the test then shows what is there instead. */
const PATIENCE = 60_000;

export class Terminal {
  readonly #socket: string;

  /** @param command a shell's line */
  constructor(
    command: string,
    options: { readonly columns: number; readonly rows: number; readonly env: Record<string, string> },
  ) {
    this.#socket = `toyfhe-test-${process.pid}-${Math.floor(performance.now() * 1000)}`;
    const env = Object.entries(options.env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', String(options.columns), '-y', String(options.rows)];
    this.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-s',
      'main',
      ...size,
      ...env,
      `${command}; echo "exit code $?"; sleep 1000`,
    );
  }

  /** What is on the screen, line by line, without spaces at the ends. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'main');
  }

  /** The same with escape codes. */
  colours(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-t', 'main');
  }

  /** Keys by tmux's names: Enter, Tab, C-c, PageUp. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', '-t', 'main', ...keys);
  }

  type(text: string): void {
    this.#tmux('send-keys', '-t', 'main', '-l', text);
  }

  /** Types a line, presses Enter and waits for what it brings. */
  async enter(text: string, wanted: RegExp): Promise<string> {
    this.type(text);
    this.press('Enter');
    return this.waitFor(wanted);
  }

  paste(text: string): void {
    execFileSync('tmux', ['-L', this.#socket, 'load-buffer', '-'], { input: text });
    this.#tmux('paste-buffer', '-p', '-t', 'main'); // -p: as a bracketed paste
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'main', '-x', String(columns), '-y', String(rows));
  }

  /** The screen as soon as it shows this. @throws Error with the screen where it does not come */
  async waitFor(wanted: RegExp): Promise<string> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const screen = this.screen();
      if (wanted.test(screen)) return screen;
      if (performance.now() > end) throw new Error(`${wanted} does not come; the screen shows:\n${screen}`);
      await sleep(50);
    }
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server']);
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}
