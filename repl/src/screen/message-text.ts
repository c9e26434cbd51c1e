/**
 * The line between transcript and editor: what matters most now.
 * @module
 */
import stringWidth from 'string-width';
import type { InspectReply } from '../kernel/protocol.ts';
import type { LessonState, SessionState } from '../session/state.ts';
import { progressLine } from '../show/progress-line.ts';
import type { Style } from '../show/style.ts';
import { fitted, oneLine } from './fit.ts';
import { helpText } from './help-text.ts';
import { marksOf } from './marks.ts';

export interface Message {
  readonly session: SessionState;
  readonly hint: string | undefined;
  readonly help: InspectReply | undefined;
  /** Whether the transcript goes on below. */
  readonly more: boolean;
  /** Whether the editor is empty. */
  readonly empty: boolean;
  /** How long the session has been busy. */
  readonly seconds: number;
}

/** One line of `style.columns`: a rule with words in it, or long work. */
export function messageText(message: Message, style: Style): string {
  const marks = marksOf(style);
  const right = message.more ? ` ${marks.more} ${marks.rule}` : '';
  const columns = style.columns - right.length;
  const { progress } = message.session;
  if (progress !== undefined && message.hint === undefined) {
    const line = fitted(progressLine(progress, { ...style, columns }), columns, style);
    return line + ' '.repeat(Math.max(0, columns - stringWidth(line))) + style.paint('dim', right);
  }
  const words = fitted(wordsOf(message, style, columns - LEAST_RULE), columns - LEAST_RULE, style);
  if (words === '') return style.paint('dim', marks.rule.repeat(columns) + right);
  const left = `${style.paint('dim', marks.rule.repeat(2))} ${words} `;
  return left + style.paint('dim', marks.rule.repeat(Math.max(0, columns - stringWidth(left))) + right);
}

/** Columns of the rule, and of the spaces around the words. */
const LEAST_RULE = 5;

function wordsOf(message: Message, style: Style, columns: number): string {
  const { session, hint, help, seconds, empty } = message;
  if (hint !== undefined) return style.paint('hint', oneLine(hint, style));
  if (help !== undefined) return helpText(help, style, columns).line;
  const words = [
    ...(session.activity === 'busy' ? [seconds < 2 ? 'running' : `running ${seconds} s`, 'Ctrl-C stops it'] : []),
    ...(session.activity === 'starting' ? ['starting'] : []),
    ...(session.queued > 0 ? [`${session.queued} waiting`] : []),
    ...(session.lesson !== undefined && session.activity === 'idle' ? lessonWords(session.lesson, empty) : []),
  ];
  return style.paint('notice', oneLine(words.join(marksOf(style).between), style));
}

const ENTER: Readonly<Record<LessonState['enter'], readonly string[]>> = {
  runs: ['Enter runs it', 'Tab edits it'],
  checks: ['Enter checks it'],
  waits: ['type your own code', 'Tab edits it'],
};

function lessonWords({ number, done, total, next, enter }: LessonState, empty: boolean): readonly string[] {
  const where = [`Lesson ${number}`, `${done}/${total}`];
  if (next === undefined) return [...where, 'done'];
  const [first = '', ...others] = next.split('\n');
  return empty ? [...where, ...ENTER[enter]] : [...where, `next: ${first}${others.length === 0 ? '' : ' …'}`];
}
