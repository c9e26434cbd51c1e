/**
 * Where the learner stands in a lesson, and what happens next. A state machine: it runs nothing and reads nothing. The
 * session tells it what was typed and how it ended, and does what the reply says.
 * @module
 */
import type { LessonState } from '../session/state.ts';
import type { Step } from './cells.ts';
import { exerciseOf, isForLearner, type Lesson } from './lesson.ts';

/** What to do now, in this order. */
export interface LessonReply {
  /** Markdown to show. */
  readonly prose: readonly string[];
  /** The lesson about itself, one or two sentences of plain text. */
  readonly notice: string | undefined;
  /** Show this as typed and run it; then tell `ran` how it ended. */
  readonly run: Step | undefined;
  /** Ids that are finished by this, for the progress store. */
  readonly finished: readonly string[];
}

type Outcome = 'done' | 'skipped';

/** @param next another one than `step` where that has an answer */
function enterAt(step: Step | undefined, next: Step | undefined): LessonState['enter'] {
  if (step !== undefined && next === step && isForLearner(step)) return 'waits';
  return next?.kind === 'check' ? 'checks' : 'runs';
}

export class LessonPlayer {
  readonly lesson: Lesson;
  readonly #before: ReadonlySet<string>;
  readonly #outcomes = new Map<string, Outcome>();
  /** Exercises that something has been typed for. */
  readonly #answered = new Set<string>();
  #at = 0;

  /** @param before ids that were finished in earlier sessions */
  constructor(lesson: Lesson, before: ReadonlySet<string> = new Set()) {
    this.lesson = lesson;
    this.#before = before;
  }

  /** The cell that comes next; undefined at the end. */
  get step(): Step | undefined {
    return this.lesson.steps[this.#at];
  }

  /** For the screen. `done` counts the cells of this run of the lesson. */
  get state(): LessonState {
    const { number, title, steps } = this.lesson;
    const done = steps.filter(({ id }) => this.#outcomes.get(id) === 'done').length;
    const { step } = this;
    const next = step !== undefined && this.#hasAnswer(step) ? steps[this.#at + 1] : step;
    return { number, title, done, total: steps.length, next: next?.code, enter: enterAt(step, next) };
  }

  /** Shows the first cell. */
  begin(): LessonReply {
    const count = this.lesson.steps.filter(({ id }) => this.#before.has(id)).length;
    const before = `Finished in earlier sessions: ${count} of ${this.lesson.steps.length} cells.`;
    const again = `${before} Variables do not outlast a session, so the lesson begins with its first cell.`;
    return this.#arrive(count === 0 ? [] : [again]);
  }

  /** Enter on an empty line, or `.next`. */
  next(): LessonReply {
    const { step } = this;
    if (step === undefined) return reply({ notice: this.#ending() });
    if (!isForLearner(step)) return reply({ run: step });
    if (!this.#hasAnswer(step)) {
      const how = 'An exercise: type your own code for the cell shown, then Enter on an empty line checks it.';
      return reply({ notice: `${how} .skip passes it by.` });
    }
    this.#at++;
    return reply({ prose: this.#prose(), run: this.step! });
  }

  /** The learner's own input has run. @param ok false where it failed or was stopped */
  typed(ok: boolean): void {
    if (ok && this.step !== undefined && isForLearner(this.step)) this.#answered.add(this.step.id);
  }

  /** A cell that a reply asked for has run. @param ok false where it failed or was stopped */
  ran(step: Step, ok: boolean): LessonReply {
    if (!ok) return reply({ notice: this.#failure(step) });
    const finished = [exerciseOf(this.lesson, step), step].flatMap((one) => one?.id ?? []);
    for (const id of finished) this.#outcomes.set(id, 'done');
    if (step !== this.step) return reply({ finished }); // the learner has gone elsewhere meanwhile
    this.#at++;
    return { ...this.#arrive(), finished };
  }

  /** Passes the cell by; an exercise with its check. */
  skip(): LessonReply {
    const { step } = this;
    if (step === undefined) return reply({ notice: this.#ending() });
    const exercise = exerciseOf(this.lesson, step);
    if (exercise !== undefined) this.#skipped(exercise);
    this.#skipped(step);
    this.#at++;
    if (isForLearner(step)) {
      this.#skipped(this.step!);
      this.#at++;
    }
    return this.#arrive();
  }

  /** Shows the cell before, to run it again. */
  back(): LessonReply {
    if (this.#at === 0) return reply({ notice: 'This is the first cell.' });
    this.#at--;
    return this.#arrive();
  }

  /** Begins anew. */
  restart(): LessonReply {
    this.#at = 0;
    this.#outcomes.clear();
    this.#answered.clear();
    return this.#arrive([`Lesson ${this.lesson.number} from its beginning. Variables stay; .reset takes them away.`]);
  }

  #hasAnswer(step: Step): boolean {
    return isForLearner(step) && this.#answered.has(step.id);
  }

  /** What was solved stays solved. */
  #skipped({ id }: Step): void {
    if (!this.#outcomes.has(id)) this.#outcomes.set(id, 'skipped');
  }

  #prose(): readonly string[] {
    return (this.step?.prose ?? this.lesson.closing).map(({ markdown }) => markdown);
  }

  #arrive(notices: readonly string[] = []): LessonReply {
    const all = this.step === undefined ? [...notices, this.#ending()] : notices;
    return reply({ prose: this.#prose(), notice: all.length === 0 ? undefined : all.join(' ') });
  }

  #failure(step: Step): string {
    if (step.kind === 'check') {
      return 'Not yet. Type another answer; Enter checks it again. .back shows the exercise, .skip passes it by.';
    }
    return 'The cell did not end well: Enter runs it again, .skip goes on without it.';
  }

  #ending(): string {
    const { number, steps } = this.lesson;
    const open = steps.filter(({ id }) => this.#outcomes.get(id) !== 'done').map(({ id }) => id);
    if (open.length === 0) return `Lesson ${number} is finished: ${steps.length} of ${steps.length} cells.`;
    const done = `${steps.length - open.length} of ${steps.length} cells done`;
    return `The end of lesson ${number}: ${done}, passed by ${open.join(', ')}. .back leads back to them.`;
  }
}

function reply(parts: Partial<LessonReply>): LessonReply {
  return { prose: [], notice: undefined, run: undefined, finished: [], ...parts };
}
