/** `show` of toyfhe/notebook in the kernel of the REPL: lessons draw with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKernel } from '../src/kernel/client.ts';
import type { Kernel } from '../src/kernel/kernel.ts';
import type { Output } from '../src/kernel/protocol.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = startKernel();
  await kernel.ready;
});
afterAll(() => kernel.close());

async function outputs(code: string): Promise<readonly Output[]> {
  const all: Output[] = [];
  const { status } = await kernel.execute(code, (output) => all.push(output));
  expect({ status, all: all.filter(({ type }) => type === 'error') }).toEqual({ status: 'ok', all: [] });
  return all;
}

describe('in the REPL', () => {
  it('show gives figures to the screen, in order with what is printed', async () => {
    const code = `import { show } from 'toyfhe/notebook';
      import { slotsFigure } from 'toyfhe/inspect';
      console.log('before');
      show(slotsFigure([1, 2]), { alt: 'two bars' });
      console.log('after');`;
    expect(await outputs(code)).toEqual([
      { type: 'stream', name: 'stdout', text: 'before\n' },
      {
        type: 'display_data',
        data: {
          'text/plain': '[figure: two bars]',
          'application/vnd.plotly.v1+json': expect.objectContaining({
            layout: expect.anything() as unknown,
          }) as unknown,
        },
      },
      { type: 'stream', name: 'stdout', text: 'after\n' },
    ]);
  });

  it('showImages gives images', async () => {
    const [shown] = await outputs(
      `import { showImages } from 'toyfhe/notebook'; showImages([1, 0, 0, 1], { captions: ['x'] })`,
    );
    expect(shown).toEqual({
      type: 'display_data',
      data: {
        'text/plain': '[images: 1 image of 2×2: x]',
        'application/vnd.toyfhe.images+json': {
          width: 2,
          height: 2,
          channels: 1,
          pixels: [[1, 0, 0, 1]],
          captions: ['x'],
        },
      },
    });
  });
});
