/**
 * `.theme`, `.plain-ts`, `.reset`, `.exit`.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import type { Command } from '../command.ts';
import { THEMES } from '../state.ts';

export const theme: Command = {
  name: 'theme',
  takes: THEMES.join('|'),
  about: 'colours for a dark or a light terminal, or none',
  complete: () => [...THEMES],
  run: (args, { add, state, update }) => {
    if (args === '') return add({ kind: 'notice', level: 'info', text: `The theme is ${state.theme}.` });
    const chosen = THEMES.find((name) => name === args);
    if (chosen === undefined) throw choice('set the theme', THEMES, args);
    update({ theme: chosen });
  },
};

const SWITCH = ['on', 'off'] as const;

export const plainTypeScript: Command = {
  name: 'plain-ts',
  takes: SWITCH.join('|'),
  about: 'on: TypeScript as it is, without operators on ciphertexts',
  complete: () => [...SWITCH],
  run: async (args, { add, kernel }) => {
    const chosen = SWITCH.find((name) => name === args);
    if (chosen === undefined) throw choice('switch', SWITCH, args);
    await kernel.configure({ plainTypeScript: chosen === 'on' });
    const text =
      chosen === 'on' ? 'Operators on ciphertexts are refused now.' : 'Operators on ciphertexts become calls.';
    add({ kind: 'notice', level: 'info', text });
  },
};

export const reset: Command = {
  name: 'reset',
  takes: '',
  about: 'begins anew: forgets all variables',
  run: (_, context) => context.reset('A new kernel is ready'),
};

export const exit: Command = {
  name: 'exit',
  takes: '',
  about: 'leaves',
  run: (_, { update }) => update({ ended: true }),
};

function choice(op: string, names: readonly string[], is: string): FheError {
  const hint = `choose one of them`;
  return new FheError({ code: 'RANGE', op, field: 'value', should: names.join(', '), is: is || 'missing', hint });
}
