/**
 * Operators on ciphertexts: TypeScript has none, so the source text is rewritten to calls before it is compiled, by the types
 * of the operands. What was rewritten is compiled as if it had been typed, so the types of results are right.
 * @module
 */
import type ts from 'typescript';
import { cellSource, parse, type Prelude } from './cell-source.ts';
import { type Compiler, typescript } from './compiler.ts';
import { negationCall, type Operand, type Operator, operatorCall, type Tools } from './operator-calls.ts';
import { isOurs, type Kind, kindOf } from './types-of-values.ts';

const OPERATORS: ReadonlyMap<ts.SyntaxKind, Operator> = new Map<ts.SyntaxKind, Operator>([
  [typescript.SyntaxKind.PlusToken, '+'],
  [typescript.SyntaxKind.MinusToken, '-'],
  [typescript.SyntaxKind.AsteriskToken, '*'],
  [typescript.SyntaxKind.SlashToken, '/'],
  [typescript.SyntaxKind.AsteriskAsteriskToken, '**'],
]);

const ASSIGNMENTS: ReadonlyMap<ts.SyntaxKind, Operator> = new Map<ts.SyntaxKind, Operator>([
  [typescript.SyntaxKind.PlusEqualsToken, '+'],
  [typescript.SyntaxKind.MinusEqualsToken, '-'],
  [typescript.SyntaxKind.AsteriskEqualsToken, '*'],
  [typescript.SyntaxKind.SlashEqualsToken, '/'],
  [typescript.SyntaxKind.AsteriskAsteriskEqualsToken, '**'],
]);

/** A variable's type is known only when the line that declares it has been rewritten: one pass for each link of the chain. */
const MOST_PASSES = 50;

/** Longer code is data, not formulas: it is left alone, because looking at each of its nodes would take seconds. */
const LONGEST = 100_000;

/**
 * The code with operators on ciphertexts as calls; the code itself where there are none.
 * @param tools the variables that calls behind the contract need, as the checker sees them
 */
export function rewriteOperators(
  code: string,
  file: string,
  prelude: Prelude,
  compiler: Compiler,
  tools: (checker: ts.TypeChecker, source: ts.SourceFile) => Tools,
): string {
  let text = code;
  if (code.length > LONGEST || !mayHaveOperators(parse(code))) return code;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const cell = cellSource(text, prelude);
    compiler.put(file, cell.text);
    const { checker, source } = compiler.program(file);
    const rewriter = new Rewriter(checker, tools(checker, source));
    const next = rewriter.rewrite(source, cell.text);
    if (!rewriter.changed) return text;
    // The cell's own text between the line before it and the exports after it, back in the form that was typed.
    text = typedPart(next, cell.text.indexOf('\n') + 1);
  }
  return text;
}

/** The module's text without what `cellSource` has put around it. */
function typedPart(text: string, start: number): string {
  const body = text.slice(start, text.lastIndexOf('\nexport { '));
  const wrapped = /^([^]*)export const \$\$value = \(([^]*)\);([^]*)$/.exec(body);
  return wrapped === null ? body : `${wrapped[1]}${wrapped[2]}${wrapped[3]}`;
}

/** Whether there is an operator that is not on literals alone. */
function mayHaveOperators(node: ts.Node): boolean {
  if (typescript.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (ASSIGNMENTS.has(kind)) return true;
    if (OPERATORS.has(kind) && !(isLiteral(node.left) && isLiteral(node.right))) return true;
  }
  if (isNegation(node) && !isLiteral(node.operand)) return true;
  return typescript.forEachChild(node, mayHaveOperators) ?? false;
}

function isNegation(node: ts.Node): node is ts.PrefixUnaryExpression {
  return typescript.isPrefixUnaryExpression(node) && node.operator === typescript.SyntaxKind.MinusToken;
}

function isLiteral(node: ts.Node): boolean {
  return typescript.isLiteralExpression(node) || (isNegation(node) && isLiteral(node.operand));
}

class Rewriter {
  changed = false;
  readonly #checker: ts.TypeChecker;
  readonly #tools: Tools;

  constructor(checker: ts.TypeChecker, tools: Tools) {
    this.#checker = checker;
    this.#tools = tools;
  }

  /** The text of the file with every operator on ours replaced. */
  rewrite(source: ts.SourceFile, text: string): string {
    return this.#children(source, text, 0, text.length);
  }

  /** The text from `start` to `end`, the node's children rewritten. */
  #children(node: ts.Node, text: string, start: number, end: number): string {
    let out = '';
    let from = start;
    typescript.forEachChild(node, (child) => {
      const begin = child.getStart();
      if (begin < from) return; // such as a name that stands for two things
      out += text.slice(from, begin) + this.#node(child, text);
      from = child.end;
    });
    return out + text.slice(from, end);
  }

  #node(node: ts.Node, text: string): string {
    if (typescript.isExpression(node)) return this.#operand(node, text).text;
    return this.#children(node, text, node.getStart(), node.end);
  }

  #operand(node: ts.Expression, text: string): Operand {
    if (typescript.isParenthesizedExpression(node)) {
      const inner = this.#operand(node.expression, text);
      return { text: `(${inner.text})`, kind: inner.kind };
    }
    if (isNegation(node) && !isLiteral(node.operand)) {
      const x = this.#operand(node.operand, text);
      const call = isOurs(x.kind) ? negationCall(x, this.#tools) : undefined;
      return this.#chosen(call, `${text.slice(node.getStart(), node.operand.getStart())}${x.text}`, node);
    }
    if (typescript.isBinaryExpression(node)) {
      const [left, right] = [this.#operand(node.left, text), this.#operand(node.right, text)];
      const call = this.#binary(node.operatorToken.kind, left, right);
      return this.#chosen(call, left.text + text.slice(node.left.end, node.right.getStart()) + right.text, node);
    }
    return { text: this.#children(node, text, node.getStart(), node.end), kind: this.#kind(node) };
  }

  #binary(token: ts.SyntaxKind, left: Operand, right: Operand): Operand | undefined {
    if (!isOurs(left.kind) && !isOurs(right.kind)) return undefined;
    const operator = OPERATORS.get(token);
    if (operator !== undefined) return operatorCall(left, operator, right, this.#tools);
    const assigned = ASSIGNMENTS.get(token);
    const call = assigned === undefined ? undefined : operatorCall(left, assigned, right, this.#tools);
    return call && { text: `${left.text} = ${call.text}`, kind: call.kind };
  }

  /** The call, or, where there is none, the text as it is. */
  #chosen(call: Operand | undefined, text: string, node: ts.Expression): Operand {
    if (call === undefined) return { text, kind: this.#kind(node) };
    this.changed = true;
    return call;
  }

  #kind(node: ts.Expression): Kind {
    return kindOf(this.#checker.getTypeAtLocation(node));
  }
}
