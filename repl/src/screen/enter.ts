/**
 * What Enter does with a text: whether it is whole, or another line is wanted.
 * @module
 */
import type { SessionView } from '../session/session-view.ts';
import { openBrackets } from './brackets.ts';
import { LONGEST_SHOWN } from './editor-view.ts';

export type EnterDecision =
  | 'submit'
  /** Nothing is typed. */
  | 'blank'
  /** `indent`: what the next line begins with; undefined: by the brackets that are open. */
  | { readonly indent: string | undefined };

/** At once where the kernel need not, or cannot, be asked. */
export function enterDecision(text: string, session: SessionView): EnterDecision | Promise<EnterDecision> {
  const code = text.trimStart();
  if (code === '') return 'blank';
  if (text.length > LONGEST_SHOWN || code.startsWith('.')) return 'submit';
  if (session.state.activity === 'idle') return asked(text, session);
  // Typed ahead: a busy kernel does not answer.
  return openBrackets(text).length > 0 ? { indent: undefined } : 'submit';
}

async function asked(text: string, session: SessionView): Promise<EnterDecision> {
  const { status, indent } = await session.isComplete(text);
  return status === 'incomplete' ? { indent } : 'submit';
}
