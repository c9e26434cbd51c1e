/**
 * Identifiers for values: a layer may be called `layer1.0/conv` or `class`, a variable may not.
 * @module
 */

/** Words that name nothing else: the language's, and globals that programs use. */
const WORDS =
  'arguments async await break case catch class const continue debugger default delete do else enum eval export extends ' +
  'false finally for function if implements import in instanceof interface let new null of package private protected ' +
  'public return static super switch this throw true try typeof undefined using var void while with yield ' +
  'Array Error Float64Array JSON Map Math Number Object Promise Set String Symbol console globalThis process';

/** Gives each text a name of its own. */
export class Names {
  readonly #taken: Set<string>;

  /** @param reserved what the program calls its own things */
  constructor(reserved: Iterable<string>) {
    this.#taken = new Set([...WORDS.split(' '), ...reserved]);
  }

  /** `layer1.0/conv` → `layer1_0Conv`; a name that is taken gets a number. */
  of(text: string): string {
    const name = identifier(text);
    let free = name;
    for (let n = 2; this.#taken.has(free); n++) free = /\d$/.test(name) ? `${name}_${n}` : `${name}${n}`;
    this.#taken.add(free);
    return free;
  }
}

function identifier(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.reduce((name, word) => {
    if (name === '') return word;
    return /\d$/.test(name) && /^\d/.test(word) ? `${name}_${word}` : name + word[0]!.toUpperCase() + word.slice(1);
  }, '');
  if (joined === '') return 'value';
  return /^\d/.test(joined) ? `_${joined}` : joined;
}
