/** From typed code to a module and to a script: what a session does to text before anything runs. */
import { describe, expect, it } from 'vitest';
import { cellScript } from '../src/kernel/cell-script.ts';
import { cellSource } from '../src/kernel/cell-source.ts';
import { isComplete } from '../src/kernel/is-complete.ts';
import { Names } from '../src/kernel/names.ts';
import { asMonomial } from '../src/kernel/toy-scale.ts';

const nothing = (): string => '';

describe('a cell as a module', () => {
  it('keeps the value of its last expression, and exports what it declares', () => {
    const cell = cellSource('const N = 8\nN * 2', nothing);
    expect(cell.text).toBe('\nconst N = 8\nexport const $$value = (N * 2);\nexport { N };');
    expect([...cell.declared]).toEqual([['N', 'const']]);
    expect(cell.hasValue).toBe(true);
  });

  it('sees every kind of declaration', () => {
    const code = `let [a, { b: c }] = f(); var d; function g() {} class H {} enum I {} type J = 1; interface K {}
      import x, { y as z } from 'm'; import * as w from 'n';`;
    const { declared, hasValue } = cellSource(code, nothing);
    const D = 'definition';
    const expected = { a: 'let', c: 'let', d: 'let', g: D, H: D, I: D, J: D, K: D };
    expect(Object.fromEntries(declared)).toEqual({ ...expected, x: 'import', z: 'import', w: 'import' });
    expect(hasValue).toBe(false);
  });

  it('takes a record for a record', () => {
    expect(cellSource('{ a: 1 }', nothing).text).toContain('export const $$value = (({ a: 1 }));');
    expect(cellSource('{ a: 1 };', nothing).hasValue).toBe(false); // a block, as in Node
    expect(cellSource('{ const a = 1; a }', nothing).hasValue).toBe(false);
  });

  it.each([
    ['const N = 8\nN.foo', 14],
    ['{ a: x }', 5],
    ['x', 0],
  ])('finds places of %j again', (typed, place) => {
    const cell = cellSource(typed, () => 'import { x } from "./before";');
    const at = cell.fromTyped(place);
    expect(cell.text.slice(at, at + 1)).toBe(typed[place]);
    expect(cell.toTyped(at)).toBe(place);
  });

  it('knows the names of cells before it, by their latest declaration', () => {
    const names = new Names(
      'lib',
      new Map([
        ['keygen', 'function'],
        ['unmentioned', 'const'],
      ]),
    );
    const about = { type: 'number', kind: 'number' } as const;
    names.declare('a', 'cell-0', 'const', about);
    names.declare('f', 'cell-1', 'import', about); // made elsewhere
    names.declare('a', 'cell-2', 'let', about);
    names.declare('unused', 'cell-3', 'let', about);
    const mentioned = new Set(['a', 'f', 'keygen']);
    expect(names.prelude(new Set(), mentioned)).toBe(
      "import { keygen } from './lib'; import { f } from './cell-1'; declare let a: typeof import('./cell-2').a;",
    );
    expect(names.prelude(new Set(['a', 'keygen']), mentioned)).toBe("import { f } from './cell-1';");
    expect(names.own).toEqual(['f', 'a', 'unused']);
    expect(names.made).toEqual(['a', 'unused']);
    expect(names.newest('number')).toBe('unused');
  });
});

describe('a cell as a script', () => {
  const script = (javascript: string): string => cellScript(javascript, (module) => module.startsWith('./')).code;

  it.each([
    ['const a = 1, { b } = c;', "'use strict';var a, b;void (a = 1, { b } = c);"],
    ['let a;\nexport { a };', "'use strict';var a;void (a = undefined);"],
    ['class A {}', "'use strict';var A;A = class A {};"],
    ['function f() { }', "'use strict';function f() { }"],
    ["import { x } from './session';\nx;", "'use strict';\nx;"],
    [
      "import d, { x as y } from 'm';",
      `'use strict';var d, y;d = $$imported("m", 'default');y = $$imported("m", "x");`,
    ],
    ["import * as n from 'm';", `'use strict';var n;n = $$imported("m");`],
    ['export const $$value = (1 + 1);', "'use strict';void ($$result( (1 + 1)));"],
    ["import('m');", "'use strict';$$import('m');"],
  ])('%s', (javascript, expected) => {
    expect(script(javascript)).toBe(expected);
  });

  it('waits where the cell waits, and hands out its functions', () => {
    const { code } = cellScript('function f() { }\nconst a = await f();', () => false);
    expect(code).toBe(
      "'use strict';var a;(async () => {globalThis.f = f;function f() { }\nvoid (a = await f());\n})()",
    );
    expect(cellScript('const f = async () => { await 1; };', () => false).code).not.toMatch(/\}\)\(\)$/);
  });

  it('leaves lines where they are', () => {
    const javascript = "import {\n  x,\n} from './session';\nconst a = 1;\n\nthrow new Error('line 6');";
    expect(script(javascript).split('\n')[5]).toContain('line 6');
  });
});

describe("the toy's scale", () => {
  it.each([
    ['1099511627776', '2^40'],
    [`${2n ** 80n}/97`, '2^80/q₁'],
    [`${2n ** 120n}/${97n * 193n * 97n}`, '2^120/q₁/q₁/q₂'],
    [`${2n ** 40n * 17n}`, '2^40·q₀'],
    ['3', undefined],
    ['1/5', undefined],
  ])('%s is %s', (scale, expected) => {
    expect(asMonomial(scale, [17n, 97n, 193n])).toBe(expected);
  });
});

describe('whether a cell is complete', () => {
  it.each([
    ['1 + 1', 'complete', ''],
    ['for (const x of [1]) {', 'incomplete', '  '],
    ['f(a, [', 'incomplete', '    '],
    ['const a =', 'incomplete', ''],
    ['`one\ntwo', 'incomplete', ''],
    ['/* on and', 'incomplete', ''],
    ['c.', 'incomplete', ''],
    ['{ a: 1,', 'incomplete', '  '],
    ['{ a: 1 }', 'complete', ''],
    ['1 +* 2 (', 'invalid', ''],
    ["'open", 'invalid', ''],
    [') {', 'invalid', ''],
    ['', 'complete', ''],
  ])('%j is %s', (code, status, indent) => {
    expect(isComplete(code)).toEqual({ status, indent });
  });
});
