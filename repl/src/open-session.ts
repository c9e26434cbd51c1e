/**
 * A session as the program opens it: a kernel of its own, the user's history and progress.
 * @module
 */
import { type KernelOptions, startKernel } from './kernel/client.ts';
import { progressStore } from './lessons/progress-store.ts';
import { commands } from './session/commands/index.ts';
import { shortHistory, storedHistory } from './session/history.ts';
import { LessonRoom } from './session/lesson-room.ts';
import { notice, Session } from './session/session.ts';
import { stateFolder } from './session/state-folder.ts';
import type { ThemeName } from './session/state.ts';

export interface OpenOptions extends KernelOptions {
  readonly theme: ThemeName;
  /** Whether inputs are kept for the next session: what a pipe brings is nobody's history. */
  readonly keepsHistory: boolean;
  /** The first lines, Markdown. */
  readonly welcome?: string;
}

export function openSession({ theme, keepsHistory, welcome, ...kernel }: OpenOptions): Session {
  const folder = stateFolder(process.env);
  const early: string[] = []; // said before there is a session to say it in
  const room: { session?: Session } = {};
  const say = (text: string): void => {
    if (room.session === undefined) early.push(text);
    else room.session.add(notice('warning', text));
  };
  const session = new Session({
    kernel: startKernel(kernel),
    history: keepsHistory ? storedHistory(folder, say) : shortHistory(),
    commands,
    lessons: new LessonRoom(progressStore(folder, say)),
    theme,
    ...(welcome === undefined ? {} : { welcome }),
  });
  room.session = session;
  for (const text of early) session.add(notice('warning', text));
  return session;
}
