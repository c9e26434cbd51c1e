/**
 * What the session has declared so far, and the line of TypeScript that makes a new cell see it.
 * @module
 */

import type { Kind } from './types-of-values.ts';

/** How a name was declared: what may be done with it later. */
export type Declared =
  | 'const'
  | 'let'
  /** A function, class, enum or type of the session's own. */
  | 'definition'
  /** By an import statement. */
  | 'import';

interface Name {
  /** The module that exports it. */
  readonly module: string;
  /** Its name there. */
  readonly as: string;
  readonly declared: Declared;
  readonly about: About;
}

/** What a name's value is, as far as TypeScript knows. */
export interface About {
  /** As TypeScript prints it. Undefined for a type, which has no value. */
  readonly type: string | undefined;
  readonly kind: Kind;
}

/** The value of the last expression, as in Node and IPython. */
export const LAST = '_';

export class Names {
  /** In the order in which they were declared last. */
  readonly #names: Map<string, Name> = new Map();
  /** What is there from the start, without having been declared: name → what TypeScript calls it, such as `function`. */
  readonly preloaded: ReadonlyMap<string, string>;
  readonly #module: string;

  /** @param module that exports what is preloaded */
  constructor(module: string, preloaded: ReadonlyMap<string, string>) {
    this.#module = module;
    this.preloaded = preloaded;
  }

  /** Declared here, oldest first; without `_`. */
  get own(): string[] {
    return [...this.#names.keys()].filter((name) => name !== LAST);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** What the session made itself and did not import. */
  get made(): string[] {
    return this.own.filter((name) => this.#names.get(name)!.declared !== 'import');
  }

  about(name: string): About | undefined {
    return this.#names.get(name)?.about;
  }

  /** The newest variable of a kind. */
  newest(kind: Kind): string | undefined {
    return this.own.findLast((name) => this.#names.get(name)!.about.kind === kind);
  }

  /** `as`: its name in that module, where it is another. */
  declare(name: string, module: string, declared: Declared, about: About, as: string = name): void {
    this.#names.delete(name); // so that it is the newest
    this.#names.set(name, { module, as, declared, about });
  }

  /**
   * One line of TypeScript that makes known the names that the cell mentions, so that the compiler looks at few of hundreds;
   * but none that the cell declares itself. A variable is declared
   * with the type of its latest declaration, because an import could not be assigned to.
   */
  prelude(except: ReadonlySet<string>, mentioned: ReadonlySet<string>): string {
    const imports = new Map<string, string[]>();
    const declarations: string[] = [];
    const add = (module: string, what: string): void => {
      const list = imports.get(module);
      if (list === undefined) imports.set(module, [what]);
      else list.push(what);
    };
    for (const name of mentioned) {
      if (this.preloaded.has(name) && !except.has(name) && !this.#names.has(name)) add(this.#module, name);
    }
    for (const [name, { module, as, declared }] of this.#names) {
      if (except.has(name) || !mentioned.has(name)) continue;
      if (declared === 'import' || declared === 'definition') add(module, as === name ? name : `${as} as ${name}`);
      else declarations.push(`declare ${declared} ${name}: typeof import('./${module}').${as};`);
    }
    const lines = [...imports].map(([module, names]) => `import { ${names.join(', ')} } from './${module}';`);
    return [...lines, ...declarations].join(' ');
  }
}
