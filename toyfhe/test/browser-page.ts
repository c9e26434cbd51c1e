/** What `engine-browser.test.ts` runs in the browser: the whole way of a product, from the key to its values. */
import { engine } from '../src/engine/index.ts';

declare const crossOriginIsolated: boolean;

const threads = crossOriginIsolated ? 2 : 1; // workers need shared memory
const backend = await engine({ ringDegree: 2048, chain: [40, 30, 30], special: [40], insecure: true }, { threads });
const { publicKey, secretKeys, evaluationKeys: ev } = backend.keygen({ rotations: [1] });

const slots = backend.parameters.slots;
const a = Array.from({ length: slots }, (_, i) => Math.sin(i));
const b = Array.from({ length: slots }, (_, i) => Math.cos(3 * i));
const found = backend.scope(() => {
  const product = ev.mul(publicKey.encrypt(backend.encode(a)), publicKey.encrypt(backend.encode(b)));
  const rotated = ev.rotate(ev.rescale(ev.relinearize(product)), 1);
  return backend.decode(secretKeys.decrypt(rotated));
});
// Rotation by 1 moves slot i to slot i + 1.
const errors = found.map((value, i) => Math.abs(value - a.at(i - 1)! * b.at(i - 1)!));
for (const owned of [publicKey, secretKeys, ev]) owned.dispose();

const report = {
  isolated: crossOriginIsolated,
  threads: backend.threads,
  largestError: Math.max(...errors),
  live: backend.live,
};
backend.dispose();
await fetch('/result', { method: 'POST', body: JSON.stringify(report) });
