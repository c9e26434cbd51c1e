/**
 * The rectangle of one pair of axes, and its frame: grid, numbers, titles.
 * @module
 */
import { titleOf } from './figure-fields.ts';
import type { Axis } from './svg-axis.ts';
import { cut, escaped, px, textAt, widthOf } from './svg-elements.ts';
import type { Tick } from './svg-ticks.ts';

/** In pixels, from the picture's upper left. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Panel extends Rectangle {
  readonly x: Axis;
  readonly y: Axis;
}

const GRID = '#e3e8f0';
/** Characters of a label beside an axis. */
const LONGEST = 26;
/** Pixels from the panel to its numbers, and between turned labels. */
const [AWAY, APART] = [6, 15];

export function acrossOf({ left, width, x }: Panel, at: number): number {
  return left + (width * (at - x.min)) / (x.max - x.min);
}

export function downOf({ top, height, y }: Panel, at: number): number {
  return top + height * (1 - (at - y.min) / (y.max - y.min));
}

/** Labels that are too long to stand side by side are turned. */
function areTurned(ticks: readonly Tick[], width: number): boolean {
  return ticks.reduce((sum, { label }) => sum + widthOf(cut(label, LONGEST)) + 8, 0) > width && !areNumbers(ticks);
}

/** Numbers may be left out: who reads 0 and 4 knows where 2 is. */
function areNumbers(ticks: readonly Tick[]): boolean {
  return ticks.every(({ label }) => /^[−\d.e]+$/.test(label));
}

/** Pixels that the labels below the panel take. */
export function heightBelow(ticks: readonly Tick[], width: number): number {
  if (!areTurned(ticks, width)) return 18;
  return 10 + Math.max(...ticks.map(({ label }) => 0.71 * widthOf(cut(label, LONGEST)))); // at 45°
}

/** Pixels that the labels left of the panel take. */
export function widthBeside(ticks: readonly Tick[]): number {
  return Math.max(0, ...ticks.map(({ label }) => widthOf(cut(label, LONGEST)) + AWAY));
}

/** Drawn beneath the traces. */
export function gridOf(panel: Panel, xTicks: readonly Tick[], yTicks: readonly Tick[]): string {
  const { left, top, width, height } = panel;
  const line = (tick: Tick, d: string, zero: boolean): string =>
    `<path d="${d}" stroke="${zero && tick.at === 0 ? '#b4bfd1' : GRID}" fill="none"/>`;
  const upright = xTicks.map((t) => line(t, `M${px(acrossOf(panel, t.at))} ${px(top)}v${px(height)}`, isZero(panel.x)));
  const lying = yTicks.map((t) => line(t, `M${px(left)} ${px(downOf(panel, t.at))}h${px(width)}`, isZero(panel.y)));
  return [...upright, ...lying].join('');
}

function isZero({ kind }: Axis): boolean {
  return kind === 'linear';
}

/** Numbers and title below. */
export function belowOf(panel: Panel, ticks: readonly Tick[]): string {
  const { left, top, width, height } = panel;
  const y = top + height + AWAY;
  const turned = areTurned(ticks, width);
  const each = turned ? APART : Math.max(0, ...ticks.map(({ label }) => widthOf(cut(label, LONGEST)) + 10));
  const every = everyOf(ticks.length * each, width);
  const labels = ticks.map(({ at, label }, i) => {
    if (i % every !== 0) return '';
    const x = acrossOf(panel, at);
    if (turned) return textAt(x, y, cut(label, LONGEST), { anchor: 'end', turned: -45 });
    return textAt(x, y + 6, cut(label, LONGEST));
  });
  const title = titleOf(panel.x.layout['title']);
  const from = y + (ticks.length === 0 ? 0 : heightBelow(ticks, width));
  return labels.join('') + (title === '' ? '' : textAt(left + width / 2, from + 10, title, { size: 13 }));
}

/** Numbers and title to the left. */
export function besideOf(panel: Panel, ticks: readonly Tick[]): string {
  const { left, top, height } = panel;
  const every = everyOf(ticks.length * 14, height);
  // Names are read from the top, numbers from below.
  const place = (i: number): number => (panel.y.kind === 'names' ? ticks.length - 1 - i : i);
  const labels = ticks.map(({ at, label }, i) =>
    place(i) % every === 0 ? textAt(left - AWAY, downOf(panel, at), cut(label, LONGEST), { anchor: 'end' }) : '',
  );
  const title = titleOf(panel.y.layout['title']);
  if (title === '') return labels.join('');
  return labels.join('') + textAt(left - widthBeside(ticks) - 16, top + height / 2, title, { size: 13, turned: -90 });
}

/** 1, 2, 5, 10, …: so that every so-manieth label has room. */
function everyOf(needed: number, room: number): number {
  const least = needed / room;
  return [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => step >= least) ?? Math.ceil(least);
}

/** Nothing of the traces is drawn outside. */
export function clipOf({ left, top, width, height }: Rectangle, id: string): string {
  const place = `x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}"`;
  return `<clipPath id="${escaped(id)}"><rect ${place}/></clipPath>`;
}
