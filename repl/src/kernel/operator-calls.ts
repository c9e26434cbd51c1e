/**
 * The call that an operator on ciphertexts stands for, as text: `c * d` is `c.mul(d)` on the toy and `server.mul(c, d)`
 * behind the contract.
 * @module
 */
import type { Kind } from './types-of-values.ts';

export interface Operand {
  readonly text: string;
  readonly kind: Kind;
}

export type Operator = '+' | '-' | '*' | '/' | '**';

/** The variables that calls behind the contract need: the newest of each kind. */
export interface Tools {
  readonly keys: string | undefined;
  readonly backend: string | undefined;
}

/** Undefined: this operator means nothing on these operands, and TypeScript's error is the answer. */
export function operatorCall(left: Operand, operator: Operator, right: Operand, tools: Tools): Operand | undefined {
  const kinds = [left.kind, right.kind];
  if (kinds.includes('other')) return undefined;
  if (kinds.includes('ciphertext')) return onBackend(left, operator, right, tools);
  if (kinds.includes('toy ciphertext')) return onToy(left, operator, right);
  if (left.kind === 'arithmetic' && (right.kind === 'arithmetic' || operator === '**')) {
    return onArithmetic(left, operator, right);
  }
  return undefined;
}

/** `-x`. */
export function negationCall(x: Operand, tools: Tools): Operand | undefined {
  if (x.kind === 'ciphertext') {
    return tools.keys === undefined ? undefined : { text: `${tools.keys}.neg(${bare(x)})`, kind: x.kind };
  }
  if (x.kind === 'toy ciphertext' || x.kind === 'arithmetic') return { text: `${receiver(x)}.neg()`, kind: x.kind };
  return undefined;
}

function onToy(left: Operand, operator: Operator, right: Operand): Operand | undefined {
  const call = (on: Operand, method: string, by: string): Operand => ({
    text: `${receiver(on)}.${method}(${by})`,
    kind: 'toy ciphertext',
  });
  const onLeft = left.kind === 'toy ciphertext';
  switch (operator) {
    case '+':
      return onLeft ? call(left, 'add', bare(right)) : call(right, 'add', bare(left));
    case '-':
      if (onLeft) return call(left, 'sub', bare(right));
      return { text: `${receiver(right)}.neg().add(${bare(left)})`, kind: 'toy ciphertext' };
    case '*':
      return onLeft ? call(left, 'mul', factor(right)) : call(right, 'mul', factor(left));
    case '/':
      return onLeft && right.kind === 'number' ? call(left, 'mul', inverse(right)) : undefined;
    case '**':
      return onLeft ? toyPower(left, right) : undefined;
  }
}

/** The toy multiplies by an integer exactly, and any other number is a plaintext: `2 * c` is `c.mul(2n)`. */
function factor({ text, kind }: Operand): string {
  return kind === 'number' && /^-?\d{1,15}$/.test(text.trim()) ? `${text.trim()}n` : stripped(text);
}

function toyPower(base: Operand, exponent: Operand): Operand | undefined {
  const n = smallExponent(exponent);
  if (n === undefined || exponent.kind !== 'number') return undefined;
  if (n === 1) return base;
  if (n <= 4 && isSimple(base.text)) {
    return { text: `${base.text}${`.mul(${base.text})`.repeat(n - 1)}`, kind: base.kind };
  }
  return { text: `evaluate('x^${n}', { x: ${bare(base)} })`, kind: base.kind };
}

function onArithmetic(left: Operand, operator: Operator, right: Operand): Operand | undefined {
  const names = { '+': 'add', '-': 'sub', '*': 'mul' } as const;
  if (operator === '**') {
    if (smallExponent(right) !== 2 || !isSimple(left.text)) return undefined;
    return { text: `${left.text}.mul(${left.text})`, kind: left.kind };
  }
  if (operator === '/') return undefined;
  return { text: `${receiver(left)}.${names[operator]}(${bare(right)})`, kind: left.kind };
}

