/**
 * Which numbers are written beside an axis: round ones.
 * @module
 */

export interface Tick {
  /** In the axis' own unit, as `place` gives it. */
  readonly at: number;
  readonly label: string;
}

/** Round numbers from `min` to `max`, about `count` of them, written with as many digits as their distance needs. */
export function niceTicks(min: number, max: number, count: number): readonly Tick[] {
  return stepTicks(min, max, niceStep((max - min) / Math.max(1, count)));
}

/** Multiples of `step` from `min` to `max`. */
export function stepTicks(min: number, max: number, step: number): readonly Tick[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const write = writer(step, Math.max(Math.abs(min), Math.abs(max)));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const at = (first + i) * step;
    return { at, label: write(first + i === 0 ? 0 : at) };
  });
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

function writer(step: number, largest: number): (value: number) => string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (decimals <= 4 && largest < 1e6) return (value) => value.toFixed(decimals);
  const digits = Math.max(0, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9));
  return (value) => (value === 0 ? '0' : value.toExponential(Math.min(digits, 6)).replace('e+', 'e'));
}

/** Powers of ten; where there is hardly one, also 2 and 5 times them. */
export function logTicks(min: number, max: number, count: number, unicode: boolean): readonly Tick[] {
  const decades = max - min;
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const factors = decades < 2 ? [1, 2, 5] : [1];
  const plain = Math.max(Math.abs(min), Math.abs(max)) <= 3;
  const ticks: Tick[] = [];
  for (let power = Math.floor(min / every) * every; power <= max; power += every) {
    for (const factor of factors)
      ticks.push({ at: power + Math.log10(factor), label: powerLabel(factor, power, plain, unicode) });
  }
  return ticks;
}

/** `1`, `20`, `0.005`; where the axis goes further out, `10⁻⁷`, `5e-7`. */
function powerLabel(factor: number, power: number, plain: boolean, unicode: boolean): string {
  if (plain) return String(Number(`${factor}e${power}`));
  if (factor !== 1 || !unicode) return `${factor}e${power}`;
  return `10${String(power)
    .replace('-', '⁻')
    .replace(/\d/g, (d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]!)}`;
}
