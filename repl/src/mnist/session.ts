/**
 * A classifier at work on one backend: keys and weights once, then images, every layer held against the clear network.
 * @module
 */
import type { Backend, Ciphertext, EvaluationKeys, PublicKey, SecretKeys } from 'toyfhe/backend';
import { images as part } from 'toyfhe/compiler';
import { type Comparison, cmp, together } from 'toyfhe/inspect';
import { argmax, type Tensor } from 'toyfhe/nn';
import { Progress } from '../progress.ts';
import type { Classifier, PreparedClassifier } from './classifier.ts';

export interface Prediction {
  readonly label: number;
  readonly plain: number;
  readonly encrypted: number;
}

/** What a session has found out, over all images. */
export interface Tally {
  readonly predictions: readonly Prediction[];
  /** One a layer. */
  readonly layers: readonly Comparison[];
  readonly maxLogitError: number;
  readonly seconds: {
    readonly keygen: number;
    /** Encoding the weights, once for all batches. */
    readonly prepare: number;
    readonly encrypt: number;
    readonly evaluate: number;
    readonly decrypt: number;
  };
  /** Seconds of each evaluation that counts. */
  readonly evaluations: readonly number[];
}

/** Makes keys and encodes weights, in the backend's scope. */
export class Session {
  readonly backend: Backend;
  readonly classifier: Classifier;
  readonly #keys: { secretKeys: SecretKeys; publicKey: PublicKey; evaluationKeys: EvaluationKeys };
  readonly #prepared: PreparedClassifier;
  readonly #seconds = { keygen: 0, prepare: 0, encrypt: 0, evaluate: 0, decrypt: 0 };
  readonly #evaluations: number[] = [];
  readonly #layers = new Map<string, Comparison>();
  readonly #predictions: Prediction[] = [];
  #maxLogitError = 0;

  constructor(backend: Backend, classifier: Classifier) {
    this.backend = backend;
    this.classifier = classifier;
    const waiting = new Progress('keys', 1);
    this.#keys = this.#timed('keygen', () => backend.keygen(classifier.keys));
    waiting.end();
    const encoding = new Progress('weights', classifier.steps.prepare);
    this.#prepared = this.#timed('prepare', () => classifier.prepare(backend, () => encoding.step()));
    encoding.end();
  }

  get tally(): Tally {
    return {
      predictions: this.#predictions,
      layers: [...this.#layers.values()],
      maxLogitError: this.#maxLogitError,
      seconds: this.#seconds,
      evaluations: this.#evaluations,
    };
  }

  /**
   * Encrypts images; what comes of them belongs to the backend's scope.
   * @param images `[count, …]`, any number: batch after batch
   */
  start(images: Tensor, onStep: () => void): Round {
    const { batch } = this.classifier;
    const count = images.shape[0]!;
    const parts = Array.from({ length: Math.ceil(count / batch) }, (_, i) =>
      part(images, i * batch, Math.min((i + 1) * batch, count)),
    );
    const clear = parts.map((p) => this.classifier.clear(p));
    const { secretKeys, publicKey, evaluationKeys } = this.#keys;
    const encrypted = this.#timed('encrypt', () => parts.map((p) => this.#prepared.encrypt(publicKey, p, onStep)));
    const times: number[] = [];
    let logits: (readonly Ciphertext[])[] = [];
    return {
      evaluate: () => {
        for (const c of logits.flat()) c.dispose();
        const first = times.length === 0;
        let looking = 0;
        const start = performance.now();
        logits = encrypted.map((ciphertexts, i) =>
          this.#prepared.evaluate(evaluationKeys, ciphertexts, {
            onStep,
            ...(first && {
              onLayer: (layer: string, output: readonly Ciphertext[]): void => {
                const from = performance.now();
                const wanted = clear[i]!.get(layer);
                if (wanted !== undefined) this.#compare(layer, this.#prepared.read(secretKeys, layer, output), wanted);
                looking += performance.now() - from;
              },
            }),
          }),
        );
        times.push((performance.now() - start - looking) / 1000); // comparing is ours, not the server's
      },
      finish: (labels) => {
        const seconds = median(times);
        this.#seconds.evaluate += seconds;
        this.#evaluations.push(seconds);
        const { output } = this.classifier;
        const rows = this.#timed('decrypt', () => logits.map((c) => this.#prepared.read(secretKeys, output, c)));
        rows.forEach((images, i) => this.#predict(images, clear[i]!.get(output)!, labels.subarray(i * batch)));
      },
    };
  }

  #timed<T>(what: 'keygen' | 'prepare' | 'encrypt' | 'decrypt', f: () => T): T {
    const start = performance.now();
    const result = f();
    this.#seconds[what] += (performance.now() - start) / 1000;
    return result;
  }

  /** @param rows an image each, as wide as the layer or wider */
  #compare(layer: string, rows: readonly Float64Array[], clear: Tensor): void {
    const count = clear.shape[0]!;
    const width = clear.data.length / count;
    const got = new Float64Array(clear.data.length);
    rows.slice(0, count).forEach((row, i) => got.set(row.subarray(0, width), i * width));
    const here = cmp(layer, got, clear.data);
    const before = this.#layers.get(layer);
    this.#layers.set(layer, before === undefined ? here : together(before, here));
  }

  #predict(rows: readonly Float64Array[], clear: Tensor, labels: Uint8Array): void {
    const [count, classes] = clear.shape as [number, number];
    for (let i = 0; i < count; i++) {
      const row = rows[i]!.subarray(0, classes);
      row.forEach((v, d) => {
        this.#maxLogitError = Math.max(this.#maxLogitError, Math.abs(v - clear.data[i * classes + d]!));
      });
      const encrypted = row.indexOf(Math.max(...row));
      this.#predictions.push({ label: labels[i]!, plain: argmax(clear, i), encrypted });
    }
  }
}

/** Some images on one backend. */
export interface Round {
  /** May be called several times: the median time counts. The layers are compared in the first one. */
  evaluate(): void;
  /** @param labels one an image */
  finish(labels: Uint8Array): void;
}

/** Of the middle one, or of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
