/** Values in their best form. */
import { inspect, stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bundleLines } from '../src/show/bundle.ts';
import { makeStyle } from '../src/show/theme.ts';

const plain = makeStyle({ columns: 30, theme: 'plain', colours: 'none', unicode: true });
const light = makeStyle({ columns: 30, theme: 'light', colours: '16', unicode: true });

describe('bundleLines', () => {
  const text = { 'text/plain': 'as text' };
  const figure = { data: [{ type: 'bar', orientation: 'h', x: [1], y: ['a'] }] };
  const images = { width: 2, height: 2, channels: 1, pixels: [[1, 1, 1, 1]] } as const;

  it('a figure as a chart, images below their text, Markdown, else text', () => {
    expect(bundleLines({ ...text, 'application/vnd.plotly.v1+json': figure }, plain)).toEqual([
      `a │${'█'.repeat(25)} 1`,
    ]);
    expect(bundleLines({ ...text, 'application/vnd.toyfhe.images+json': images }, plain)).toEqual(['as text', '██']);
    expect(bundleLines({ ...text, 'text/markdown': '- a' }, plain)).toEqual(['• a']);
    expect(bundleLines(text, plain)).toEqual(['as text']);
  });

  it("the colours of Node's print become the theme's", () => {
    const printed = inspect({ n: 1, s: 'x', u: undefined }, { colors: true });
    expect(bundleLines({ 'text/plain': printed }, light)).toEqual([
      "{ n: \x1b[34m1\x1b[0m, s: \x1b[31m'x'\x1b[0m, u: \x1b[2mundefined\x1b[0m }",
    ]);
    expect(bundleLines({ 'text/plain': printed }, plain)).toEqual([stripVTControlCharacters(printed)]);
  });

  it('breaks long lines, and does nothing to the terminal', () => {
    expect(bundleLines({ 'text/plain': 'x'.repeat(35) }, plain)).toEqual(['x'.repeat(30), 'xxxxx']);
    expect(bundleLines({ 'text/plain': 'a\x1b[2J\x07b' }, plain)).toEqual(['a␇b']);
  });
});
