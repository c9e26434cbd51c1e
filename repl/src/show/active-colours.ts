/**
 * Which colours are on at a place of a text: so that every line can open and close its own.
 * @module
 */

/** What an escape code's parameter sets, so that a later one of the same kind takes its place. */
const KINDS: readonly (readonly [from: number, to: number, kind: string])[] = [
  [1, 2, 'weight'],
  [3, 3, 'slant'],
  [4, 4, 'underline'],
  [5, 6, 'blink'],
  [7, 7, 'inverse'],
  [8, 8, 'conceal'],
  [9, 9, 'strike'],
  [21, 22, 'weight'],
  [23, 23, 'slant'],
  [24, 24, 'underline'],
  [25, 25, 'blink'],
  [27, 27, 'inverse'],
  [28, 28, 'conceal'],
  [29, 29, 'strike'],
  [30, 39, 'foreground'],
  [40, 49, 'background'],
  [53, 53, 'overline'],
  [55, 55, 'overline'],
  [58, 59, 'underline colour'],
  [90, 97, 'foreground'],
  [100, 107, 'background'],
];

/** These turn their kind off. */
const OFF = new Set([22, 23, 24, 25, 27, 28, 29, 39, 49, 55, 59]);

/** The colours at the end of the text that was read, by kind. */
export class ActiveColours {
  readonly #on = new Map<string, string>();

  /** The escape codes that bring them back; empty where none is on. */
  get opening(): string {
    return this.#on.size === 0 ? '' : `\x1b[${[...this.#on.values()].join(';')}m`;
  }

  /** Goes on over a text. */
  read(text: string): void {
    // eslint-disable-next-line no-control-regex -- colours
    for (const [, parameters] of text.matchAll(/\x1b\[([0-9;:]*)m/g)) this.#apply(parameters!.split(';'));
  }

  #apply(parameters: readonly string[]): void {
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i]!;
      const code = Number.parseInt(parameter, 10) || 0;
      // 38, 48 and 58 take what follows: 5;n or 2;r;g;b.
      const extended = (code === 38 || code === 48 || code === 58) && !parameter.includes(':');
      const taken = extended ? (parameters[i + 1] === '5' ? 2 : parameters[i + 1] === '2' ? 4 : 0) : 0;
      const kind = KINDS.find(([from, to]) => code >= from && code <= to)?.[2];
      if (code === 0) this.#on.clear();
      else if (kind !== undefined && OFF.has(code)) this.#on.delete(kind);
      else if (kind !== undefined) this.#on.set(kind, parameters.slice(i, i + taken + 1).join(';'));
      i += taken;
    }
  }
}
