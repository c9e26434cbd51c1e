import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AT_END, type LinesOf, type Position, scrolled, viewOf } from '../src/screen/scroll.ts';
import type { Entry } from '../src/session/state.ts';

/** An entry of so many lines: `a0`, `a1`, … */
function entry(name: string, lines: number): Entry {
  return { kind: 'stream', name: 'stdout', text: Array.from({ length: lines }, (_, i) => `${name}${i}`).join(' ') };
}

const linesOf: LinesOf = (shown) => {
  const text = shown.kind === 'stream' ? shown.text : shown.kind === 'prose' ? shown.markdown : '';
  return text === '' ? [] : text.split(' ');
};
const THREE = [entry('a', 3), entry('b', 2), entry('c', 4)];

function linesAt(position: Position, rows: number, entries: readonly Entry[] = THREE): string {
  const { lines, more } = viewOf(entries, position, rows, linesOf);
  return lines.join(' ') + (more ? ' …' : '');
}

test('the end is seen, or everything where it fits', () => {
  expect(linesAt(AT_END, 5)).toBe('b1 c0 c1 c2 c3');
  expect(linesAt(AT_END, 20)).toBe('a0 a1 a2 b0 b1 c0 c1 c2 c3');
  expect(linesAt(AT_END, 5, [])).toBe('');
});

test('scrolling up keeps what is seen when something is added', () => {
  const up = scrolled(THREE, AT_END, -2, 5, linesOf);
  expect(linesAt(up, 5)).toBe('a2 b0 b1 c0 c1 …');
  expect(linesAt(up, 5, [...THREE, entry('d', 9)])).toBe('a2 b0 b1 c0 c1 …');
});

test('scrolling down to the last line follows the end again', () => {
  const up = scrolled(THREE, AT_END, -2, 5, linesOf);
  expect(scrolled(THREE, up, 2, 5, linesOf)).toEqual({ at: 'end', seen: THREE[2] });
  expect(scrolled(THREE, up, 1, 5, linesOf)).toMatchObject({ at: 'line' });
});

test('far up is the beginning, far down the end', () => {
  const top = scrolled(THREE, AT_END, -Infinity, 5, linesOf);
  expect(linesAt(top, 5)).toBe('a0 a1 a2 b0 b1 …');
  expect(linesAt(scrolled(THREE, top, -100, 5, linesOf), 5)).toBe('a0 a1 a2 b0 b1 …');
  expect(scrolled(THREE, top, Infinity, 5, linesOf)).toEqual({ at: 'end', seen: THREE[2] });
});

test('an entry that grows is another one in the same place', () => {
  const up = scrolled(THREE, AT_END, -3, 5, linesOf);
  expect(linesAt(up, 5)).toBe('a1 a2 b0 b1 c0 …');
  expect(linesAt(up, 5, [entry('A', 5), ...THREE.slice(1)])).toBe('A1 A2 A3 A4 b0 …');
});

test('where a line is gone, as much as there is', () => {
  const up = scrolled(THREE, AT_END, -3, 5, linesOf);
  expect(linesAt(up, 5, [entry('x', 1)])).toBe('x0');
  expect(linesAt(up, 5, [])).toBe('');
});

test('a cleared view shows what is new, and scrolls back to the old', () => {
  const cleared: Position = { at: 'end', after: THREE[2] };
  expect(linesAt(cleared, 5)).toBe('');
  const longer = [...THREE, entry('d', 2)];
  expect(linesAt(cleared, 5, longer)).toBe('d0 d1');
  expect(linesAt(cleared, 5, [...longer, entry('e', 4)])).toBe('d1 e0 e1 e2 e3');
  expect(linesAt(scrolled(longer, cleared, -5, 5, linesOf), 5, longer)).toBe('b1 c0 c1 c2 c3 …');
});

test('prose longer than the view is shown from its beginning, below what came before it', () => {
  const prose: Entry = { kind: 'prose', markdown: 'p0 p1 p2 p3 p4 p5' };
  const entries = [...THREE, prose];
  expect(linesAt(AT_END, 5, entries)).toBe('c2 c3 p0 p1 p2 …');
  expect(linesAt({ at: 'end', seen: THREE[2] }, 5, entries)).toBe('p0 p1 p2 p3 p4 …');
  expect(linesAt(AT_END, 6, entries)).toBe('p0 p1 p2 p3 p4 p5');
  const read = scrolled(entries, AT_END, 9, 5, linesOf);
  expect(linesAt(read, 5, entries)).toBe('p1 p2 p3 p4 p5');
  expect(linesAt(read, 5, [...entries, { ...prose }])).toBe('p0 p1 p2 p3 p4 …');
  expect(linesAt(AT_END, 5, [...entries, entry('d', 1)])).toBe('p2 p3 p4 p5 d0');
});

test('only what is looked at becomes lines', () => {
  const entries = Array.from({ length: 10_000 }, (_, i) => entry(`e${i}-`, 2));
  const made = new Set<Entry>();
  const counting: LinesOf = (shown) => {
    made.add(shown);
    return linesOf(shown);
  };
  const view = viewOf(entries, AT_END, 20, counting);
  expect(view.lines).toHaveLength(20);
  scrolled(entries, AT_END, -19, 20, counting);
  expect(made.size).toBeLessThan(25);
});

test('views are cut out of all lines, however one scrolls', () => {
  const sizes = fc.array(fc.nat(4), { maxLength: 8 });
  const steps = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 8 });
  fc.assert(
    fc.property(sizes, steps, fc.integer({ min: 1, max: 7 }), (lengths, moves, rows) => {
      const entries = lengths.map((length, i) => entry(`${i}-`, length));
      const all = entries.flatMap(linesOf);
      const last = Math.max(0, all.length - rows);
      let top = last;
      let position = AT_END;
      for (const move of moves) {
        position = scrolled(entries, position, move, rows, linesOf);
        top = Math.max(0, Math.min(last, top + move));
        const view = viewOf(entries, position, rows, linesOf);
        expect(view.lines).toEqual(all.slice(top, top + rows));
        if (top < last) expect(view.more).toBe(true);
      }
    }),
    { seed: 4 },
  );
});
