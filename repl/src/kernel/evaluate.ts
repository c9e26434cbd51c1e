/**
 * `evaluate` as a session knows it: the library's, with the keys and the backend found among the variables.
 * @module
 */
import type { Backend } from 'toyfhe/backend';
import { evaluate as evaluateExpression, type ExpressionTools } from 'toyfhe/expression';
import { isCiphertext, isEvaluationKeys } from './live-values.ts';
import { backendsIn } from './snapshot.ts';

let variables: () => readonly unknown[] = () => [];

/** @internal For the kernel: where to look, oldest first. */
export function lookIn(values: () => readonly unknown[]): void {
  variables = values;
}

/**
 * Evaluates an expression, as mathjs writes them, on numbers and ciphertexts: `evaluate('x^2 + 3x + 1', { x: c })`.
 * Ciphertexts behind the contract need evaluation keys and their backend: the newest of the same key pair among the
 * session's variables.
 * @throws FheError as the library's `evaluate`
 */
export const evaluate: typeof evaluateExpression = ((
  text: string,
  scope: Readonly<Record<string, unknown>> = {},
  tools: ExpressionTools | undefined = toolsFor(scope),
): unknown => evaluateExpression(text, scope, tools)) as typeof evaluateExpression;

function toolsFor(scope: Readonly<Record<string, unknown>>): ExpressionTools | undefined {
  const ciphertext = Object.values(scope ?? {}).find(isCiphertext) as { readonly keyId?: string } | undefined;
  if (ciphertext === undefined) return undefined;
  const values = variables();
  const backend = backendsIn(values).find((candidate) => !candidate.disposed && knows(candidate, ciphertext));
  const keys = values
    .toReversed()
    .filter(isEvaluationKeys)
    .find(({ keyId, disposed }) => keyId === ciphertext.keyId && !disposed);
  return backend === undefined || keys === undefined ? undefined : { backend, keys };
}

/** A backend refuses to look at strangers. */
function knows(backend: Backend, c: unknown): boolean {
  if (!isCiphertext(c) || backend.peek === undefined) return false;
  try {
    backend.peek(c);
    return true;
  } catch {
    return false;
  }
}
