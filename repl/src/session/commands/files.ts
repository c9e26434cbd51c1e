/**
 * `.save` and `.load`: a session as a script.
 * @module
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FheError } from 'toyfhe/backend';
import type { Command } from '../command.ts';

export const save: Command = {
  name: 'save',
  takes: '<file.ts>',
  about: 'writes what ran without error in this session as a script',
  more: '`npx toyfhe file.ts` runs it again, with everything preloaded. A file that is there is not overwritten.',
  run: (args, { add, ran }) => {
    const file = fileName('save', args);
    if (existsSync(file)) throw refused('save', 'file', 'a new one', `${args}, which exists`, 'choose another name');
    if (ran.length === 0) throw refused('save', 'session', 'something that ran', 'empty', 'type something first');
    const script = ran.map((code) => `${code.trimEnd()}\n`).join('');
    try {
      writeFileSync(file, `// A session of toyfhe. Run it with: npx toyfhe ${args}\n${script}`, { flag: 'wx' });
    } catch (error) {
      throw refused('save', 'file', 'writable', (error as Error).message, 'choose another place');
    }
    add({ kind: 'notice', level: 'info', text: `${ran.length} inputs are in ${file}.` });
  },
};

export const load: Command = {
  name: 'load',
  takes: '<file.ts>',
  about: 'runs a script in this session: what it declares is there afterwards',
  complete: () => readdirSync('.').filter((name) => /\.[cm]?[jt]s$/.test(name)),
  run: async (args, { run }) => {
    const file = fileName('load', args);
    let code: string;
    try {
      code = readFileSync(file, 'utf8');
    } catch (error) {
      throw refused('load', 'file', 'readable', (error as Error).message, 'check its name');
    }
    await run(code.replace(/^#![^\n]*/, ''));
  },
};

function fileName(op: string, args: string): string {
  if (args === '') throw refused(op, 'file name', 'given', 'missing', `write for example .${op} session.ts`);
  return resolve(args);
}

function refused(op: string, field: string, should: string, is: string, hint: string): FheError {
  return new FheError({ code: 'FORMAT', op, field, should, is, hint });
}
