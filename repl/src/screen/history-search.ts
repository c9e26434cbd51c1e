/**
 * Ctrl-R: the newest input that holds what is typed, then older ones.
 * @module
 */

export interface HistorySearch {
  readonly query: string;
  /** Where in the history; undefined before anything is typed. */
  readonly at: number | undefined;
  /** Nothing older (or nothing at all) holds the query: what was found last is still shown. */
  readonly failed: boolean;
}

export const SEARCH_BEGUN: HistorySearch = { query: '', at: undefined, failed: false };

/** After another query: from the place found, or from the newest where the query became shorter. */
export function withQuery(history: readonly string[], search: HistorySearch, query: string): HistorySearch {
  if (query === '') return SEARCH_BEGUN;
  const from = query.startsWith(search.query) ? (search.at ?? history.length - 1) : history.length - 1;
  const at = find(history, query, from, -1);
  return { query, at: at ?? search.at, failed: at === undefined };
}

/** Another input that holds the query: -1 older, 1 newer. */
export function searchOn(history: readonly string[], search: HistorySearch, step: -1 | 1): HistorySearch {
  if (search.query === '' || search.at === undefined) return search;
  const shown = history[search.at];
  let at = find(history, search.query, search.at + step, step);
  while (at !== undefined && history[at] === shown) at = find(history, search.query, at + step, step);
  return { ...search, at: at ?? search.at, failed: at === undefined };
}

/** What was found. */
export function foundBy(history: readonly string[], { at }: HistorySearch): string | undefined {
  return at === undefined ? undefined : history[at];
}

/** Upper and lower case differ where the query has upper case. */
function find(history: readonly string[], query: string, from: number, step: -1 | 1): number | undefined {
  const exact = query !== query.toLowerCase();
  for (let at = from; at >= 0 && at < history.length; at += step) {
    const text = history[at] ?? '';
    if ((exact ? text : text.toLowerCase()).includes(query)) return at;
  }
  return undefined;
}
