/**
 * Going up and down in the history, among the inputs that begin as the line begun does.
 * @module
 */
import type { TextBuffer } from './text-buffer.ts';

export interface HistoryWalk {
  /** What stood before the cursor when the walk began. */
  readonly prefix: string;
  /** Where in the history. */
  readonly at: number;
  /** What is shown: any other text begins a new walk. */
  readonly text: string;
  /** What was there before the walk. */
  readonly draft: TextBuffer;
}

/** To an older input; undefined where there is none. */
export function older(
  history: readonly string[],
  walk: HistoryWalk | undefined,
  buffer: TextBuffer,
): HistoryWalk | undefined {
  const from: HistoryWalk =
    walk?.text === buffer.text
      ? walk
      : { prefix: buffer.text.slice(0, buffer.cursor), at: history.length, text: buffer.text, draft: buffer };
  for (let at = from.at - 1; at >= 0; at--) {
    const text = history[at] ?? '';
    if (text !== from.text && text.startsWith(from.prefix)) return { ...from, at, text };
  }
  return undefined;
}

/** To a newer input; `ended` gives the draft back; undefined where no walk goes on. */
export function newer(
  history: readonly string[],
  walk: HistoryWalk | undefined,
  buffer: TextBuffer,
): HistoryWalk | { readonly ended: TextBuffer } | undefined {
  if (walk?.text !== buffer.text) return undefined;
  for (let at = walk.at + 1; at < history.length; at++) {
    const text = history[at] ?? '';
    if (text !== walk.text && text.startsWith(walk.prefix)) return { ...walk, at, text };
  }
  return { ended: walk.draft };
}
