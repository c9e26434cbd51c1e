/**
 * Lessons: `.lessons`, `.lesson`, `.next`, `.back`, `.skip`, `.restart`, and `.tour`, which is the first of them with a word
 * before it.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import type { Command, CommandContext } from '../command.ts';

export const lessons: Command = {
  name: 'lessons',
  takes: '',
  about: 'what there is to learn, and what you have finished',
  run: async (_, { add, lessons: room }) => add({ kind: 'prose', markdown: await room.list() }),
};

export const lesson: Command = {
  name: 'lesson',
  takes: '<number>',
  about: 'starts a lesson; Enter on an empty line runs its next cell',
  complete: (_, { lessons: room }) => room.numbers(),
  run: async (args, context) => {
    if (!/^\d{1,2}$/.test(args)) {
      const hint = 'write for example .lesson 0';
      throw new FheError({
        code: 'RANGE',
        op: 'start a lesson',
        field: 'number',
        should: 'one of .lessons',
        is: args || 'missing',
        hint,
      });
    }
    await start(Number(args), context);
  },
};

const TOUR = `
**A tour.** The lesson below is a conversation: read, press Enter on the empty line, and its next line runs as if you had typed
it. Type something of your own at any time, and Enter on an empty line goes on. The panel (F2) shows the variables, and of the
newest ciphertext what is left of its modulus. \`.back\` and \`.skip\` move, \`.help\` has the rest.
`;

export const tour: Command = {
  name: 'tour',
  takes: '',
  about: 'how this works, and the first lesson',
  run: async (_, context) => {
    context.add({ kind: 'prose', markdown: TOUR });
    await start(0, context);
  },
};

export const next: Command = {
  name: 'next',
  takes: '',
  about: "runs the lesson's next cell, as Enter on an empty line does",
  run: async (_, { lessons: room, nextCell }) => {
    room.playing('next');
    await nextCell();
  },
};

export const back: Command = moving('back', "goes back to the lesson's cell before");
export const skip: Command = moving('skip', "passes the lesson's next cell by");
export const restart: Command = moving('restart', 'begins the lesson anew');

function moving(name: 'back' | 'skip' | 'restart', about: string): Command {
  return {
    name,
    takes: '',
    about,
    run: async (_, { add, lessons: room, update }) => {
      await room.move(name, add);
      update({ lesson: room.state });
    },
  };
}

async function start(number: number, { add, lessons: room, update }: CommandContext): Promise<void> {
  await room.start(number, add);
  update({ lesson: room.state });
}
