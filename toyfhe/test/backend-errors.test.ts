/** How errors print: in notebooks and terminals, where nobody wants to see the library's own stack. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FheError, type FheErrorParts, twin } from '../src/backend/index.ts';

function error(parts: Partial<FheErrorParts> = {}, stack: readonly string[] = []): FheError {
  const made = new FheError({ code: 'RANGE', op: 'add', field: 'n', should: '1', is: '2', hint: 'take 1', ...parts });
  made.stack = ['FheError: …', ...stack.map((frame) => `    at ${frame}`)].join('\n');
  return made;
}

const LINE = 'FheError [RANGE]: cannot add: n should be 1 but is 2; take 1';

describe('an FheError prints', () => {
  it('as one line with its code, in the cell of a notebook', () => {
    const library = 'rules (/home/me/node_modules/toyfhe/dist/cjs/backend/rules.js:7:3)';
    const node = 'Script.runInThisContext (node:vm:137:12)';
    expect(inspect(error({}, [library, 'evalmachine.<anonymous>:3:5', node]))).toBe(LINE);
    expect(inspect(error({}, [library, '/home/me/.toyfhe-cell-3.ts:1:5', node]))).toBe(LINE);
    expect(inspect(error({}, [library, 'async Promise.all (index 0)', node]))).toBe(LINE);
    expect(inspect(error())).toBe(LINE);
  });

  it('with the place in a file that called the library', () => {
    const library = 'rules (file:///home/me/toyfhe/src/backend/rules.ts:7:3)';
    for (const frame of [
      'main (file:///home/me/first.ts:12:3)',
      '/home/me/first.js:12:3',
      'async main (C:\\Users\\me\\first.js:1:2)',
    ]) {
      expect(inspect(error({}, [library, 'node:internal/x:1:1', frame, '/home/me/second.js:1:1']))).toBe(
        `${LINE}\n    at ${frame}`,
      );
    }
  });

  it('with what caused it', () => {
    const cause = new TypeError('no such key');
    expect(inspect(error({ cause }))).toBe(`${LINE}\n  caused by TypeError: no such key`);
  });

  it('inside of other values too, and its message stays as it is', () => {
    const one = error();
    expect(inspect({ one })).toBe(`{ one: ${LINE} }`);
    expect(String(one)).toBe('FheError: cannot add: n should be 1 but is 2; take 1');
    let thrown: unknown;
    try {
      twin({ ringDegree: 7, chain: [40] });
    } catch (reason) {
      thrown = reason;
    }
    expect(inspect(thrown)).toMatch(
      /^FheError \[RANGE\]: cannot make parameters: .*\n {4}at .*backend-errors\.test\.ts/,
    );
    expect(inspect(thrown).split('\n')).toHaveLength(2);
  });
});
