/** Errors: what went wrong, what to do about it, and where. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { KernelError, TypeProblem } from '../src/kernel/protocol.ts';
import { errorLines } from '../src/show/error.ts';
import { makeStyle } from '../src/show/theme.ts';

const plain = makeStyle({ columns: 60, theme: 'plain', colours: 'none', unicode: true });
const ascii = { ...plain, unicode: false };

const failed = (parts: Partial<KernelError>): KernelError => ({
  name: 'Error',
  message: '',
  problems: [],
  stack: [],
  ...parts,
});
const refused = (...problems: TypeProblem[]): KernelError =>
  failed({ name: 'Type error', message: problems[0]!.message, problems });

describe('what the compiler refused', () => {
  const message = "Operator '+' cannot be applied to types 'Ciphertext' and 'string'.";

  it('the line of code, the place underlined, the message, and our hint', () => {
    const problem = { line: 0, column: 10, length: 7, message: `${message}\nuse a number`, code: 2365 };
    expect(errorLines(refused(problem), "const d = c + 'x'", plain)).toEqual([
      "  const d = c + 'x'",
      '            ^~~~~~~',
      "error TS2365: Operator '+' cannot be applied to types",
      "'Ciphertext' and 'string'.",
      '→ use a number',
    ]);
    expect(errorLines(refused(problem), "const d = c + 'x'", ascii).at(-1)).toBe('-> use a number');
  });

  it('of several lines, the number of the one', () => {
    const code = 'const a = 1;\nconst b: string =\n  a;';
    const problem = {
      line: 1,
      column: 6,
      length: 1,
      message: "Type 'number' is not assignable.\n  Because of this.",
      code: 2322,
    };
    expect(errorLines(refused(problem), code, plain)).toEqual([
      '2 │ const b: string =',
      '          ^',
      "error TS2322: Type 'number' is not assignable.",
      '  Because of this.',
    ]);
  });

  it('with what comes before the place as it is seen', () => {
    const problem = { line: 0, column: 7, length: 1, message: 'm', code: 1 };
    expect(errorLines(refused(problem), '\t"漢\x1b" x', plain).slice(0, 2)).toEqual(['    "漢␛" x', '           ^']);
  });

  it('of a long line, what stands around the place', () => {
    const code = `const long = [${'1, '.repeat(50)}wrong, ${'2, '.repeat(50)}];`;
    const problem = { line: 0, column: code.indexOf('wrong'), length: 5, message: 'm', code: 1 };
    const [line, under] = errorLines(refused(problem), code, { ...plain, columns: 40 });
    expect(line).toBe('  …1, 1, 1, wrong, 2, 2, 2, 2, 2, 2, 2,…'.replace('2,…', '2,…'));
    expect(under).toBe('            ^~~~~');
    for (const columns of [12, 20, 40, 80]) {
      const [shown, place] = errorLines(refused(problem), code, { ...plain, columns });
      expect(stringWidth(shown!)).toBeLessThanOrEqual(columns);
      expect(shown!.slice(place!.indexOf('^')).startsWith('wr')).toBe(true);
    }
    expect(errorLines(refused({ ...problem, length: 200 }), code, { ...plain, columns: 40 })[1]).toHaveLength(39);
  });

  it('a line of ten million characters', () => {
    const code = `${'x'.repeat(5_000_000)} y ${'z'.repeat(5_000_000)}`;
    const problem = { line: 0, column: 3, length: 2, message: 'm', code: 1 };
    expect(errorLines(refused(problem), code, plain)[1]).toBe('     ^~');
    // What was cut away has no line any more.
    expect(errorLines(refused({ ...problem, column: 5_000_001 }), code, plain).at(-1)).toBe('error TS1: m');
  });

  it('five problems, and how many more', () => {
    const problem = { line: 0, column: 0, length: 1, message: 'm', code: 1 };
    const lines = errorLines(refused(...Array<TypeProblem>(7).fill(problem)), 'x', plain);
    expect(lines).toHaveLength(16);
    expect(lines.at(-1)).toBe('and 2 more problems');
  });
});

describe('what failed', () => {
  it('an FheError: its hint on a line of its own, the code that led to it, and how the operands came to be', () => {
    const error = failed({
      name: 'FheError',
      code: 'SCALE_MISMATCH',
      message: 'cannot add: scale should be 2^40 but is 2^80; rescale the one with scale 2^80 first',
      hint: 'rescale the one with scale 2^80 first',
      ledger: ['encrypt, level 3, scale 2^40', 'square, level 3, scale 2^80'],
      stack: ['at line 2 of add(a, b)'],
    });
    expect(errorLines(error, '', plain)).toEqual([
      'FheError SCALE_MISMATCH: cannot add: scale should be 2^40',
      'but is 2^80',
      '→ rescale the one with scale 2^80 first',
      '  at line 2 of add(a, b)',
      'how it came to be:',
      '  encrypt, level 3, scale 2^40',
      '  square, level 3, scale 2^80',
    ]);
  });

  it('a hint that the message does not hold, and causes behind one that it does', () => {
    expect(errorLines(failed({ message: 'no', hint: 'do that' }), '', plain)).toEqual(['Error: no', '→ do that']);
    const error = failed({ message: 'no; do that\ncaused by deeper', hint: 'do that' });
    expect(errorLines(error, '', plain)).toEqual(['Error: no', '→ do that', 'caused by deeper']);
  });

  it('other errors with the lines of code they came through', () => {
    const error = failed({
      name: 'TypeError',
      message: 'x is not a function',
      stack: ['in f, line 2 of const f', 'at line 1 of f()'],
    });
    expect(errorLines(error, '', plain)).toEqual([
      'TypeError: x is not a function',
      '  in f, line 2 of const f',
      '  at line 1 of f()',
    ]);
    expect(errorLines(failed({ name: 'Thrown', message: '' }), '', plain)).toEqual(['Thrown']);
  });

  it('stands out in colours, and does nothing to the terminal', () => {
    const dark = makeStyle({ columns: 60, theme: 'dark', colours: '16', unicode: true });
    const error = failed({ message: 'a\x1b[2Jb', hint: 'h', stack: ['at line 1'] });
    expect(errorLines(error, '', dark)).toEqual([
      '\x1b[1;91mError:\x1b[0m a␛[2Jb',
      '\x1b[33m→ h\x1b[0m',
      '\x1b[2m  at line 1\x1b[0m',
    ]);
    const problem = { line: 0, column: 0, length: 3, message: 'm', code: 1 };
    expect(errorLines(refused(problem), 'abc', dark).map((line) => stripVTControlCharacters(line))).toEqual(
      errorLines(refused(problem), 'abc', plain),
    );
  });
});
