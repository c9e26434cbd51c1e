import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  after,
  before,
  bufferOf,
  erase,
  insert,
  lineDown,
  lineEnd,
  lineStart,
  lineUp,
  moveTo,
  spacedWordBefore,
  type TextBuffer,
  wordAfter,
  wordBefore,
} from '../src/screen/text-buffer.ts';

/** `a|b`: the cursor is at the bar. */
function at(marked: string): TextBuffer {
  const cursor = marked.indexOf('|');
  return { text: marked.replace('|', ''), cursor };
}

function marked({ text, cursor }: TextBuffer): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

test('text goes in before the cursor, and out', () => {
  expect(marked(insert(at('1 |2'), '+ '))).toBe('1 + |2');
  expect(marked(erase(at('1 + |2'), 2, 4))).toBe('1 |2');
});

test('a character is what a reader takes for one', () => {
  // Family of four with joiners, e with an accent of its own, flag, Chinese.
  for (const character of ['👨‍👩‍👧‍👦', 'e\u0301', '🇪🇺', '环', 'x']) {
    const text = `a${character}b`;
    expect(before({ text, cursor: 1 + character.length })).toBe(1);
    expect(after({ text, cursor: 1 })).toBe(1 + character.length);
  }
});

test('at the ends nothing moves', () => {
  expect([before(at('|ab')), after(at('ab|')), before(at('|')), after(at('|'))]).toEqual([0, 2, 0, 0]);
});

test('words are letters and digits; or all that is not space', () => {
  expect(wordBefore(at('server.rotate(c, |1)'))).toBe('server.rotate('.length);
  expect(wordBefore(at('server.rot|ate'))).toBe('server.'.length);
  expect(wordAfter(at('server|.rotate(c)'))).toBe('server.rotate'.length);
  expect(wordAfter(at('x = |größe₁ + 1'))).toBe('x = größe₁'.length);
  expect(spacedWordBefore(at('const c = a.b  |'))).toBe('const c = '.length);
});

test('lines begin and end at newlines', () => {
  const buffer = at('first\nsec|ond\nthird');
  expect([lineStart(buffer), lineEnd(buffer)]).toEqual([6, 12]);
  expect([lineStart(at('|')), lineEnd(at('|'))]).toEqual([0, 0]);
});

test('up and down keep the column, also through shorter lines', () => {
  const down = lineDown(at('abcd|ef\nx\nghijkl'))!;
  expect(marked(down)).toBe('abcdef\nx|\nghijkl');
  expect(marked(lineDown(down)!)).toBe('abcdef\nx\nghij|kl');
  expect(lineUp(at('ab|c\nd'))).toBeUndefined();
  expect(lineDown(at('abc\nd|'))).toBeUndefined();
});

test('the column is what is seen: wide characters take two', () => {
  expect(marked(lineDown(at('环环|\nabcdef'))!)).toBe('环环\nabcd|ef');
  expect(marked(lineUp(at('环环\nabc|def'))!)).toBe('环|环\nabcdef');
});

const texts = fc.string({ unit: 'grapheme', maxLength: 40 });

test('going right through a text and back left stops at the same places', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const right: number[] = [0];
      while (right.at(-1)! < text.length) right.push(after({ text, cursor: right.at(-1)! }));
      const left: number[] = [text.length];
      while (left.at(-1)! > 0) left.push(before({ text, cursor: left.at(-1)! }));
      expect(left.toReversed()).toEqual(right);
    }),
    { seed: 1 },
  );
});

test('what is inserted and erased again leaves the text as it was', () => {
  fc.assert(
    fc.property(texts, texts, fc.nat(40), (text, inserted, place) => {
      const buffer = moveTo(bufferOf(text), Math.min(place, text.length));
      const longer = insert(buffer, inserted);
      expect(longer.text.length).toBe(text.length + inserted.length);
      expect(erase(longer, buffer.cursor, longer.cursor)).toEqual(buffer);
    }),
    { seed: 2 },
  );
});

test('words, lines and columns stay within the text', () => {
  const moves = [before, after, wordBefore, wordAfter, spacedWordBefore, lineStart, lineEnd];
  const lines = fc.array(texts, { maxLength: 4 }).map((all) => all.join('\n'));
  fc.assert(
    fc.property(lines, fc.nat(100), (text, place) => {
      const buffer = { text, cursor: Math.min(place, text.length) };
      const places = [...moves.map((move) => move(buffer)), lineUp(buffer)?.cursor ?? 0, lineDown(buffer)?.cursor ?? 0];
      for (const cursor of places) {
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(text.length);
      }
    }),
    { seed: 3 },
  );
});
