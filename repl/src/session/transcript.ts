/**
 * The transcript: entries are added at the end; what a cell prints piece by piece becomes one entry.
 * @module
 */
import type { Output } from '../kernel/protocol.ts';
import type { Entry } from './state.ts';

/** A stream entry grows up to so many characters; then the next one begins. */
const LONGEST_STREAM = 20_000;
/** Older entries are forgotten: nobody scrolls that far, and memory is not endless. */
const MOST_ENTRIES = 20_000;

export function withEntry(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const last = entries.at(-1);
  if (entry.kind === 'stream' && last?.kind === 'stream' && last.name === entry.name) {
    if (last.text.length < LONGEST_STREAM) return [...entries.slice(0, -1), { ...last, text: last.text + entry.text }];
  }
  return [...(entries.length < MOST_ENTRIES ? entries : entries.slice(-MOST_ENTRIES + 1)), entry];
}

/** The entry of an output; undefined for what is not in the transcript. */
export function entryOf(output: Output, code: string): Entry | undefined {
  switch (output.type) {
    case 'stream':
      return { kind: 'stream', name: output.name, text: output.text };
    case 'display_data':
      return { kind: 'value', how: 'shown', data: output.data };
    case 'execute_result':
      return { kind: 'value', how: 'result', data: output.data };
    case 'error':
      return { kind: 'error', error: output.error, code };
    case 'rewritten':
      return { kind: 'rewritten', code: output.code };
    case 'progress':
      return undefined;
  }
}
