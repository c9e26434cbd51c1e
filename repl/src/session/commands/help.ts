/**
 * `.help`: what there is to type, and which keys do what.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import type { Command } from '../command.ts';

const KEYS = `
| key | does |
| --- | --- |
| Enter | runs; goes on in the next line while brackets are open; on an empty line, runs the lesson's next cell |
| Alt-Enter | a new line |
| Tab | completes |
| ↑ ↓ | earlier inputs that begin like this one |
| Ctrl-R | searches earlier inputs |
| Ctrl-C | stops what runs, or clears the line |
| Ctrl-D | leaves, on an empty line |
| PageUp PageDown | scroll |
| F2 | the side panel, on or off |
| F3 F4 | the ledger of another ciphertext |
| Ctrl-O | opens the newest figure in the browser |
`;

const FIRST = `
Type TypeScript: \`const R = NegacyclicRing(16, [40, 40])\`, \`mathjs.sqrt(2)\`, \`await engine({ … })\`. Everything in toyfhe is there
without import; \`_\` is the last value. On ciphertexts operators work, and the line below shows the call that they stand for.
`;

export const help: Command = {
  name: 'help',
  takes: '[command]',
  about: 'this page, or more about one command',
  complete: (_, { commands }) => commands.map(({ name }) => name),
  run: (args, { add, commands }) => {
    if (args !== '') {
      const command = commands.find(({ name }) => name === args.replace(/^\./, ''));
      if (command === undefined) throw unknown(args);
      add({ kind: 'prose', markdown: `**${usage(command)}** ${command.about}.\n\n${command.more ?? ''}` });
      return;
    }
    const rows = commands.map((command) => `| ${usage(command).replaceAll('|', '\\|')} | ${command.about} |`);
    add({ kind: 'prose', markdown: `${FIRST}\n| command | does |\n| --- | --- |\n${rows.join('\n')}\n${KEYS}` });
  },
};

function usage({ name, takes }: Command): string {
  return `\`.${name}${takes === '' ? '' : ` ${takes}`}\``;
}

function unknown(args: string): FheError {
  return new FheError({
    code: 'RANGE',
    op: 'help',
    field: 'command',
    should: 'one that there is',
    is: args,
    hint: '.help lists them',
  });
}
