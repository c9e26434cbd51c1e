import { expect, test } from 'vitest';
import { foundBy, type HistorySearch, SEARCH_BEGUN, searchOn, withQuery } from '../src/screen/history-search.ts';
import { type HistoryWalk, newer, older } from '../src/screen/history-walk.ts';
import { bufferOf } from '../src/screen/text-buffer.ts';

const HISTORY = ['const a = 1', 'a + 1', 'const b = 2', 'a + b', 'a + b', 'Math.sqrt(b)'];

/** The texts when going up again and again from `begun`. */
function upFrom(begun: string, cursor = begun.length): readonly string[] {
  const seen: string[] = [];
  let walk: HistoryWalk | undefined;
  for (let buffer = { text: begun, cursor }; ; buffer = bufferOf(walk.text)) {
    const next = older(HISTORY, walk, buffer);
    if (next === undefined) return seen;
    walk = next;
    seen.push(walk.text);
  }
}

test('up goes to older inputs, each once', () => {
  expect(upFrom('')).toEqual(['Math.sqrt(b)', 'a + b', 'const b = 2', 'a + 1', 'const a = 1']);
});

test('up finds what begins as the text before the cursor does', () => {
  expect(upFrom('const')).toEqual(['const b = 2', 'const a = 1']);
  expect(upFrom('a is here', 1)).toEqual(['a + b', 'a + 1']);
  expect(upFrom('none')).toEqual([]);
});

test('down goes back, and at last to what was typed', () => {
  const draft = bufferOf('a');
  const first = older(HISTORY, undefined, draft)!;
  const second = older(HISTORY, first, bufferOf(first.text))!;
  expect(second.text).toBe('a + 1');
  expect(newer(HISTORY, second, bufferOf(second.text))).toMatchObject({ text: 'a + b' });
  const last = newer(HISTORY, second, bufferOf(second.text)) as HistoryWalk;
  expect(newer(HISTORY, { ...last, at: 4 }, bufferOf(last.text))).toEqual({ ended: draft });
});

test('another text begins another walk', () => {
  const walk = older(HISTORY, undefined, bufferOf('const'))!;
  expect(newer(HISTORY, walk, bufferOf('const b = 3'))).toBeUndefined();
  expect(older(HISTORY, walk, bufferOf('M'))!.text).toBe('Math.sqrt(b)');
});

/** Searches for what is typed letter by letter, then presses Ctrl-R so often. */
function search(query: string, again = 0): HistorySearch {
  let found = SEARCH_BEGUN;
  for (let i = 1; i <= query.length; i++) found = withQuery(HISTORY, found, query.slice(0, i));
  for (let i = 0; i < again; i++) found = searchOn(HISTORY, found, -1);
  return found;
}

test('a search finds the newest, then older ones, without repeats', () => {
  expect(foundBy(HISTORY, search('a +'))).toBe('a + b');
  expect(foundBy(HISTORY, search('a +', 1))).toBe('a + 1');
  expect(foundBy(HISTORY, searchOn(HISTORY, search('a +', 1), 1))).toBe('a + b');
});

test('past the oldest the search says so, and stays', () => {
  expect(search('a +', 2)).toMatchObject({ failed: true, at: 1 });
  expect(search('zzz')).toMatchObject({ failed: true });
});

test('case counts only where the query has upper case', () => {
  expect(foundBy(HISTORY, search('math'))).toBe('Math.sqrt(b)');
  expect(search('CONST')).toMatchObject({ failed: true });
});

test('a shorter query searches anew', () => {
  const narrowed = search('a + 1');
  expect(foundBy(HISTORY, narrowed)).toBe('a + 1');
  expect(foundBy(HISTORY, withQuery(HISTORY, narrowed, 'a'))).toBe('Math.sqrt(b)');
  expect(withQuery(HISTORY, narrowed, '')).toEqual(SEARCH_BEGUN);
});
