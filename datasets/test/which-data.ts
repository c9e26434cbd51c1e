/**
 * Says once, before the tests, which images they use: without MNIST some of them see less.
 * @module
 */
import { join } from 'node:path';
import { dataFolder } from '../src/folder.ts';
import { hasMnist } from '../src/mnist.ts';

/** Vitest's `globalSetup`. */
export default function sayWhichData(): void {
  const { path, from } = dataFolder();
  const whole = hasMnist('test') && hasMnist('train');
  const why = from === 'cache' ? 'TOYFHE_DATA is not set' : `no whole MNIST in ${join(path, 'mnist')}`;
  console.log(`images: ${whole ? `MNIST from ${join(path, 'mnist')}` : `the drawn stand-in (${why})`}`);
}
