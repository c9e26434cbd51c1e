/**
 * Where long work stands, in one line.
 * @module
 */
import stringWidth from 'string-width';
import type { Progress } from '../kernel/protocol.ts';
import { cleanText } from './clean.ts';
import type { Style } from './style.ts';
import { truncate } from './wrap-lines.ts';

/** Columns of the bar; where there is less room, down to the least, and then none. */
const WIDEST_BAR = 24;
const LEAST_BAR = 8;

/**
 * `training  ━━━━━━━━────────────────  17/49, 34%, 2.5/s, 13 s left`: never wider than `style.columns`. What does not fit goes,
 * the rate first. Without a total there is nothing to fill: the time since it began stands there.
 */
export function progressLine({ title, done: counted, total, seconds }: Progress, style: Style): string {
  const name = cleanText(title, style).replaceAll('\n', ' ');
  if (!(total > 0)) return truncate(`${name}  ${duration(seconds)}`, style.columns, '');
  const done = Math.min(Math.max(counted, 0), total) || 0;
  const count = `${Math.floor(done)}/${total}, ${Math.floor((100 * done) / total)}%`;
  const started = done > 0 && seconds > 0;
  const left = started && done < total ? [`${duration((seconds * (total - done)) / done)} left`] : [];
  const speed = started ? [rate(done / seconds)] : [];
  const padded = name + ' '.repeat(Math.max(0, 9 - stringWidth(name)));
  for (const text of [[count, ...speed, ...left], [count, ...left], [count]].map((parts) => parts.join(', '))) {
    const room = style.columns - stringWidth(padded) - text.length - 2;
    if (room >= LEAST_BAR) return `${padded} ${bar(done / total, Math.min(room, WIDEST_BAR), style)} ${text}`;
  }
  return truncate(`${name} ${count}`, style.columns, '');
}

function bar(part: number, width: number, style: Style): string {
  const full = Math.round(width * part);
  const [heavy, light] = style.unicode ? ['━', '─'] : ['=', '-'];
  return style.paint('good', heavy.repeat(full)) + style.paint('dim', light.repeat(width - full));
}

/** `12.3/s`, or, for slow steps, `4.1 s each`. */
function rate(perSecond: number): string {
  if (perSecond >= 100) return `${Math.round(perSecond)}/s`;
  return perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(1 / perSecond).toFixed(1)} s each`;
}

/** `42 s`, `3:07`, `1:00:12`; rounded up, so that it ends at 1 and not at 0. */
function duration(seconds: number): string {
  const all = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  if (h > 0) return `${h}:${two(m)}:${two(s)}`;
  return m > 0 ? `${m}:${two(s)}` : `${s} s`;
}
