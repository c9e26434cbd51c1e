/** Where long work stands. */
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../src/kernel/protocol.ts';
import { progressLine } from '../src/show/progress-line.ts';
import { makeStyle } from '../src/show/theme.ts';

const plain = makeStyle({ columns: 80, theme: 'plain', colours: 'none', unicode: true });
const show = (progress: Partial<Progress>, style = plain): string =>
  progressLine({ title: 'encrypt', done: 0, total: 48, seconds: 0, ...progress }, style);

describe('progressLine', () => {
  it('shows how much is done, how fast it goes, and how long it still takes', () => {
    expect(show({})).toBe('encrypt   ──────────────────────── 0/48, 0%');
    expect(show({ done: 24, seconds: 3 })).toBe('encrypt   ━━━━━━━━━━━━──────────── 24/48, 50%, 8.0/s, 3 s left');
    expect(show({ done: 48, seconds: 3 })).toBe('encrypt   ━━━━━━━━━━━━━━━━━━━━━━━━ 48/48, 100%, 16.0/s');
    expect(show({ done: 5000, total: 10_000, seconds: 10 })).toContain('5000/10000, 50%, 500/s, 10 s left');
  });

  it('of slow steps, how long each takes; of long times, minutes and hours', () => {
    expect(show({ done: 1, total: 50, seconds: 4.1 })).toContain('1/50, 2%, 4.1 s each, 3:21 left');
    expect(show({ done: 1, total: 1001, seconds: 3.61 })).toContain('3.6 s each, 1:00:10 left');
  });

  it('in ASCII and in colours', () => {
    expect(show({ done: 24, seconds: 3 }, { ...plain, unicode: false })).toContain('============------------');
    const dark = makeStyle({ columns: 80, theme: 'dark', colours: '16', unicode: true });
    expect(show({ done: 12, seconds: 3 }, dark)).toContain('\x1b[32m━━━━━━\x1b[0m\x1b[2m──────────────────\x1b[0m');
  });

  it('never wider than the terminal: the bar shrinks, then the rate goes, then the rest', () => {
    const progress = { title: 'training', done: 24, seconds: 3 };
    const at = (columns: number): string => show(progress, { ...plain, columns });
    expect(at(55)).toBe('training  ━━━━━━━━━──────── 24/48, 50%, 8.0/s, 3 s left');
    expect(at(40)).toBe('training  ━━━━━──── 24/48, 50%, 3 s left');
    expect(at(30)).toBe('training  ━━━━━──── 24/48, 50%');
    expect(at(22)).toBe('training 24/48, 50%');
    for (let columns = 2; columns < 90; columns++) {
      expect(stringWidth(at(columns))).toBeLessThanOrEqual(columns);
      expect(
        stringWidth(show({ ...progress, title: '漢字 in a long title'.repeat(4) }, { ...plain, columns })),
      ).toBeLessThanOrEqual(columns);
    }
  });

  it('without a total, how long it has taken', () => {
    expect(show({ total: 0, seconds: 12.3 })).toBe('encrypt  13 s');
  });

  it('bears numbers that make no sense', () => {
    expect(show({ done: 50 })).toContain('48/48, 100%');
    expect(show({ done: -1 })).toContain('0/48, 0%');
    expect(show({ done: Number.NaN })).toContain('0/48, 0%');
    expect(show({ title: 'a\x1b[2Jb\nc' })).toContain('a␛[2Jb c');
  });
});
