/**
 * The command `toyfhe doctor`.
 * @module
 */
import { makeStyle, terminalAbilities } from '../show/theme.ts';
import { doctor, exitCode } from './doctor.ts';
import { doctorText } from './doctor-text.ts';

/** Prints what this machine has. @returns the exit code: 1 where something is missing without which nothing works */
export async function reportDoctor(): Promise<number> {
  const findings = await doctor();
  const abilities = terminalAbilities(process.env, process.stdout);
  const style = makeStyle({ columns: process.stdout.columns ?? 80, theme: 'dark', ...abilities });
  process.stdout.write(`${doctorText(findings, style)}\n`);
  return exitCode(findings);
}
