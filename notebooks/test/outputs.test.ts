/** When outputs are right, and what becomes of those that are not. */
import { describe, expect, it } from 'vitest';
import { linesOf, notebookText, type RawNotebook, savedOutput } from '../src/course/notebook-file.ts';
import { outputProblem } from '../src/course/output-problem.ts';

type Json = Readonly<Record<string, unknown>>;

const prints = (text: string): Json[] => [{ output_type: 'stream', name: 'stdout', text: linesOf(text) }];
const shows = (data: Json): Json[] => [{ output_type: 'display_data', metadata: {}, data }];
const plot = (json: string, { src = 'a', alt = 'b', page = '' } = {}): Json[] =>
  shows({
    'text/plain': '[figure: a plot]',
    'text/html': `<div>${page}<img alt="${alt}" src="${src}"><script type="application/json">${json}</script></div>`,
  });

describe('text', () => {
  it('must have the same words, and numbers within the tolerance', () => {
    expect(outputProblem(prints('x = 1.5\n'), prints('x = 1.5'), 0)).toBeUndefined();
    expect(outputProblem(prints('x = 1.5'), prints('x = 1.6'), 0.2)).toBeUndefined();
    expect(outputProblem(prints('x = 1.5'), prints('x = 1.6'), 0.01)).toMatch(/prints 1\.5 where 1\.6 is saved/);
    expect(outputProblem(prints('y = 1.5'), prints('x = 1.5'), 1)).toMatch(/it prints "y = 1\.5"/);
    expect(outputProblem(prints('y'), prints('x'), 'any')).toBeUndefined();
    expect(outputProblem(prints('x'), [], 0)).toMatch(/saved is ""/);
    expect(outputProblem(prints('x'), [], 'any')).toBe('it prints, and nothing is saved');
  });

  it('colours do not count', () => {
    expect(outputProblem(prints('\u001B[33m1\u001B[39m'), prints('1'), 0)).toBeUndefined();
  });
});

describe('comparisons', () => {
  const compared = (name: string, bits: string): Json[] =>
    prints(`${name.padEnd(8)} ${bits} bits right, max difference 1.0e-9 (values up to 9.00)`);
  const exact = prints('conv     exact (values up to 9.00)');

  it('may have a little fewer bits right than are saved, or more', () => {
    for (const bits of ['29.7', '24.1', '40.0'])
      expect(outputProblem(compared('conv', bits), compared('conv', '29.7'), 'any'), bits).toBeUndefined();
  });

  it('with many fewer are wrong, whatever the tolerance', () => {
    for (const bits of ['23.6', '0.1', '-3.0', '-Infinity'])
      expect(outputProblem(compared('conv', bits), compared('conv', '29.7'), 'any'), bits).toMatch(
        /^conv: .* bits right, saved are 29\.7$/,
      );
    expect(outputProblem(compared('conv', '50.0'), exact, 'any')).toMatch(/saved are Infinity/);
    expect(outputProblem(exact, compared('conv', '50.0'), 'any')).toBeUndefined();
  });

  it('must be there', () => {
    expect(outputProblem(prints(''), compared('conv', '29.7'), 'any')).toMatch(/comparison conv is missing/);
    expect(outputProblem(compared('dense', '29.7'), compared('conv', '29.7'), 'any')).toMatch(
      /comparison conv is missing/,
    );
  });
});

describe('displays', () => {
  it('must be as many and of the same kinds', () => {
    expect(outputProblem(plot('[1]'), [], 'any')).toBe('it displays text/html+text/plain, saved is nothing');
    expect(outputProblem(shows({ 'text/plain': 'a' }), plot('[1]'), 'any')).toMatch(
      /it displays text\/plain, saved is/,
    );
  });

  it('without a tolerance must be the same', () => {
    expect(outputProblem(plot('[1]'), plot('[1]'), 0)).toBeUndefined();
    expect(outputProblem(plot('[1]', { src: 'c' }), plot('[1]'), 0)).toMatch(/as text\/html is not what is saved/);
    const [png, other] = ['iVBOR', 'iVBOS'].map((text) => shows({ 'image/png': text }));
    expect(outputProblem(png!, png!, 0)).toBeUndefined();
    expect(outputProblem(png!, other!, 0)).toMatch(/image\/png/);
    expect(
      outputProblem(shows({ 'application/json': { a: 1 } }), shows({ 'application/json': { a: 1 } }), 0),
    ).toBeUndefined();
  });

  it('with one, the data of a plot may differ by it, and so may its picture', () => {
    const saved = plot('{"y":[1,2]}');
    expect(outputProblem(plot('{"y":[1.1,2]}', { src: 'c', alt: 'd' }), saved, 0.2)).toBeUndefined();
    expect(outputProblem(plot('{"y":[1.5,2]}'), saved, 0.2)).toMatch(
      /^in the data of its plot, it prints 1\.5 where 1/,
    );
    expect(outputProblem(plot('{"y":[7]}'), saved, 'any')).toBeUndefined();
    expect(outputProblem(plot('{"y":[1,2]}', { page: '<hr>' }), saved, 'any')).toMatch(/^the page around/);
  });
});

describe('a notebook file', () => {
  it('is written as Jupyter writes it', () => {
    const notebook: RawNotebook = {
      nbformat: 4,
      metadata: { b: 1e-7, a: [2.5e-10, 1e-12], text: 'x: 1e-7' },
      cells: [{ source: ['"e": 1e-7'], cell_type: 'code', metadata: {}, outputs: [] }],
    };
    expect(notebookText(notebook)).toBe(`{
 "cells": [
  {
   "cell_type": "code",
   "metadata": {},
   "outputs": [],
   "source": [
    "\\"e\\": 1e-7"
   ]
  }
 ],
 "metadata": {
  "a": [
   2.5e-10,
   1e-12
  ],
  "b": 1e-07,
  "text": "x: 1e-7"
 },
 "nbformat": 4
}
`);
  });

  it('keeps text as a list of lines, and pictures and JSON as they are', () => {
    expect(linesOf('a\n\nb')).toEqual(['a\n', '\n', 'b']);
    expect(linesOf('')).toEqual([]);
    const data = {
      'text/html': 'a\nb',
      'image/png': 'iV\nBO',
      'application/json': { a: [1] },
      'image/svg+xml': '<svg>\n',
    };
    expect(savedOutput({ output_type: 'display_data', data, metadata: {} })).toEqual({
      output_type: 'display_data',
      data: { ...data, 'text/html': ['a\n', 'b'], 'image/svg+xml': ['<svg>\n'] },
      metadata: {},
    });
    expect(savedOutput({ output_type: 'stream', name: 'stdout', text: 'a\nb' })).toEqual({
      output_type: 'stream',
      name: 'stdout',
      text: ['a\n', 'b'],
    });
  });
});
