/**
 * Models that are objects and can be called: `model(x)`.
 * @module
 */
import type { TensorOperations } from './operations.ts';

/** A tensor of some kind, where the kind does not matter. */
export type AnyTensor = TensorOperations<AnyTensor>;

/**
 * The base of classes whose objects are functions. `new.target.prototype` gives the function the subclass's methods, and
 * the subclass's fields land on it, `#private` ones too, since its constructor takes what this one returns for `this`. (Not
 * `extends Function`, whose constructor compiles text, which pages with a content security policy refuse.)
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the constructor makes the signature true
export abstract class CallableModel {
  constructor() {
    const self = (x: AnyTensor): AnyTensor => (self as unknown as CallableModel).invoke(x);
    return Object.setPrototypeOf(self, new.target.prototype) as typeof this;
  }

  /** Asks any kind of tensor for what the model computes, by the tensor's own operations. */
  abstract on<T extends TensorOperations<T>>(x: T): T;

  /** What calling the object does. */
  protected invoke(x: AnyTensor): AnyTensor {
    return this.on(x);
  }
}

/** The call signature. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see the class
export interface CallableModel {
  /**
   * @param x a batch, of any kind of tensor; T is another kind than x where the first layer makes one of the other (exploded
   *   patches, whose convolution is a plain tensor)
   * @throws FheError FORMAT when its shape does not fit
   */
  <T extends TensorOperations<T>>(x: TensorOperations<T>): T;
}
