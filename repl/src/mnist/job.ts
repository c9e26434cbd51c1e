/**
 * The article's main job: digits classified under encryption, every layer held against the clear network.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { dataFolder, type ImageSet, loadMnist, loadWeights } from '@toyfhe/datasets';
import { type Backend, FheError, type ParameterSpec } from 'toyfhe/backend';
import { type Comparison, cmp, together } from 'toyfhe/inspect';
import { argmax, articleNetwork, EncryptedArticleNetwork, readSafetensors, Tensor } from 'toyfhe/nn';
import { type BackendName, createBackend } from '../backends.ts';
import { Progress } from '../progress.ts';

export interface MnistOptions {
  readonly backend: BackendName;
  /** Default: as many as fit one batch. */
  readonly images?: number;
  readonly dataset: 'auto' | 'mnist' | 'stand-in';
  /** The engine's threads, the only backend with more than one. Default: all cores. */
  readonly threads?: number;
  /** A weights file of one's own. Default: the weights that come with the package. */
  readonly weights?: string;
}

/** The line that `--json` prints. */
export interface MnistResult {
  readonly task: 'mnist';
  readonly backend: string;
  readonly dataset: string;
  readonly images: number;
  /** Encrypted predictions that equal the label. */
  readonly correct: number;
  /** Predictions in the clear that equal the label. */
  readonly plainCorrect: number;
  /** Encrypted predictions that equal the ones in the clear. */
  readonly agree: number;
  readonly maxLogitError: number;
  readonly ringDegree: number;
  readonly logQP: number;
  /** 128, or 0: nothing is claimed. */
  readonly securityBits: number;
  readonly seconds: {
    readonly keygen: number;
    /** Encoding the weights, once for all batches. */
    readonly prepare: number;
    readonly encrypt: number;
    readonly evaluate: number;
    readonly decrypt: number;
  };
}

export interface MnistRun {
  readonly result: MnistResult;
  readonly data: ImageSet;
  readonly predictions: readonly { readonly label: number; readonly plain: number; readonly encrypted: number }[];
  /** One a layer; over all batches. */
  readonly layers: readonly Comparison[];
  readonly rotations: number;
}

/** log QP = 320 of 438 at degree 16384: 128-bit security, the article's chain [60, 40×5 | 60] one degree up. */
const SECURE: ParameterSpec = { ringDegree: 16384, chain: [60, 40, 40, 40, 40, 40], special: [60], scaleBits: 40 };
/** The engine's primes are below 2^50. log QP = 382: with three special primes a key switch has two digits, not six. */
const ENGINE: ParameterSpec = { ...SECURE, chain: [50, 40, 40, 40, 40, 40], special: [44, 44, 44] };
/** The same chain on a ring of 64 slots, where one image fits. Readable, not secure. */
const TOY: ParameterSpec = { ...SECURE, ringDegree: 128, insecure: true };
const SPECS: Record<BackendName, ParameterSpec> = { engine: ENGINE, seal: SECURE, toy: TOY, twin: SECURE };

/** @throws FheError for bad options, damaged or missing data */
export async function classifyMnist(options: MnistOptions): Promise<MnistRun> {
  if (options.threads !== undefined && options.backend !== 'engine') {
    throw new FheError({
      code: 'RANGE',
      op: 'classify digits',
      field: 'threads',
      should: `left out for the backend ${options.backend}, which has one thread`,
      is: String(options.threads),
      hint: 'take the engine for more',
    });
  }
  const weights = readSafetensors(await weightsFile(options.weights)).tensors;
  const spec = SPECS[options.backend];
  const network = new EncryptedArticleNetwork(weights, spec.ringDegree / 2);
  // Who names a folder and asks for images means MNIST: `auto` would pass over a mistake in the name.
  const meant = options.images !== undefined && dataFolder().from === 'TOYFHE_DATA';
  const source = meant && options.dataset === 'auto' ? 'mnist' : options.dataset;
  const data = await loadMnist({ split: 'test', limit: options.images ?? network.batch, source });
  if (options.images !== undefined && options.images > data.count) {
    throw new FheError({
      code: 'RANGE',
      op: 'classify digits',
      field: 'number of images',
      should: `at most ${data.count}, which is all there are (${data.name})`,
      is: String(options.images),
      hint:
        data.name === 'stand-in-test' && options.dataset === 'auto'
          ? 'MNIST is not there, so drawn digits stand in: `npm run data` gets it, or set TOYFHE_DATA to the folder that holds mnist/'
          : 'ask for fewer',
    });
  }
  const backend = await createBackend(options.backend, spec, options.threads);
  try {
    return classify(backend, network, articleNetwork(weights), data);
  } finally {
    backend.dispose();
  }
}

