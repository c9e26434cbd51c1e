/**
 * The session at one moment: its variables, and what the status line says.
 * @module
 */
import { inspect } from 'node:util';
import type { Backend } from 'toyfhe/backend';
import { isBackend, isCiphertext, isToyCiphertext } from './live-values.ts';
import type { KernelStatus, SessionSnapshot, Variable } from './protocol.ts';

const MOST_TYPE = 80;
const MOST_SUMMARY = 120;

/**
 * @param names oldest first
 * @param typeOf as TypeScript prints it
 */
export function snapshot(
  names: readonly string[],
  valueOf: (name: string) => unknown,
  typeOf: (name: string) => string,
): SessionSnapshot {
  const variables = names.map((name): Variable => {
    const value = valueOf(name);
    return {
      name,
      type: cut(typeOf(name), MOST_TYPE),
      summary: cut(summaryOf(value), MOST_SUMMARY),
      ciphertext: isCiphertext(value) || isToyCiphertext(value),
    };
  });
  return { variables, status: statusOf(names.map(valueOf)) };
}

/** The backends among values, newest first; each once. */
export function backendsIn(values: readonly unknown[]): Backend[] {
  return [...new Set(values.toReversed().filter(isBackend))];
}

function statusOf(values: readonly unknown[]): KernelStatus {
  const memoryBytes = process.memoryUsage.rss();
  const backend = backendsIn(values).find(({ disposed }) => !disposed);
  if (backend === undefined) return { memoryBytes };
  const { name, parameters, securityBits, live } = backend;
  const threads = threadsOf(backend);
  return {
    memoryBytes,
    backend: {
      name,
      ringDegree: parameters.ringDegree,
      securityBits,
      live,
      ...(typeof threads === 'number' ? { threads } : {}),
    },
  };
}

/** The engine's; a shadow has those of the backend that computes. */
function threadsOf(backend: Backend): unknown {
  const computes = 'inner' in backend ? (backend.inner as Backend) : backend;
  return 'threads' in computes ? computes.threads : undefined;
}

function summaryOf(value: unknown): string {
  if (typeof value === 'function') return '';
  try {
    return inspect(value, { depth: 0, breakLength: Infinity, maxArrayLength: 8, maxStringLength: 100 }).replace(
      /\s*\n\s*/g,
      ' ',
    );
  } catch {
    return '(it cannot be printed)';
  }
}

function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