function onBackend(left: Operand, operator: Operator, right: Operand, tools: Tools): Operand | undefined {
  const { keys, backend } = tools;
  if (keys === undefined) return undefined;
  const made = (text: string): Operand => ({ text, kind: 'ciphertext' });
  const verb = (name: string, ...operands: Operand[]): Operand =>
    made(`${keys}.${name}(${operands.map(bare).join(', ')})`);
  const constant = (name: string, c: Operand, x: string): Operand | undefined =>
    backend === undefined ? undefined : made(`${name}(${backend}, ${keys}, ${bare(c)}, ${x})`);
  const [c, other] = left.kind === 'ciphertext' ? [left, right] : [right, left];
  const flipped = c === right;
  const negated = (x: Operand): Operand => verb('neg', x);
  switch (operator) {
    case '+':
      if (other.kind === 'ciphertext') return verb('add', left, right);
      if (other.kind === 'plaintext') return verb('addPlain', c, other);
      return other.kind === 'number' ? constant('addConstant', c, bare(other)) : undefined;
    case '-':
      if (other.kind === 'ciphertext') return verb('sub', left, right);
      if (other.kind === 'plaintext') {
        return flipped ? verb('addPlain', negated(c), other) : negated(verb('addPlain', negated(c), other));
      }
      if (other.kind !== 'number') return undefined;
      return flipped ? constant('addConstant', negated(c), bare(other)) : constant('addConstant', c, minus(other));
    case '*':
      if (other.kind === 'ciphertext') return verb('mul', left, right);
      if (other.kind === 'plaintext') return verb('mulPlain', c, other);
      return other.kind === 'number' ? constant('mulConstant', c, bare(other)) : undefined;
    case '/':
      return !flipped && other.kind === 'number' ? constant('mulConstant', c, inverse(other)) : undefined;
    case '**': {
      const n = flipped ? undefined : smallExponent(right);
      if (n === undefined) return undefined;
      if (n === 1) return left;
      return n === 2 ? verb('square', left) : constant('power', left, String(n));
    }
  }
}

/** An exponent that is written out, from 1 on. */
function smallExponent({ text }: Operand): number | undefined {
  const n = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return n >= 1 ? n : undefined;
}

function inverse(x: Operand): string {
  return `1 / ${isSimple(x.text) || /^[\d.]+$/.test(x.text.trim()) ? x.text.trim() : `(${stripped(x.text)})`}`;
}

function minus(x: Operand): string {
  const text = x.text.trim();
  if (/^[\d.]+$/.test(text) || isSimple(text)) return `-${text}`;
  return text.startsWith('-') && /^-[\d.]+$/.test(text) ? text.slice(1) : `-(${stripped(text)})`;
}

/** Something that needs no parentheses before a dot. */
function isSimple(text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u.test(text.trim());
}

/** As the object of a method call. */
function receiver({ text }: Operand): string {
  const trimmed = text.trim();
  return isSimple(trimmed) || isCallOrParenthesis(trimmed) ? trimmed : `(${trimmed})`;
}

/** As an argument: outer parentheses are not needed. */
function bare({ text }: Operand): string {
  return stripped(text);
}

/** Ends with a bracket whose partner begins a call, an index or the text itself: `a.mul(b)`, `(a)`, `cs[0]`. */
function isCallOrParenthesis(text: string): boolean {
  if (!/[)\]]$/.test(text)) return false;
  let depth = 0;
  for (const [i, character] of [...text].entries()) {
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (depth === 0 && !/[\p{L}\p{N}_$.]/u.test(character)) return false;
    if (depth < 0 || i > 500) return false;
  }
  return depth === 0;
}

/** Without parentheses around the whole. */
function stripped(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('(') || !trimmed.endsWith(')')) return trimmed;
  let depth = 0;
  for (let i = 0; i < trimmed.length - 1; i++) {
    if (trimmed[i] === '(') depth++;
    else if (trimmed[i] === ')') depth--;
    if (depth === 0) return trimmed;
  }
  return trimmed.slice(1, -1).trim();
}
