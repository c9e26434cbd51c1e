/** The REPL in a pipe, and in a terminal that can only print lines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { startKernel } from '../src/kernel/client.ts';
import { progressStore } from '../src/lessons/progress-store.ts';
import { runPlain } from '../src/plain.ts';
import { commands } from '../src/session/commands/index.ts';
import { shortHistory } from '../src/session/history.ts';
import { LessonRoom } from '../src/session/lesson-room.ts';
import { Session } from '../src/session/session.ts';

const state = mkdtempSync(join(tmpdir(), 'toyfhe-plain-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Everything that is printed for an input. */
async function plain(text: string, person = false): Promise<Printed> {
  const lessons = new LessonRoom(progressStore(state, () => undefined));
  const session = new Session({ kernel: startKernel(), history: shortHistory(), commands, lessons, theme: 'plain' });
  const input = Object.assign(new PassThrough(), person ? { isTTY: true } : {});
  const [output, errors] = [new PassThrough(), new PassThrough()];
  input.end(text);
  const code = await runPlain(session, { input, output, errors });
  return { code, out: String(output.read() ?? ''), err: String(errors.read() ?? '') };
}

describe('in a pipe', () => {
  it('prints values and what code prints, and nothing else', async () => {
    expect(await plain('const N = 8\nN * 2\n')).toEqual({ code: 0, out: '16\n', err: '' });
    expect(await plain("console.log('a')\nconsole.error('b')\n'c'")).toEqual({ code: 0, out: "a\n'c'\n", err: 'b\n' });
    expect(await plain('')).toEqual({ code: 0, out: '', err: '' });
  });

  it('cells may take several lines', async () => {
    const text =
      'function twice(x: number) {\n\n  return 2 * x;\n}\n\nfor (const i of [1, 2]) {\n  console.log(twice(i));\n}\n';
    expect(await plain(text)).toEqual({ code: 0, out: '2\n4\n', err: '' });
  });

  it("the article's steps, with operators", async () => {
    const { code, out, err } = await plain(`const R = NegacyclicRing(16, [40, 40, 40])
const kp = keygen(InsecureDebug(CKKSParams(R, { relinWindow: 1 })))
const plain = CKKSEncoding(FixedRational(2n ** 40n), zero(R)).assign([1, 2, 3, 4, 5, 6, 7, 8])
const c = encrypt(kp.pub, plain)
c ** 2
Array.from(decrypt(kp.priv, c ** 2).re, Math.round).join()
`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      'CKKS ciphertext (length 3, encoding CKKSEncoding{FixedRational{1208925819614629174706176}})\n' +
        "'1,4,9,16,25,36,49,64'\n",
    );
  });

  it.each([
    ['nonsense\n1\n', /Cannot find name 'nonsense'/],
    ["throw new Error('bad')\n1\n", /bad/],
    ['.nonsense\n1\n', /cannot do \.nonsense/],
    ['process.exit(0)\n1\n', /The kernel has ended/], // nothing after it can mean what it meant
    ['for (;;) {\n', /'}' expected/],
  ])('%j: the first error ends it, with an exit code', async (text, message) => {
    const { code, out, err } = await plain(text);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });

  it('commands work', async () => {
    const { code, out } = await plain('.type 1 + 1\n.time 2\n.exit\nthrow 1');
    expect(code).toBe(0);
    expect(out).toMatch(/^\s*number\n[^]*2\nIt took .* ms, compiling included\.\n$/);
  });
});

describe('lessons', () => {
  it('from a pipe: each cell is shown before it runs', async () => {
    const { code, out } = await plain('.lesson 0\n.next\n');
    expect(code).toBe(0);
    expect(out).toContain("} from 'toyfhe/toy';");
    expect(out).not.toContain('Enter runs it');
  });
});

describe('where a person types', () => {
  it('errors do not end it, and lessons show what comes next', async () => {
    const { code, out, err } = await plain('nonsense\n.lesson 0\n\n1 + 1\n', true);
    expect(code).toBe(0);
    expect(err).toMatch(/Cannot find name 'nonsense'/);
    expect(out).toMatch(/Eight numbers, encrypted/);
    expect(out.match(/\(Enter runs it\)/g)).toHaveLength(2);
    expect(out).toMatch(/^2$/m);
  });
});
