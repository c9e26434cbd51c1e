/**
 * Formulas of LaTeX in one line of Unicode, where that is easy to read.
 * @module
 */
import { blackboard, lowered, OPERATORS, raised, SYMBOLS } from './latex-symbols.ts';

/** Thrown and caught in here: the formula needs more than one line of characters. */
class TooHard extends Error {}

/** `q_i \cdot 2^{40}` → `qᵢ · 2⁴⁰`; undefined for what has no easy reading, such as matrices. */
export function readableFormula(latex: string): string | undefined {
  try {
    return new Reader(latex).all().replace(/ {2,}/g, ' ').trim();
  } catch (error) {
    if (error instanceof TooHard) return undefined;
    throw error;
  }
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(latex: string) {
    this.#tokens = latex.match(/\\[a-zA-Z]+\*?|\\[^]|[^]/gu) ?? [];
  }

  all(): string {
    const text = this.#until(undefined);
    if (this.#at < this.#tokens.length) throw new TooHard();
    return text;
  }

  /** Everything up to a closing brace or bracket, which is left. */
  #until(end: string | undefined): string {
    let text = '';
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== end) text += this.#next();
    return text;
  }

  #next(): string {
    const token = this.#take();
    if (token === '{') return this.#group();
    if (token === '}') throw new TooHard();
    if (token === '^') return script(this.#argument(), raised, '^');
    if (token === '_') return script(this.#argument(), lowered, '_');
    if (token === "'") return '′';
    if (token === '-') return '−';
    if (token === '~' || token === '\n') return ' ';
    return token.startsWith('\\') && token.length > 1 ? this.#command(token.slice(1)) : token;
  }

  #command(name: string): string {
    const operator = OPERATORS.get(name);
    // Small above and below the line, an operator has no spaces; `script` takes them out.
    if (operator !== undefined) return ` ${operator} `;
    const symbol = SYMBOLS.get(name);
    if (symbol !== undefined) return symbol;
    if (name === 'frac' || name === 'tfrac' || name === 'dfrac')
      return `${inBrackets(this.#argument())}/${inBrackets(this.#argument())}`;
    if (name === 'sqrt' && this.#tokens[this.#at] !== '[') return `√${inBrackets(this.#argument())}`;
    if (name === 'mathbb') return this.#mapped(blackboard);
    if (name === 'pmod') return `(mod ${this.#argument()})`;
    if (
      ['mathbf', 'mathrm', 'mathit', 'mathcal', 'mathsf', 'text', 'textbf', 'operatorname', 'boldsymbol'].includes(name)
    )
      return this.#argument();
    throw new TooHard();
  }

  #mapped(map: (text: string) => string | undefined): string {
    const image = map(this.#argument());
    if (image === undefined) throw new TooHard();
    return image;
  }

  /** A group, or the next token alone. */
  #argument(): string {
    while (this.#tokens[this.#at] === ' ') this.#at++;
    return this.#next();
  }

  #group(): string {
    const text = this.#until('}');
    if (this.#take() !== '}') throw new TooHard();
    return text;
  }

  #take(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new TooHard();
    return token;
  }
}

function script(text: string, small: (text: string) => string | undefined, mark: '^' | '_'): string {
  const tight = text.replaceAll(' ', '');
  return small(tight) ?? mark + ([...tight].length === 1 ? tight : `(${text.trim()})`);
}

/** `a + b` → `(a + b)`; a single letter or number stays. */
function inBrackets(text: string): string {
  return /^[\p{L}\p{N}⁰-₎′._]*$/u.test(text) ? text : `(${text.trim()})`;
}
