/**
 * The article's network for MNIST, shaped for encrypted evaluation: two squares are its only non-linear steps, so an
 * input goes through five multiplications one after the other.
 * @module
 */
import { Conv2d } from './conv2d.ts';
import { Dense } from './dense.ts';
import { Flatten } from './flatten.ts';
import { Sequential, type Weights } from './sequential.ts';
import { Square } from './square.ts';

/**
 * `[batch, 1, 28, 28]`, pixels 0…1 → `[batch, 10]` logits: conv 7×7 stride 3 to 4×8×8, square, flatten to 256 in the
 * order channel, row, column, dense to 64, square, dense to 10. 17,298 parameters.
 * @param weights `conv`, `fc1` and `fc2`, each with `.weight` and `.bias`; zeros when left out
 * @throws FheError FORMAT when the weights are not those of this network
 */
export function articleNetwork(weights?: Weights): Sequential {
  const model = new Sequential({
    conv: new Conv2d({ inputChannels: 1, outputChannels: 4, kernel: 7, stride: 3 }),
    square1: new Square(),
    flatten: new Flatten(),
    fc1: new Dense(256, 64), // 4 channels × 8×8 positions = 256
    square2: new Square(),
    fc2: new Dense(64, 10),
  });
  if (weights !== undefined) model.load(weights);
  return model;
}
