/**
 * What a session has to show, for whoever shows it: the screen, or plain lines.
 * @module
 */
import type {
  CiphertextDetails,
  KernelError,
  KernelStatus,
  MimeBundle,
  Progress,
  Variable,
} from '../kernel/protocol.ts';

/** One thing in the transcript. */
export type Entry =
  /** What was typed: code, or a command such as `.help`. */
  | { readonly kind: 'input'; readonly code: string }
  /** Operators became calls. */
  | { readonly kind: 'rewritten'; readonly code: string }
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  /** `shown`: by the code, in passing; `result`: the value of the last expression. */
  | { readonly kind: 'value'; readonly how: 'shown' | 'result'; readonly data: MimeBundle }
  /** `code`: what was run, for the places of its problems. */
  | { readonly kind: 'error'; readonly error: KernelError; readonly code: string }
  /** A ciphertext's ledger. */
  | { readonly kind: 'details'; readonly details: CiphertextDetails }
  /** A lesson's words, or a command's: Markdown. */
  | { readonly kind: 'prose'; readonly markdown: string }
  /** The REPL about itself: the kernel was restarted, nothing to go back to. */
  | { readonly kind: 'notice'; readonly level: 'info' | 'warning'; readonly text: string };

/** A lesson that is being played. */
export interface LessonState {
  readonly number: number;
  readonly title: string;
  /** Code cells done, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** The cell that comes next; undefined at the end. */
  readonly next: string | undefined;
  /** What Enter on an empty line does: it runs that cell, checks an answer with it, or waits for one's own code first. */
  readonly enter: 'runs' | 'checks' | 'waits';
}

export interface SessionState {
  /** Oldest first. A new array whenever one is added; entries never change. */
  readonly entries: readonly Entry[];
  /** `starting`: what is typed waits until the kernel is there. */
  readonly activity: 'starting' | 'idle' | 'busy';
  /** Inputs that wait for their turn. */
  readonly queued: number;
  readonly progress: Progress | undefined;
  /** In the order in which they were declared. */
  readonly variables: readonly Variable[];
  /** The ciphertext whose ledger is shown. */
  readonly details: CiphertextDetails | undefined;
  readonly status: KernelStatus | undefined;
  /** Time of the last cell, in milliseconds. */
  readonly lastMilliseconds: number | undefined;
  readonly lesson: LessonState | undefined;
  readonly theme: ThemeName;
  /** Set by `.exit`: whoever shows the session ends. */
  readonly ended: boolean;
}

export const THEMES = ['dark', 'light', 'plain'] as const;
/** `plain`: no colours. */
export type ThemeName = (typeof THEMES)[number];
