/**
 * `npm run bench`: the article's dense layer, 256 → 64 for 128 images, by plain diagonals and by baby-step/giant-step,
 * on node-seal. Interleaved, median of the rounds, encoding of the diagonals included. With --json a line a method.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { seededRandom } from 'toyfhe/backend';
import { denseMap, LinearTransform, vectorLayout } from 'toyfhe/circuits';
import { seal } from 'toyfhe/seal';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } } });

const backend = await seal({ ringDegree: 16384, chain: [60, 40, 40, 40], special: [60] });
const random = seededRandom('bench');
const uniform = (): number => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 31 - 1;
const map = denseMap(Float64Array.from({ length: 64 * 256 }, uniform), 64, 256);
const block = { batch: 128, perBlock: 64 };
const [from, to] = [vectorLayout(8192, 256, block), vectorLayout(8192, 64, block)];
const best = new LinearTransform(map, from, to);

const methods = [64, 8, best.split.babies.length].map((babySteps) => {
  const { split } = best.splits().find(({ split }) => split.babies.length === babySteps)!;
  return { transform: new LinearTransform(map, from, to, { split }), ms: [] as number[] };
});
const keys = backend.keygen({ rotations: methods.flatMap(({ transform }) => transform.rotations) });
const x = Array.from({ length: 4 }, () =>
  keys.publicKey.encrypt(backend.encode(Float64Array.from({ length: 8192 }, uniform))),
);

for (let round = 0; round < Number(values.rounds); round++) {
  for (const { transform, ms } of methods) {
    const start = performance.now();
    backend.scope(() => void transform.applyOnce(backend, keys.evaluationKeys, x, { rescale: false }));
    ms.push(performance.now() - start);
  }
}

if (values.json !== true) {
  console.log(
    `dense 256 → 64, 128 images, ring degree 16384, level 3, ${values.rounds} rounds, ${cpus()[0]?.model ?? ''}`,
  );
  console.log('baby  giant  rotations  median ms');
}
for (const { transform, ms } of methods) {
  const { split, rotationCount } = transform;
  const [babySteps, giantSteps] = [split.babies.length, split.giants.length];
  const median = ms.toSorted((a, b) => a - b)[Math.floor(ms.length / 2)]!;
  if (values.json === true) {
    const op = 'dense 256x64';
    console.log(
      JSON.stringify({
        op,
        backend: 'seal',
        ringDegree: 16384,
        level: 3,
        babySteps,
        giantSteps,
        rotationCount,
        ms: median,
      }),
    );
  } else {
    const cells = [babySteps, giantSteps, rotationCount, median.toFixed(0)].map(String);
    console.log(cells.map((cell, i) => cell.padStart([4, 5, 9, 9][i]!)).join('  '));
  }
}
