/**
 * SVG as text: numbers, escaped strings, and the few elements that pictures are made of.
 * @module
 */

/** A tenth of a pixel is enough. */
export function px(x: number): string {
  return String(Math.round(10 * x) / 10);
}

/** For text and for attributes. What XML cannot hold, such as control characters, is left out. */
export function escaped(text: string): string {
  return (
    wellFormed(text)
      // eslint-disable-next-line no-control-regex -- these are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

/** Halves of characters, which no file can hold, become marks. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}

export interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Pixels; 12 unless told. */
  readonly size?: number;
  readonly colour?: string;
  /** Degrees, clockwise, about its place. */
  readonly turned?: number;
}

/** `y` is where its middle stands. */
export function textAt(x: number, y: number, text: string, options: TextOptions = {}): string {
  const { anchor = 'middle', size = SIZE, colour, turned } = options;
  const turn = turned === undefined ? '' : ` transform="rotate(${turned} ${px(x)} ${px(y)})"`;
  const fill = colour === undefined ? '' : ` fill="${escaped(colour)}"`;
  const place = `x="${px(x)}" y="${px(y)}" dy=".35em" text-anchor="${anchor}"`;
  return `<text ${place} font-size="${size}"${fill}${turn}>${escaped(text)}</text>`;
}

const SIZE = 12;

/** About how wide a text is, in pixels: nobody measures fonts here. */
export function widthOf(text: string, size: number = SIZE): number {
  return 0.56 * size * text.length;
}

/** At most so many characters. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** A whole picture on white, as `<img>` takes it. */
export function svgOf(width: number, height: number, title: string, parts: readonly string[]): string {
  const size = `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Open Sans,Verdana,Arial,sans-serif" fill="#2a3f5f">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

/** For `src` and `href`. */
export function dataUri(type: string, content: string | Uint8Array): string {
  return `data:${type};base64,${Buffer.from(content as string).toString('base64')}`;
}
