/**
 * Which numbers are written along an axis: round ones.
 * @module
 */
import { superscript } from '../backend/print.ts';

export interface Tick {
  /** In the axis' own unit: log₁₀ of the value on logarithmic axes. */
  readonly at: number;
  readonly label: string;
}

/** Multiples of `step` from `min` to `max`, with as many digits as they need. */
export function linearTicks(min: number, max: number, step: number): Tick[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const plain = decimals <= 4 && Math.max(Math.abs(min), Math.abs(max)) < 1e6;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const at = (first + i) * step;
    return { at, label: (plain ? at.toFixed(decimals) : String(Number(at.toPrecision(4)))).replace('-', '−') };
  });
}

/** 1, 2 or 5 times a power of ten, so that there are about `count` ticks. */
export function niceStep(min: number, max: number, count: number): number {
  const least = (max - min) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** Powers of ten; where there is hardly one, also 2 and 5 times them. */
export function logTicks(min: number, max: number, count: number): Tick[] {
  const every = Math.max(1, Math.ceil((max - min) / Math.max(1, count)));
  const factors = max - min < 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let power = Math.floor(min / every) * every; power <= max; power += every) {
    for (const factor of factors) ticks.push({ at: power + Math.log10(factor), label: powerLabel(factor, power) });
  }
  return ticks.filter(({ at }) => at >= min - 1e-9 && at <= max + 1e-9);
}

/** `20`, `0.005`, `10⁻⁷`. */
function powerLabel(factor: number, power: number): string {
  if (Math.abs(power) <= 3) return String(Number(`${factor}e${power}`));
  return factor === 1 ? `10${superscript(power)}` : `${factor}·10${superscript(power)}`;
}
