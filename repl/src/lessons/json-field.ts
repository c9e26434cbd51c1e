/**
 * Reading JSON that others wrote: every look checks what is there, and a refusal says in which file and where in it.
 * @module
 */
import { FheError } from 'toyfhe/backend';

const CURE = 'correct it there (docs/lessons.md says how a lesson is written)';

/** A value inside a JSON file, and the way to it. */
export class JsonField {
  /** `undefined` where there is none. */
  readonly value: unknown;
  readonly #file: string;
  readonly #path: string;

  /** @param path such as `cell 3` or `cell 3, metadata.toyfhe`; empty for the file as a whole */
  constructor(value: unknown, file: string, path: string = '') {
    this.value = value;
    this.#file = file;
    this.#path = path;
  }

  /** @throws FheError FORMAT for text that is no JSON */
  static parse(text: string, file: string): JsonField {
    try {
      return new JsonField(JSON.parse(text), file);
    } catch (cause) {
      const is = cause instanceof Error ? cause.message : String(cause);
      throw new JsonField(undefined, file).refuse('JSON', is, 'take a whole copy of the file', cause);
    }
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  /** A field of this object; its value is undefined where it is not there. */
  get(name: string): JsonField {
    const { [name]: value } = this.object();
    const between = this.#path === '' ? '' : /^cell \d+$/.test(this.#path) ? ', ' : '.';
    return new JsonField(value, this.#file, `${this.#path}${between}${name}`);
  }

  /** The same value under another path, for messages. */
  at(path: string): JsonField {
    return new JsonField(this.value, this.#file, path);
  }

  /** Another value in the place of this one. */
  with(value: unknown): JsonField {
    return new JsonField(value, this.#file, this.#path);
  }

  /** @throws FheError FORMAT, as all that follow */
  object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.refuse('an object');
    return value as Readonly<Record<string, unknown>>;
  }

  list(): readonly JsonField[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.refuse('a list');
    return value.map((entry: unknown, i) => new JsonField(entry, this.#file, `${this.#path}[${i}]`));
  }

  string(): string {
    if (typeof this.value !== 'string') throw this.refuse('a text');
    return this.value;
  }

  /** A text, or the list of its lines that Jupyter makes of it. */
  lines(): string {
    if (!Array.isArray(this.value)) return this.string();
    return this.list()
      .map((line) => line.string())
      .join('');
  }

  integer(least: number, most: number): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.refuse(`an integer from ${least} to ${most}`);
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const choice = choices.find((name) => name === this.value);
    if (choice === undefined) throw this.refuse(`one of ${choices.join(', ')}`);
    return choice;
  }

  /** Refuses fields with other names: a misspelt one would be passed over in silence. */
  only(names: readonly string[]): this {
    const stranger = Object.keys(this.object()).find((name) => !names.includes(name));
    if (stranger === undefined) return this;
    throw this.refuse(names.length === 0 ? 'empty' : `of the fields ${names.join(', ')} only`, `with ${stranger}`);
  }

  /** The error that this field should be something else. */
  refuse(should: string, is: string = brief(this.value), hint: string = CURE, cause?: unknown): FheError {
    const field = this.#path === '' ? 'the file' : this.#path;
    return new FheError({ code: 'FORMAT', op: `read ${this.#file}`, field, should, is, hint, cause });
  }
}

/** A value in a few characters. */
function brief(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
