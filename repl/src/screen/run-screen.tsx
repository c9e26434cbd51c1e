/**
 * The screen in a terminal, from the first drawing to the terminal as it was before.
 * @module
 */
import { restoreEnvironment } from './react-production.ts';
import { render } from 'ink';
import { createElement } from 'react';
import type { SessionView } from '../session/session-view.ts';
import { makeStyle, terminalAbilities } from '../show/theme.ts';
import { App } from './app.tsx';
import { cachedLines } from './entry-cache.ts';
import { lastLines } from './last-lines.ts';
import { TerminalInput } from './terminal-input.ts';

restoreEnvironment();

/** Lines of the transcript that are left in the terminal's scrollback. */
const LINES_LEFT = 2000;

/**
 * In the alternate screen some terminals turn the mouse wheel into arrow keys, which would walk the history: off, and back
 * to what it was.
 */
const WHEEL_OFF = '\x1b[?1007s\x1b[?1007l';
const WHEEL_BACK = '\x1b[?1007r';

/**
 * Shows a session on `process.stdin` and `process.stdout`, which must be terminals, until it has ended or the user leaves;
 * then the transcript's last lines stay on the normal screen. The session is not closed.
 * @throws what drawing threw; the terminal is then as it was before
 */
export async function runScreen(session: SessionView): Promise<void> {
  const { stdin, stdout } = process;
  const abilities = terminalAbilities(process.env, stdout);
  const input = new TerminalInput(stdin);
  stdout.write(WHEEL_OFF);
  // Not as JSX, for which React would be imported before all else.
  const app = render(createElement(App, { session, abilities }), {
    stdin: input,
    alternateScreen: true,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: true,
    // Whoever starts the screen has seen that this is a terminal.
    interactive: true,
    maxFps: 60,
  });

  let left = false;
  const leave = (): void => {
    if (left) return;
    left = true;
    app.unmount();
    input.close();
    const style = makeStyle({ columns: stdout.columns, theme: session.state.theme, ...abilities });
    const lines = lastLines(session.state.entries, LINES_LEFT, cachedLines(style));
    stdout.write([WHEEL_BACK, ...lines.map((line) => `${line}\n`)].join(''));
  };
  // The terminal's window was closed: there is nothing to write to.
  stdout.once('error', () => {
    left = true;
    stdout.on('error', () => undefined);
    app.unmount();
  });
  // An exception elsewhere ends the process: what is written of it belongs on the normal screen.
  process.on('uncaughtExceptionMonitor', leave);
  try {
    await app.waitUntilExit();
  } finally {
    process.off('uncaughtExceptionMonitor', leave);
    leave();
  }
}
