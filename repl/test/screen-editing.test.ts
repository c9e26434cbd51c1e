import { expect, test } from 'vitest';
import { indentAfter, openBrackets } from '../src/screen/brackets.ts';
import { editPress } from '../src/screen/edit-keys.ts';
import { changed, type Editing, emptied, NOTHING_TYPED, typed } from '../src/screen/editing.ts';
import { insert } from '../src/screen/text-buffer.ts';

/** Types text and presses keys: `<ctrl-a>` is a key. */
function edit(script: string, from: Editing = NOTHING_TYPED): Editing {
  let editing = from;
  for (const [part, key] of script.matchAll(/<([a-z_-]+)>|[^<]/g)) {
    editing = key === undefined ? typed(editing, part) : editPress(editing, key)!;
  }
  return editing;
}

function result(script: string, from?: Editing): string {
  const { text, cursor } = edit(script, from).buffer;
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

test('keys move as in readline', () => {
  expect(result('one two<ctrl-a>')).toBe('|one two');
  expect(result('one two<home><ctrl-f><right>')).toBe('on|e two');
  expect(result('one two<left><ctrl-b>')).toBe('one t|wo');
  expect(result('one two<alt-b>')).toBe('one |two');
  expect(result('one two<ctrl-a><alt-f><ctrl-right>')).toBe('one two|');
  expect(result('one two<ctrl-a><ctrl-e>')).toBe('one two|');
});

test('keys erase', () => {
  expect(result('one<backspace>')).toBe('on|');
  expect(result('one<ctrl-a><delete><ctrl-d>')).toBe('|e');
});

test('cut text is yanked, and cuts in a row are one', () => {
  expect(result('one two three<ctrl-w><ctrl-w>')).toBe('one |');
  expect(result('one two three<ctrl-w><ctrl-w><ctrl-a><ctrl-y>')).toBe('two three|one ');
  expect(result('one two<ctrl-a><alt-d><alt-d><ctrl-y>!')).toBe('one two!|');
  expect(result('one two<ctrl-u>x<ctrl-y>')).toBe('xone two|');
  expect(result('one two<ctrl-a><ctrl-f><ctrl-k><ctrl-y><ctrl-y>')).toBe('one twone two|');
  expect(result('a.b(c)<alt-backspace>')).toBe('a.b(|');
});

test('a second yank key goes to older cuts, round and round', () => {
  expect(result('one<ctrl-u>two<ctrl-u><ctrl-y><alt-y>')).toBe('one|');
  expect(result('one<ctrl-u>two<ctrl-u><ctrl-y><alt-y><alt-y>')).toBe('two|');
  expect(result('one<ctrl-u>x<alt-y>')).toBe('x|');
});

test('at the end of a line its newline is cut', () => {
  const two = changed(NOTHING_TYPED, insert(NOTHING_TYPED.buffer, 'one\ntwo'));
  expect(result('<ctrl-a><ctrl-u>', two)).toBe('one|two');
  expect(result('<ctrl-a><left><ctrl-k>', two)).toBe('one|two');
});

test('characters change places', () => {
  expect(result('ab<ctrl-t>')).toBe('ba|');
  expect(result('abc<left><ctrl-t>')).toBe('acb|');
  expect(result('a<ctrl-t>')).toBe('a|');
});

test('undo takes back word by word, and each cut and erasure', () => {
  expect(result('one two<ctrl-_>')).toBe('one |');
  expect(result('one two<ctrl-z><ctrl-z>')).toBe('|');
  expect(result('one two<ctrl-w><ctrl-_>')).toBe('one two|');
  expect(result('one<backspace><ctrl-_>')).toBe('one|');
  expect(result('<ctrl-_>')).toBe('|');
});

test('cut text outlives the line', () => {
  expect(result('<ctrl-y>', emptied(edit('one<ctrl-u>')))).toBe('one|');
});

test('open brackets are known inside strings, templates and comments', () => {
  expect(openBrackets('f(a, [1, {b: 2')).toEqual([')', ']', '}']);
  expect(openBrackets('f("(") + \'[\' // {\n')).toEqual([]);
  expect(openBrackets('`a ${f(1)} (`')).toEqual([]);
  expect(openBrackets('`a ${f(')).toEqual(['`', '}', ')']);
  expect(openBrackets('/* ( */ 1 /* (')).toEqual(['*/']);
  expect(openBrackets('"it\'s \\" (')).toEqual([]);
});

test('new lines step in by what is open, but not in a template', () => {
  expect(indentAfter('f(() => {')).toBe('    ');
  expect(indentAfter('f(x)')).toBe('');
  expect(indentAfter('g(`text')).toBe('');
});
