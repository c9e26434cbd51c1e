/**
 * Every test file, basics first: where several fail, mend the first. `vitest.config.ts` runs them in this order and
 * refuses to run when a file is missing here.
 */
export const testOrder: readonly string[] = [
  // Who may import what, and whether the package can be used at all.
  'toyfhe/test/architecture.test.ts',
  'repl/test/workspace.test.ts',
  // Numbers, rings, randomness.
  'toyfhe/test/toy-primes.test.ts',
  'toyfhe/test/toy-random.test.ts',
  'toyfhe/test/toy-integers.test.ts',
  'toyfhe/test/toy-ring.test.ts',
  // The three schemes on the toy.
  'toyfhe/test/toy-encoding.test.ts',
  'toyfhe/test/toy-keys.test.ts',
  'toyfhe/test/toy-ckks.test.ts',
  'toyfhe/test/toy-lessons.test.ts',
  'repl/test/walkthrough.test.ts',
  // The engine's kernels.
  'toyfhe/test/engine-sampling.test.ts',
  'toyfhe/test/engine-encoding.test.ts',
  'toyfhe/test/engine-kernels.test.ts',
  // The contract, and the backends behind it.
  'toyfhe/test/backend-scale.test.ts',
  'toyfhe/test/backend-slots.test.ts',
  'toyfhe/test/backend-parameters.test.ts',
  'toyfhe/test/backend-conformance.test.ts',
  'toyfhe/test/backend-handles.test.ts',
  'toyfhe/test/backend-shadow.test.ts',
  'toyfhe/test/seal-leaks.test.ts',
  // The engine as a whole.
  'toyfhe/test/engine-noise.test.ts',
  'toyfhe/test/engine-memory.test.ts',
  'toyfhe/test/engine-threads.test.ts',
  'toyfhe/test/engine-agreement.test.ts',
  'toyfhe/test/engine-edges.test.ts',
  'toyfhe/test/engine-serialize.test.ts',
  'toyfhe/test/engine-browser.test.ts',
  // What is built on the contract.
  'toyfhe/test/inspect-cmp.test.ts',
  'toyfhe/test/circuits.test.ts',
  'toyfhe/test/circuits-polynomial.test.ts',
  'toyfhe/test/circuits-minimax.test.ts',
  'toyfhe/test/circuits-comparison.test.ts',
  'toyfhe/test/circuits-maps.test.ts',
  'toyfhe/test/circuits-layout.test.ts',
  'toyfhe/test/circuits-transform.test.ts',
  'toyfhe/test/circuits-sums.test.ts',
  // Networks in the clear, data and weights.
  'toyfhe/test/nn-layers.test.ts',
  'toyfhe/test/nn-gradients.test.ts',
  'toyfhe/test/nn-model.test.ts',
  'toyfhe/test/nn-train.test.ts',
  'toyfhe/test/nn-safetensors.test.ts',
  'toyfhe/test/nn-onnx.test.ts',
  'toyfhe/test/encrypted-article.test.ts',
  'toyfhe/test/nn-encrypted.test.ts',
  'toyfhe/test/compiler.test.ts',
  'toyfhe/test/compiler-emit.test.ts',
  'toyfhe/test/docs.test.ts',
  'datasets/test/idx.test.ts',
  'datasets/test/mnist.test.ts',
  'datasets/test/download.test.ts',
  'datasets/test/cli.test.ts',
  'datasets/test/stand-in.test.ts',
  'datasets/test/weights.test.ts',
  'datasets/test/weights-record.test.ts',
  // The main job, the command, the built package.
  'repl/test/mnist.test.ts',
  'repl/test/mnist-seal.test.ts',
  'repl/test/relu.test.ts',
  'repl/test/compiled.test.ts',
  'repl/test/run.test.ts',
  'repl/test/cli.test.ts',
  'repl/test/bench.test.ts',
  'repl/test/readme.test.ts',
  'toyfhe/test/build.test.ts',
];
