/**
 * Completes commands: their names, and what stands behind them.
 * @module
 */
import type { CompleteReply } from '../kernel/protocol.ts';
import { type Command, type CommandContext, splitCommand } from './command.ts';

export async function completeCommand(
  text: string,
  cursor: number,
  commands: readonly Command[],
  context: CommandContext,
): Promise<CompleteReply> {
  const before = text.slice(0, cursor);
  const dot = before.indexOf('.');
  if (!/\s/.test(before.slice(dot))) {
    const typed = before.slice(dot + 1).toLowerCase();
    const names = commands.map(({ name }) => name).filter((name) => name.startsWith(typed));
    return { matches: names.map((name) => ({ text: `.${name}`, kind: 'command' })), start: dot, end: cursor };
  }
  const command = commands.find(({ name }) => name === splitCommand(text).name);
  const start = before.length - /\S*$/.exec(before)![0].length;
  const nothing = { matches: [], start, end: cursor };
  if (command === undefined) return nothing;
  if (command.takesCode === true) {
    if (context.state.activity !== 'idle') return nothing;
    const codeStart = dot + 1 + command.name.length;
    const reply = await context.kernel.complete(text.slice(codeStart), cursor - codeStart);
    return { matches: reply.matches, start: reply.start + codeStart, end: reply.end + codeStart };
  }
  const typed = before.slice(start);
  const all = (await command.complete?.(splitCommand(text).args, context)) ?? [];
  const matches = all.filter((match) => match.startsWith(typed)).map((match) => ({ text: match, kind: 'argument' }));
  return { matches, start, end: cursor };
}
