/** The article's network with its weights encoded once; what it computes is tested in repl/test/mnist.test.ts. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Backend, Scale, twin } from '../src/backend/index.ts';
import { articleNetwork, EncryptedArticleNetwork, Random } from '../src/nn/index.ts';

const SPEC = { ringDegree: 256, chain: [60, 40, 40, 40, 40, 40, 40], special: [60], insecure: true } as const;

afterEach(() => vi.restoreAllMocks());

function network(backend: Backend): EncryptedArticleNetwork {
  const model = articleNetwork();
  model.initialize(new Random(1));
  return new EncryptedArticleNetwork(model.weights(), backend.parameters.slots);
}

/** Two batches of two images. */
const IMAGES = [1, 2].map((k) => Float64Array.from({ length: 2 * 784 }, (_, i) => ((i * k) % 7) / 7));

describe('a prepared network', () => {
  it('computes as the network does, batch after batch, and encodes nothing', () => {
    const b = twin(SPEC);
    const net = network(b);
    b.scope(() => {
      const { publicKey, secretKeys, evaluationKeys: ev } = b.keygen({ rotations: net.rotations });
      let weights = 0;
      const prepared = net.prepare(b, b.parameters.maxLevel, { onStep: () => weights++ });
      expect(weights).toBe(net.steps);
      for (const images of IMAGES) {
        const patches = net.encrypt(b, publicKey, images);
        const want = net.decrypt(b, secretKeys, net.evaluate(b, ev, patches));
        const before = b.live;
        const encode = vi.spyOn(b, 'encode');
        let steps = 0;
        const layers: string[] = [];
        const logits = prepared.evaluate(ev, patches, {
          onStep: () => steps++,
          onLayer: (layer, output) => void layers.push(`${layer} ${output.length}`),
        });
        expect(encode).not.toHaveBeenCalled();
        encode.mockRestore();
        expect([steps, b.live]).toEqual([net.steps, before + 1]);
        expect(layers).toEqual(['conv 4', 'square1 4', 'fc1 1', 'square2 1', 'fc2 1']);
        expect(net.decrypt(b, secretKeys, logits)).toEqual(want);
      }
    });
    expect(b.live).toBe(0);
  });

  it('owns its plaintexts: kept by a scope that returns it, given back when disposed', () => {
    const b = twin(SPEC);
    const net = network(b);
    const prepared = b.scope(() => net.prepare(b, 5));
    // A plaintext a weight; biases are zero here and left out.
    expect([b.live, prepared.disposed]).toEqual([net.steps, false]);
    prepared.dispose();
    prepared.dispose();
    expect([b.live, prepared.disposed]).toEqual([0, true]);
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen({ rotations: net.rotations });
      const patches = net.encrypt(b, publicKey, IMAGES[0]!).map((c) => ev.dropLevel(c, 5));
      expect(() => prepared.evaluate(ev, patches)).toThrow(/plaintext should be live but is disposed/);
    });
  });

  it('is for one level and one scale; the network itself takes what comes', () => {
    const b = twin(SPEC);
    const net = network(b);
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen({ rotations: net.rotations });
      const patches = net.encrypt(b, publicKey, IMAGES[0]!); // level 6
      const lower = patches.map((c) => ev.dropLevel(c, 5));
      const before = b.live;
      b.scope(() => {
        const prepared = net.prepare(b, 5);
        expect(prepared.level).toBe(5);
        expect(() => prepared.evaluate(ev, patches)).toThrow(/level should be 5 but is 6/);
        expect(prepared.evaluate(ev, lower).level).toBe(1);
        const scale = Scale.powerOfTwo(38);
        const others = patches.map(() => publicKey.encrypt(b.encode(0.5, { level: 5, scale })));
        expect(() => prepared.evaluate(ev, others)).toThrow(/scale should be 2\^40 but is 2\^38/);
        expect(net.prepare(b, 5, { scale }).evaluate(ev, others).level).toBe(1);
        expect(net.evaluate(b, ev, others).level).toBe(1);
        expect(net.evaluate(b, ev, patches).level).toBe(2);
      });
      expect(b.live).toBe(before);
    });
  });

  it('refuses what it cannot be made for', () => {
    const b = twin(SPEC);
    const net = network(b);
    expect(() => net.prepare(b, 4)).toThrow(/cannot prepare the article’s network: level .* at least 5 but is 4/);
    expect(() => net.prepare(b, 7)).toThrow(/level should be 0 to 6 but is 7/);
    expect(() => net.prepare(twin({ ...SPEC, ringDegree: 512 }), 5)).toThrow(/slots of the layout should be 256/);
    expect(() => net.evaluate(b, b.keygen().evaluationKeys, [])).toThrow(/cannot evaluate .* at least 5 but is 0/);
    b.scope(() => {
      const { publicKey, evaluationKeys: ev } = b.keygen();
      const patches = net.encrypt(b, publicKey, IMAGES[0]!).map((c) => ev.dropLevel(c, 4));
      expect(() => net.evaluate(b, ev, patches)).toThrow(/cannot evaluate .* at least 5 but is 4/);
    });
  });
});
