import { expect, test } from 'vitest';
import type { CompleteReply } from '../src/kernel/protocol.ts';
import {
  choose,
  type CompletionList,
  narrowed,
  openList,
  refreshedList,
  shownBuffer,
} from '../src/screen/completion-list.ts';
import { bufferOf } from '../src/screen/text-buffer.ts';

function reply(start: number, end: number, ...texts: readonly string[]): CompleteReply {
  return { matches: texts.map((text) => ({ text, kind: 'method' })), start, end };
}

function opened(text: string, answer: CompleteReply, cursor = text.length): CompletionList {
  return openList(answer, { text, cursor }).list!;
}

test('a single match goes into the text', () => {
  expect(openList(reply(2, 4, 'rotate'), bufferOf('s.ro'))).toEqual({ buffer: bufferOf('s.rotate'), list: undefined });
});

test('what all matches share goes into the text, and the list opens', () => {
  const { buffer, list } = openList(reply(2, 4, 'rotate', 'rotateMany'), bufferOf('s.ro'));
  expect(buffer).toEqual(bufferOf('s.rotate'));
  expect(list).toMatchObject({ start: 2, end: 8, chosen: undefined });
});

test('where nothing is shared, or it is not what was typed, the text stays', () => {
  expect(openList(reply(2, 3, 'rotate', 'rescale'), bufferOf('s.r')).buffer).toEqual(bufferOf('s.r'));
  expect(openList(reply(0, 1, 'ABC', 'ABD'), bufferOf('a')).buffer).toEqual(bufferOf('a'));
});

test('in the middle of a word the whole word is replaced', () => {
  const { buffer } = openList(reply(2, 6, 'rotate'), { text: 's.roxx(c)', cursor: 4 });
  expect(buffer).toEqual({ text: 's.rotate(c)', cursor: 8 });
});

test('nothing that fits opens nothing', () => {
  expect(openList(reply(0, 3), bufferOf('xyz'))).toEqual({ buffer: bufferOf('xyz'), list: undefined });
});

test('walking goes through all matches and what was typed', () => {
  let list = opened('s.r', reply(2, 3, 'rotate', 'rescale'));
  const seen = Array.from({ length: 4 }, () => shownBuffer((list = choose(list, 1))).text);
  expect(seen).toEqual(['s.rotate', 's.rescale', 's.r', 's.rotate']);
  expect(shownBuffer(choose(opened('s.r', reply(2, 3, 'rotate', 'rescale')), -1)).text).toBe('s.rescale');
});

test('typing on narrows the list, until nothing fits or the word ends', () => {
  const list = opened('s.r', reply(2, 3, 'rotate', 'rescale', 'relinearize'));
  const less = narrowed(list, bufferOf('s.re'))!;
  expect(less.matches.map(({ text }) => text)).toEqual(['rescale', 'relinearize']);
  expect(shownBuffer(choose(less, 1)).text).toBe('s.rescale');
  expect(narrowed(list, bufferOf('s.rx'))).toBeUndefined();
  expect(narrowed(list, bufferOf('s.r('))).toBeUndefined();
  expect(narrowed(list, bufferOf('s'))).toBeUndefined();
});

test('typing on after a match was chosen goes on from it', () => {
  const list = choose(opened('s.r', reply(2, 3, 'rotate', 'rotateMany')), 1);
  expect(narrowed(list, bufferOf('s.rotateM'))!.matches).toHaveLength(1);
});

test('a new answer closes the list where the word is whole', () => {
  expect(refreshedList(reply(2, 8, 'rotate'), bufferOf('s.rotate'))).toBeUndefined();
  expect(refreshedList(reply(2, 8, 'rotate', 'rotateMany'), bufferOf('s.rotate'))!.matches).toHaveLength(2);
});