async function weightsFile(path: string | undefined): Promise<Uint8Array> {
  if (path === undefined) return (await loadWeights('mnist-article')).bytes;
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FheError({
      code: 'FORMAT',
      op: 'read weights',
      field: path,
      should: 'a file that can be read',
      is: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause),
      hint: 'npm run train makes one',
      cause,
    });
  }
}

type Model = ReturnType<typeof articleNetwork>;

function classify(backend: Backend, network: EncryptedArticleNetwork, model: Model, data: ImageSet): MnistRun {
  const seconds = { keygen: 0, prepare: 0, encrypt: 0, evaluate: 0, decrypt: 0 };
  const timed = <T>(what: keyof typeof seconds, f: () => T): T => {
    const start = performance.now();
    const result = f();
    seconds[what] += (performance.now() - start) / 1000;
    return result;
  };

  const size = data.rows * data.columns;
  const batches = Math.ceil(data.count / network.batch);
  const layers = new Map<string, Comparison>();
  const predictions: { label: number; plain: number; encrypted: number }[] = [];
  let maxLogitError = 0;

  backend.scope(() => {
    const waiting = new Progress('keys', 1);
    const keys = timed('keygen', () => backend.keygen({ rotations: network.rotations }));
    waiting.end();
    const encoding = new Progress('weights', network.steps);
    const prepared = timed('prepare', () =>
      network.prepare(backend, backend.parameters.maxLevel, { onStep: () => encoding.step() }),
    );
    encoding.end();
    const progress = new Progress('images', batches * (network.patches + network.steps), { of: data.count });
    const onStep = (): void => progress.step();
    for (let start = 0; start < data.count; start += network.batch) {
      backend.scope(() => {
        const count = Math.min(network.batch, data.count - start);
        const pixels = data.images.subarray(start * size, (start + count) * size);
        const clear = model.activations(new Tensor([count, 1, data.rows, data.columns], Float64Array.from(pixels)));
        const patches = timed('encrypt', () => network.encrypt(backend, keys.publicKey, pixels, onStep));

        let looking = 0;
        const encrypted = timed('evaluate', () =>
          prepared.evaluate(keys.evaluationKeys, patches, {
            onStep,
            onLayer: (layer, output) => {
              const start = performance.now();
              const rows = output.map((c) => network.read(backend, keys.secretKeys, c));
              const here = compareLayer(layer, rows, clear.get(layer)!, count);
              const before = layers.get(layer);
              layers.set(layer, before === undefined ? here : together(before, here));
              looking += performance.now() - start;
            },
          }),
        );
        seconds.evaluate -= looking / 1000; // comparing is ours, not the server's

        const logits = timed('decrypt', () => network.decrypt(backend, keys.secretKeys, encrypted));
        const wanted = clear.get('fc2')!;
        for (let i = 0; i < count; i++) {
          const row = logits[i]!;
          row.forEach((v, d) => {
            maxLogitError = Math.max(maxLogitError, Math.abs(v - wanted.data[i * 10 + d]!));
          });
          const label = data.labels[start + i]!;
          predictions.push({ label, plain: argmax(wanted, i), encrypted: row.indexOf(Math.max(...row)) });
        }
      });
    }
    progress.end();
  });

  const { ringDegree, logQP } = backend.parameters;
  const { securityBits } = backend;
  const count = (test: (p: (typeof predictions)[number]) => boolean): number => predictions.filter(test).length;
  const result: MnistResult = {
    task: 'mnist',
    backend: backend.name,
    dataset: data.name,
    images: data.count,
    correct: count((p) => p.encrypted === p.label),
    plainCorrect: count((p) => p.plain === p.label),
    agree: count((p) => p.encrypted === p.plain),
    maxLogitError,
    ringDegree,
    logQP: Number(logQP.toFixed(1)),
    securityBits,
    seconds: {
      keygen: Number(seconds.keygen.toFixed(3)),
      prepare: Number(seconds.prepare.toFixed(3)),
      encrypt: Number(seconds.encrypt.toFixed(3)),
      evaluate: Number(seconds.evaluate.toFixed(3)),
      decrypt: Number(seconds.decrypt.toFixed(3)),
    },
  };
  return { result, data, predictions, layers: [...layers.values()], rotations: network.rotationCount };
}

/** @param rows a ciphertext, an image, a feature; ciphertext k holds the features from 64·k on */
function compareLayer(
  name: string,
  rows: readonly (readonly Float64Array[])[],
  clear: Tensor,
  count: number,
): Comparison {
  const width = clear.data.length / count;
  const got: number[] = [];
  for (let image = 0; image < count; image++) {
    got.push(...rows.flatMap((ciphertext) => [...ciphertext[image]!]).slice(0, width));
  }
  return cmp(name, got, clear.data);
}
