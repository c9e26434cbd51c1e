/**
 * The findings as a table for people.
 * @module
 */
import stringWidth from 'string-width';
import type { Role, Style } from '../show/style.ts';
import { wrapWords } from '../show/wrap-lines.ts';
import { exitCode } from './doctor.ts';
import type { Finding } from './finding.ts';

interface Mark {
  readonly unicode: string;
  readonly ascii: string;
  readonly role: Role;
}

const OK: Mark = { unicode: '✓', ascii: '+', role: 'good' };
const WARNING: Mark = { unicode: '!', ascii: '!', role: 'notice' };
const NEEDED: Mark = { unicode: '✗', ascii: 'x', role: 'bad' };
/** Missing, and most goes without it. */
const OPTIONAL: Mark = { unicode: '·', ascii: '-', role: 'dim' };

function markOf({ status, needed }: Finding): Mark {
  if (status === 'ok') return OK;
  if (status === 'warning') return WARNING;
  return needed ? NEEDED : OPTIONAL;
}

/** A line or more for each finding, what to do about it beneath, and a last line with what follows from all. */
export function doctorText(findings: readonly Finding[], style: Style): string {
  const names = Math.max(0, ...findings.map(({ name }) => stringWidth(name)));
  const lines = findings.flatMap((finding) => {
    const { name, what, cure } = finding;
    const mark = markOf(finding);
    const head = `${style.paint(mark.role, style.unicode ? mark.unicode : mark.ascii)} ${style.paint('bold', name.padEnd(names))}  `;
    const arrow = style.unicode ? '→ ' : '-> ';
    const indent = names + 4;
    return [
      ...hanging(head, what, indent, style),
      ...(cure === undefined
        ? []
        : hanging(' '.repeat(indent) + style.paint('hint', arrow), cure, indent + arrow.length, style)),
    ];
  });
  return [...lines, '', ...wrapWords(summary(findings), style.columns)].join('\n');
}

/** The text behind its head; what does not fit goes on below it. */
function hanging(head: string, text: string, indent: number, style: Style): string[] {
  const width = Math.max(20, style.columns - indent);
  return wrapWords(text, width).map((line, i) => (i === 0 ? head : ' '.repeat(indent)) + line);
}

function summary(findings: readonly Finding[]): string {
  if (exitCode(findings) !== 0) {
    const names = findings.filter((finding) => finding.needed && finding.status !== 'ok').map(({ name }) => name);
    return `Not ready: ${names.join(', ')}. See above for what to do.`;
  }
  const rest = findings.filter(({ status }) => status !== 'ok').length;
  return rest === 0 ? 'All is there.' : 'Ready: what is needed is there. The rest is for some purposes only.';
}
