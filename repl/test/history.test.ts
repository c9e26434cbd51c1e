/** Inputs are kept across sessions. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shortHistory, storedHistory } from '../src/session/history.ts';

let folder: string;
const quiet = (why: string): never => {
  throw new Error(why);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toyfhe-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('history', () => {
  it('is there in the next session, each input as it was', () => {
    const first = storedHistory(join(folder, 'new'), quiet);
    for (const input of ['1 + 1', '1 + 1', 'for (;;) {\n}', ' ', '"\\u2028"']) first.add(input);
    const inputs = ['1 + 1', 'for (;;) {\n}', '"\\u2028"'];
    expect(first.inputs).toEqual(inputs);
    expect(storedHistory(join(folder, 'new'), quiet).inputs).toEqual(inputs);
    expect(statSync(join(folder, 'new/history.jsonl')).mode & 0o077).toBe(0); // nobody else reads it
  });

  it('of two sessions at once keeps the inputs of both', () => {
    const [a, b] = [storedHistory(folder, quiet), storedHistory(folder, quiet)];
    a.add('from a');
    b.add('from b');
    expect(storedHistory(folder, quiet).inputs).toEqual(['from a', 'from b']);
  });

  it('survives damage: lines that cannot be read are left out', () => {
    storedHistory(folder, quiet).add('good');
    appendFileSync(join(folder, 'history.jsonl'), '"half of a li\n7\n"also good"\n');
    expect(storedHistory(folder, quiet).inputs).toEqual(['good', 'also good']);
  });

  it('does not grow without end, and leaves out what is data', () => {
    writeFileSync(join(folder, 'history.jsonl'), Array.from({ length: 10_050 }, (_, i) => `"${i}"\n`).join(''));
    const history = storedHistory(folder, quiet);
    expect([history.inputs.length, history.inputs[0]]).toEqual([10_000, '50']);
    expect(readFileSync(join(folder, 'history.jsonl'), 'utf8').split('\n')).toHaveLength(10_001);
    history.add('x'.repeat(100_001));
    expect(history.inputs.at(-1)).toBe('10049');
  });

  it('says once where it cannot be kept, and works for the session', () => {
    writeFileSync(join(folder, 'file'), '');
    const said: string[] = [];
    const history = storedHistory(join(folder, 'file/folder'), (why) => said.push(why));
    history.add('a');
    history.add('b');
    expect(said).toEqual([expect.stringMatching(/^inputs are not kept for the next session: /)]);
    expect(history.inputs).toEqual(['a', 'b']);
    const short = shortHistory();
    short.add('a');
    expect(short.inputs).toEqual(['a']);
  });
});
