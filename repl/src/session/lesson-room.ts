/**
 * The lesson that is being played in a session: does what the player (lessons/lesson-player.ts) says, and remembers what
 * is finished.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import type { Executed } from '../kernel/kernel.ts';
import { findLessons, loadLesson } from '../lessons/find-lessons.ts';
import { lessonList } from '../lessons/lesson-list.ts';
import { LessonPlayer, type LessonReply } from '../lessons/lesson-player.ts';
import { lessonsFolder } from '../lessons/lessons-folder.ts';
import type { ProgressStore } from '../lessons/progress-store.ts';
import type { Entry, LessonState } from './state.ts';

/** Puts something into the transcript. */
type Add = (entry: Entry) => void;
type Run = (code: string) => Promise<Executed>;

export class LessonRoom {
  readonly #store: ProgressStore;
  readonly #folder: string;
  #player: LessonPlayer | undefined;

  /** @param folder with the notebooks; default: those that come with the program, or TOYFHE_LESSONS */
  constructor(store: ProgressStore, folder: string = lessonsFolder()) {
    this.#store = store;
    this.#folder = folder;
  }

  get state(): LessonState | undefined {
    return this.#player?.state;
  }

  /** A Markdown table. */
  async list(): Promise<string> {
    return lessonList(await findLessons(this.#folder), await this.#store.read());
  }

  /** The numbers of the lessons that can be read. */
  async numbers(): Promise<readonly string[]> {
    return (await findLessons(this.#folder)).flatMap(({ lesson }) =>
      lesson === undefined ? [] : [String(lesson.number)],
    );
  }

  /** @throws FheError RANGE, FORMAT as `loadLesson` */
  async start(number: number, add: Add): Promise<void> {
    const lesson = await loadLesson(number, this.#folder);
    const before = (await this.#store.read()).get(lesson.name);
    this.#player = new LessonPlayer(lesson, before);
    await this.#show(this.#player.begin(), add);
  }

  /** Runs the next cell, and shows what comes after it. Does nothing where no lesson is being played. */
  async next(run: Run, add: Add): Promise<void> {
    const player = this.#player;
    if (player === undefined) return;
    const { run: step, ...reply } = player.next();
    await this.#show({ ...reply, run: undefined }, add);
    if (step === undefined) return;
    const { status } = await run(step.code);
    await this.#show(player.ran(step, status === 'ok'), add);
  }

  /** Something of the user's own has run. */
  typed(ok: boolean): void {
    this.#player?.typed(ok);
  }

  /** @throws FheError RANGE where no lesson is being played */
  async move(where: 'skip' | 'back' | 'restart', add: Add): Promise<void> {
    await this.#show(this.playing(where)[where](), add);
  }

  /** @throws FheError RANGE where no lesson is being played */
  playing(op: string): LessonPlayer {
    if (this.#player !== undefined) return this.#player;
    throw new FheError({
      code: 'RANGE',
      op: `do .${op}`,
      field: 'lesson',
      should: 'one that is being played',
      is: 'none',
      hint: '.lesson 0 starts one, .lessons lists them',
    });
  }

  async #show({ prose, notice, finished }: LessonReply, add: Add): Promise<void> {
    for (const markdown of prose) add({ kind: 'prose', markdown });
    if (notice !== undefined) add({ kind: 'notice', level: 'info', text: notice });
    if (finished.length > 0) await this.#store.mark(this.#player!.lesson.name, finished);
  }
}
