/** The built program in a real terminal, as a person sees it. Needs tmux. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasTmux, Terminal } from './tmux.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const state = mkdtempSync(join(tmpdir(), 'toyfhe-terminal-'));
const needed = process.env['TOYFHE_TMUX'] === 'required';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/setup.mjs'), '--build-only'], { stdio: 'ignore' });
}, 120_000);
afterAll(() => rmSync(state, { recursive: true, force: true }));

let terminal: Terminal;
afterEach(() => terminal.close());

function open(args = '', env: Record<string, string> = {}, columns = 110, rows = 32): Terminal {
  const all = { TOYFHE_STATE: state, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env };
  const command = `'${process.execPath}' '${join(root, 'repl/bin/toyfhe.js')}' ${args}`;
  terminal = new Terminal(command, { columns, rows, env: all });
  return terminal;
}

/** The kernel is there: the status line has its memory. */
const READY = /\d+ MB/;
const OURS = /^\s*exit code 0$/m;

describe.skipIf(!hasTmux && !needed)('in a terminal', () => {
  it("the article's steps, operators, and the panel that follows them", async () => {
    const { enter, waitFor, screen } = bound(open());
    await waitFor(READY);
    await enter(
      'const R = NegacyclicRing(16, [40, 40, 40]); R',
      /ℤ₁₃₂₉₂₂₇₉₉₇₅₆₈₀₈₁₄₅₇₄₀₂₇₀₁₂₀₇₁₀₄₂₄₈₂₅₇\/\(x¹⁶ \+ 1\)/,
    );
    await enter('const kp = keygen(CKKSParams(R, { relinWindow: 1 })); kp', /CKKS key pair/);
    await enter('const plain = CKKSEncoding(FixedRational(2n ** 40n), zero(R)).assign([1, 2, 3, 4])', /│\s+plain /);
    await enter('const c = encrypt(kp.pub, plain)', /▸ c /);
    await enter('const d = c ** 2', /↳ const d = c\.mul\(c\)/);
    await waitFor(/▸ d [^]*3 polynomials/);
    await enter('decrypt(kp.priv, d)', /8-element CKKSEncoding/);
    expect(screen()).toMatch(/(0\.99|1\.00)\d+ [+-] [^]*1[56]\.\d+ [+-] /); // 1 … 16
  });

  it('a backend: ledger, status line, error with its hint, types underlined', async () => {
    const { enter, waitFor } = bound(open());
    await waitFor(READY);
    await enter('.backend twin', /▸ c [^]*bits right/);
    await waitFor(/shadowed twin · N 16384/);
    await enter('c * c + c', /SCALE_MISMATCH[^]*→ rescale/);
    await enter('const wrong: string = 1 + 1', / {2}const wrong: string = 1 \+ 1 .*\n\s+\^~~~~ /);
  });

  it('completion, signature, several lines, history across sessions, search', async () => {
    const { enter, waitFor, type, press } = bound(open());
    await waitFor(READY);
    type('Negac');
    press('Tab');
    await waitFor(/> NegacyclicRing/);
    type('(');
    await waitFor(/NegacyclicRing\(degree: number/);
    type('8, [30])');
    press('Enter');
    await waitFor(/\/\(x⁸ \+ 1\)/);
    await enter('for (const i of [20, 22]) {', /… /);
    await enter('console.log(i * 2)', /… /);
    await enter('}', /^40\s.*\n44/m);
    press('C-d');
    await waitFor(OURS);
    terminal.close();

    const again = bound(open());
    await again.waitFor(READY);
    again.press('Up');
    await again.waitFor(/> for \(const i of \[20, 22\]\)/);
    again.press('C-c', 'C-r');
    again.type('Negac');
    await again.waitFor(/NegacyclicRing\(8, \[30\]\)/);
    again.press('Enter');
    await again.waitFor(/\/\(x⁸ \+ 1\)/);
  });

  it('an interrupt keeps the variables; a death says what is lost', async () => {
    const { enter, waitFor, press } = bound(open());
    await waitFor(READY);
    await enter('const kept = 42', /│\s+kept\s+42/);
    await enter("console.log('looping'); for (;;) {}", /^looping/m);
    press('C-c');
    await waitFor(/Stopped\. Variables are as they were/);
    await enter('kept + 1', /^43/m);
    await enter('process.exit(7)', /The kernel has ended: it ended with exit code 7\.[^]*variable is lost/);
    await enter('1 + 1', /^2 /m);
  });

  it('a lesson: prose, Enter runs the next cell; a plot; resize; leaving puts the transcript on the normal screen', async () => {
    const { enter, waitFor, press, resize, screen } = bound(open('', {}, 80, 24));
    await waitFor(READY);
    await enter('.lesson 0', /Lesson 0 · 0\/33/);
    press('Enter');
    await waitFor(/Lesson 0 · 1\/33/);
    press('Enter');
    press('Enter');
    await waitFor(/Lesson 0 · 3\/33/);
    await enter('.plot [1, 4, 9, 16]', /█[^]*┤|┤[^]*█/);
    for (const [columns, rows] of [
      [120, 40],
      [60, 15],
      [30, 5],
      [100, 30],
    ] as const) {
      resize(columns, rows);
      await waitFor(columns < 40 ? /small/ : /Lesson 0 · 3\/33/);
      const lines = screen().split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    }
    await enter('.exit', OURS);
    expect(screen()).toMatch(/\.plot \[1, 4, 9, 16\]/);
  });

  it('what is pasted cannot break the screen', async () => {
    const { waitFor, press, screen } = bound(open('', { NO_COLOR: '1' }));
    await waitFor(READY);
    terminal.paste("'a\x1b[2Jb\x07\x1b]0;title\x07c'.length");
    await waitFor(/length/);
    press('Enter');
    await waitFor(/^\d+\s/m);
    expect(screen()).toMatch(READY);
    expect(terminal.colours()).not.toContain('\x1b[3'); // NO_COLOR
  });

  it('--plain: lines, in the same terminal', async () => {
    const { enter, waitFor, press } = bound(open('--plain'));
    await waitFor(/^>/m);
    await enter('6 * 7', /^42$/m);
    await enter('for (;;) {', /^\./m);
    await enter("console.log('on'); while (true) {} }", /^on/m);
    press('C-c');
    await waitFor(/Stopped/);
    press('C-d');
    await waitFor(OURS);
  });
});

/** The terminal's methods, each by its own name. */
function bound(room: Terminal): Pick<Terminal, 'enter' | 'waitFor' | 'type' | 'press' | 'resize' | 'screen'> {
  return {
    enter: (text, wanted) => room.enter(text, wanted),
    waitFor: (wanted) => room.waitFor(wanted),
    type: (text) => room.type(text),
    press: (...keys) => room.press(...keys),
    resize: (columns, rows) => room.resize(columns, rows),
    screen: () => room.screen(),
  };
}
