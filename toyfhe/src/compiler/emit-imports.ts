/**
 * The imports of an emitted program: what it uses itself, together with what a caller's parts of it need.
 * @module
 */

/** `import { a, type B as C } from 'x';`, all that is merged; other forms stay as they are. */
const NAMED = /^\s*import\s+(type\s+)?\{([^}]*)\}\s*from\s*['"]([^'"]+)['"];?\s*$/;

export class Imports {
  /** By module, the specifiers: `name`, `type Name`, `name as other`. */
  readonly #modules = new Map<string, Set<string>>();
  readonly #others: string[] = [];

  /** @returns the name, so that it can be used where it is imported */
  use(module: string, name: string): string {
    const names = this.#modules.get(module) ?? new Set();
    this.#modules.set(module, names.add(name));
    return name;
  }

  /** An import statement that somebody wrote. */
  add(text: string): void {
    const [, type, names, module] = NAMED.exec(text) ?? [];
    if (names === undefined || module === undefined) {
      this.#others.push(text.trim());
      return;
    }
    for (const name of names.split(',').map((n) => n.trim())) {
      if (name !== '') this.use(module, type === undefined || name.startsWith('type ') ? name : `type ${name}`);
    }
  }

  /** The names that these imports bind, as far as they are merged. */
  get names(): string[] {
    return [...this.#modules.values()].flatMap((names) => [...names].map(localName));
  }

  /**
   * The statements: Node's modules first, each module once, names in order.
   * @param text the program; what does not occur in it is left out
   */
  print(text: string): string[] {
    const words = new Set(text.match(/[\w$]+/g));
    const place = (module: string): string => (module.startsWith('node:') ? `0${module}` : `1${module}`);
    const modules = [...this.#modules].sort(([a], [b]) => compare(place(a), place(b)));
    const statements = modules.flatMap(([module, names]) => {
      const used = [...names].filter((name) => words.has(localName(name)));
      return used.length === 0 ? [] : [printImport(module, used)];
    });
    return [...statements, ...this.#others];
  }
}

/** The name that a specifier binds. */
function localName(specifier: string): string {
  return specifier.replace(/^type /, '').replace(/^.* as /, '');
}

function printImport(module: string, names: readonly string[]): string {
  const bare = (name: string): string => name.replace(/^type /, '');
  // What is imported as a value is a type as well.
  const all = names.filter((name) => !(name.startsWith('type ') && names.includes(bare(name))));
  all.sort((a, b) => compare(bare(a).toLowerCase(), bare(b).toLowerCase()));
  const line = `import { ${all.join(', ')} } from '${module}';`;
  if (line.length <= 120) return line; // the width of lines that Prettier is set to here
  return `import {\n${all.map((name) => `  ${name},\n`).join('')}} from '${module}';`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
