/**
 * Commands that look at something: `.report`, `.type`, `.plot`, `.time`, `.sizes`.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import type { Command, CommandContext } from '../command.ts';

export const report: Command = {
  name: 'report',
  takes: '[ciphertext]',
  about: 'the ledger of a ciphertext: level, scale, precision, and how it came to be',
  more: 'Without a name, that of the newest ciphertext. How many bits are right is known for shadowed backends only.',
  complete: (_, { state }) => ciphertextsOf(state),
  run: async (args, { add, kernel, state }) => {
    const names = ciphertextsOf(state);
    const name = args === '' ? names.at(-1) : args;
    const details = name === undefined ? undefined : await kernel.details(name);
    if (details === undefined) {
      const should = names.length === 0 ? 'one of the session, but there are none yet' : names.join(', ');
      throw new FheError({
        code: 'RANGE',
        op: 'report',
        field: 'ciphertext',
        should,
        is: name ?? 'missing',
        hint: names.length === 0 ? '.backend engine makes one' : 'write for example .report c',
      });
    }
    add({ kind: 'details', details });
  },
};

function ciphertextsOf(state: CommandContext['state']): string[] {
  return state.variables.filter(({ ciphertext }) => ciphertext).map(({ name }) => name);
}

export const type: Command = {
  name: 'type',
  takes: '<expression>',
  about: 'the type of an expression, without running it',
  takesCode: true,
  run: async (args, { add, kernel }) => {
    needed('tell the type', 'expression', args, '.type c.add(c)');
    const text = await kernel.typeOf(args);
    if (text === undefined) {
      const hint = 'write for example .type c.add(c)';
      throw new FheError({
        code: 'FORMAT',
        op: 'tell the type',
        field: 'code',
        should: 'an expression',
        is: args,
        hint,
      });
    }
    add({ kind: 'prose', markdown: `\`\`\`ts\n${text}\n\`\`\`` });
  },
};

export const plot: Command = {
  name: 'plot',
  takes: '<expression>',
  about: 'draws slots, a list, a function, a ledger or a plotly figure; Ctrl-O opens it in the browser',
  more: 'The same as `plot(…)`: `.plot [1, 4, 9]`, `.plot x => Math.tanh(x)`, `.plot backend.ledger`, `.plot decrypt(kp.priv, c)`.',
  takesCode: true,
  run: async (args, { run }) => {
    needed('plot', 'expression', args, '.plot [1, 4, 9, 16]');
    await run(`plot(${args})`);
  },
};

export const time: Command = {
  name: 'time',
  takes: '<code>',
  about: 'runs code and says how long that took',
  takesCode: true,
  run: async (args, { add, run }) => {
    needed('time', 'code', args, '.time c.mul(c)');
    const { status, milliseconds } = await run(args);
    if (status === 'ok')
      add({ kind: 'notice', level: 'info', text: `It took ${duration(milliseconds)}, compiling included.` });
  },
};

export const sizes: Command = {
  name: 'sizes',
  takes: '[parameters]',
  about: 'how large plaintexts, ciphertexts and keys are, before they are made',
  more:
    'Of the newest backend, or of parameters: `.sizes { ringDegree: 32768, chain: [50, 40, 40], special: [50] }`. ' +
    '`sizes(parameters, { rotations: 20 })` counts rotation keys.',
  run: async (args, { run, state }) => {
    const own = state.variables.find(({ name }) => name === 'backend');
    const standard = '{ ringDegree: 16384, chain: [50, 40, 40, 40], special: [50] }';
    const of = args !== '' ? args : own === undefined ? standard : 'backend.parameters';
    await run(`sizes(${of})`, true);
  },
};

/** `12.3 ms`, `4.56 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** @throws FheError FORMAT where nothing stands behind the command */
function needed(op: string, field: string, args: string, example: string): void {
  if (args !== '') return;
  throw new FheError({
    code: 'FORMAT',
    op,
    field,
    should: 'given',
    is: 'missing',
    hint: `write for example ${example}`,
  });
}
