import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listWeights, loadWeights, readWeightsRecord } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'toyfhe-record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the record beside weights', () => {
  it('comes with each of the stored weights, and names the largest value of each layer', async () => {
    for (const name of await listWeights()) {
      const { record } = await loadWeights(name);
      expect(record.network).toMatch(/^conv/);
      expect(record.input).toContain('pixel/255');
      expect(Object.keys(record.largestAbsoluteValues)).not.toContain('about');
      for (const [layer, value] of Object.entries(record.largestAbsoluteValues)) {
        expect(layer).toMatch(/^[a-z]+\d?$/);
        expect(value).toBeGreaterThan(0);
      }
    }
    const { largestAbsoluteValues: largest } = (await loadWeights('mnist-article')).record;
    expect(Object.keys(largest)).toEqual(['conv', 'square1', 'flatten', 'fc1', 'square2', 'fc2']);
    expect(largest.square1).toBeCloseTo(largest.conv! ** 2, 3); // a square's largest is its input's, squared
  });

  it('is read beside any weights file', async () => {
    const good = { network: 'dense', input: 'x', largestAbsoluteValues: { about: 'words', fc: 2.5 }, seed: 7 };
    writeFileSync(join(folder, 'own.json'), JSON.stringify(good));
    expect(await readWeightsRecord(join(folder, 'own.safetensors'))).toEqual({
      network: 'dense',
      input: 'x',
      largestAbsoluteValues: { fc: 2.5 },
    });
  });

  it.each([
    ['{"network": ', /record of the weights should be JSON but is .*; `npm run train` writes it/],
    ['[]', /the record should be an object but is \[\]/],
    ['{"network":"n","input":"i"}', /largestAbsoluteValues should be an object but is missing/],
    [
      '{"network":"n","input":"i","largestAbsoluteValues":{"about":"x"}}',
      /should be a number for each layer but is empty/,
    ],
    ['{"network":"n","input":"i","largestAbsoluteValues":{"fc":"9"}}', /\.fc should be a number ≥ 0 but is "9"/],
    ['{"network":"n","input":"i","largestAbsoluteValues":{"fc":-1}}', /\.fc should be a number ≥ 0 but is -1/],
    ['{"input":"i","largestAbsoluteValues":{"fc":1}}', /network should be text but is missing/],
  ])('is refused where it is damaged: %s', async (text, message) => {
    writeFileSync(join(folder, 'bad.json'), text);
    await expect(readWeightsRecord(join(folder, 'bad.safetensors'))).rejects.toThrow(message);
  });

  it('is not looked for beside files of another name, least of all in the file itself', async () => {
    const path = join(folder, 'w.bin');
    writeFileSync(path, JSON.stringify({ network: 'n', input: 'i', largestAbsoluteValues: { fc: 1 } }));
    await expect(readWeightsRecord(path)).rejects.toThrow(
      /name of the weights file should be <name>.safetensors but is .*w\.bin; rename it/,
    );
  });

  it('is refused where it is missing', async () => {
    const missing = /record of the weights should be there but is ENOENT; `npm run train` writes it/;
    await expect(readWeightsRecord(join(folder, 'none.safetensors'))).rejects.toThrow(missing);
  });
});
