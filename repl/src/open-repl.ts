/**
 * Opens the REPL: the screen where there is a terminal, plain lines elsewhere.
 * @module
 */
import { openSession } from './open-session.ts';
import { runPlain } from './plain.ts';
import { terminalAbilities } from './show/theme.ts';

export interface ReplOptions {
  /** Lines and plain text, also where there is a terminal. */
  readonly plain?: boolean;
}

const WELCOME = `
# ToyFHE

Compute on numbers that stay encrypted. **\`.tour\`** shows how, step by step; \`.help\` lists what there is to type. Not audited: for
learning, not for protecting data.
`;

/** Whether both ends are a terminal that can be drawn on. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
}

/** @returns the exit code */
export async function openRepl({ plain = false }: ReplOptions): Promise<number> {
  const screen = !plain && isTerminal();
  const { colours } = terminalAbilities(process.env, process.stdout);
  const session = openSession({
    theme: 'dark',
    keepsHistory: process.stdin.isTTY === true,
    colour: screen && colours !== 'none',
    columns: Math.min(100, process.stdout.columns ?? 80),
    ...(screen ? { welcome: WELCOME } : {}),
  });
  if (!screen) return runPlain(session, { input: process.stdin, output: process.stdout, errors: process.stderr });
  const { runScreen } = await import('./screen/run-screen.tsx');
  await runScreen(session);
  await session.close();
  return 0;
}
