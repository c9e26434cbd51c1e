/**
 * What a command is, and what it can do to the session.
 * @module
 */
import type { Executed, Kernel } from '../kernel/kernel.ts';
import type { Completion } from '../kernel/protocol.ts';
import type { LessonRoom } from './lesson-room.ts';
import type { Entry, SessionState } from './state.ts';

export interface Command {
  /** Without the dot. */
  readonly name: string;
  /** What stands behind the name, such as `<expression>`; empty where nothing does. */
  readonly takes: string;
  /** One line, for `.help`. */
  readonly about: string;
  /** What `.help <name>` says beside: Markdown. */
  readonly more?: string;
  /** What can stand behind the name. */
  complete?(args: string, context: CommandContext): readonly string[] | Promise<readonly string[]>;
  /** Whether what stands behind the name is code, completed as such. */
  readonly takesCode?: boolean;
  /** @throws FheError for arguments that make no sense */
  run(args: string, context: CommandContext): Promise<void> | void;
}

export interface CommandContext {
  readonly kernel: Kernel;
  readonly state: SessionState;
  readonly commands: readonly Command[];
  readonly lessons: LessonRoom;
  /** Code of this session that ran without error, oldest first. */
  readonly ran: readonly string[];
  add(entry: Entry): void;
  update(change: Partial<SessionState>): void;
  /** Runs code; its outputs go into the transcript. `shown`: the code itself as well, as if it had been typed. */
  run(code: string, shown?: boolean): Promise<Executed>;
  /** Runs the next cell of the lesson that is being played. */
  nextCell(): Promise<void>;
  /** Starts a new kernel, with a notice of what is lost. */
  reset(why: string): Promise<void>;
  /** Runs another command, as if it had been typed. */
  command(text: string): Promise<void>;
}

export type { Completion };

/** Whether an input is a command: a dot and a letter. `.5 + 1` is none. */
export function isCommand(text: string): boolean {
  return /^\s*\.[a-z]/i.test(text);
}

/** `.time f(x)` → `time`, `f(x)`. */
export function splitCommand(text: string): { readonly name: string; readonly args: string } {
  const [, name = '', args = ''] = /^\s*\.(\S*)\s*([^]*)$/.exec(text) ?? [];
  return { name: name.toLowerCase(), args: args.trim() };
}
