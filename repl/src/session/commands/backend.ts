/**
 * `.backend engine`: a backend with keys, ready to compute on. What it does is typed out, so that it can be learned.
 * @module
 */
import { FheError } from 'toyfhe/backend';
import { BACKENDS, type BackendName } from '../../backends.ts';
import type { Command } from '../command.ts';

/** Small enough to answer at once, large enough for three products; the toy and the twin do not need to be secure. */
const PARAMETERS: Readonly<Record<BackendName, string>> = {
  engine: '{ ringDegree: 16384, chain: [50, 40, 40, 40], special: [50] }',
  seal: '{ ringDegree: 16384, chain: [50, 40, 40, 40], special: [50] }',
  toy: '{ ringDegree: 16, chain: [50, 40, 40, 40], special: [50], insecure: true }',
  twin: '{ ringDegree: 16384, chain: [50, 40, 40, 40], special: [50] }',
};
const CREATE: Readonly<Record<BackendName, string>> = {
  engine: 'await engine(parameters)',
  seal: 'await seal(parameters)',
  toy: 'toy(parameters)',
  twin: 'twin(parameters)',
};

export const backend: Command = {
  name: 'backend',
  takes: BACKENDS.join('|'),
  about: 'makes a backend and keys: backend, secretKeys, publicKey, server, and c to begin with',
  more:
    'The backend is shadowed: beside each ciphertext it keeps the values that it should hold, so that the panel can say how ' +
    'many bits are right. `engine` is ours, `seal` is Microsoft SEAL, `toy` is to be read, `twin` does not encrypt. The code ' +
    'that does it is shown: change it as you like.',
  complete: () => [...BACKENDS],
  run: async (args, { add, run, state }) => {
    if (args === '') {
      const { backend: now } = state.status ?? {};
      const is = now === undefined ? 'There is no backend yet.' : `\`${now.name}\`, ring degree ${now.ringDegree}.`;
      add({ kind: 'prose', markdown: `${is} \`.backend ${BACKENDS.join('|')}\` makes one.` });
      return;
    }
    const name = BACKENDS.find((candidate) => candidate === args);
    if (name === undefined) {
      const should = BACKENDS.join(', ');
      throw new FheError({
        code: 'RANGE',
        op: 'make a backend',
        field: 'name',
        should,
        is: args,
        hint: 'try .backend engine',
      });
    }
    for (const line of program(name)) if ((await run(line, true)).status !== 'ok') return;
  },
};

function program(name: BackendName): readonly string[] {
  const create = CREATE[name].replace('parameters', PARAMETERS[name]);
  return [
    `const backend = shadowed(${create})`,
    'const { secretKeys, publicKey, evaluationKeys: server } = backend.keygen({ rotations: [1, 2, 4] })',
    'const c = publicKey.encrypt(backend.encode([1, 2, 3, 4]))',
  ];
}
