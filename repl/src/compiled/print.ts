/**
 * Plans as text: explained, as JSON, or drawn.
 * @module
 */
import { explain, type Plan, planToDot } from 'toyfhe/compiler';
import { wrap } from '../wrap.ts';

export type PlanFormat = 'text' | 'json' | 'dot';

/** @param width of the terminal, for text */
export function printPlan(plan: Plan, format: PlanFormat, width: number): string {
  if (format === 'json') return JSON.stringify(plan);
  return format === 'dot' ? planToDot(plan).trimEnd() : explainPlan(plan, width);
}

/** `explain(plan)` for a terminal: paragraphs and list entries are broken at its width, the table is left as it is. */
function explainPlan(plan: Plan, width: number): string {
  // Lines after the first are indented, so that entries can be told apart.
  const broken = (line: string): string => wrap(line, width - 2).replaceAll('\n', '\n  ');
  return explain(plan)
    .split('\n\n')
    .map((paragraph) => (isTable(paragraph) ? paragraph : paragraph.split('\n').map(broken).join('\n')))
    .join('\n\n');
}

/** Its head begins with an empty cell. */
function isTable(paragraph: string): boolean {
  return paragraph.startsWith(' ');
}
