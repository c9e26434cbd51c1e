/**
 * What `.lessons` shows.
 * @module
 */
import type { FoundLesson } from './find-lessons.ts';
import type { Lesson } from './lesson.ts';
import type { Progress } from './progress-store.ts';

/** The lessons with what is finished, as a Markdown table whose columns are aligned; damaged ones, and why, beneath it. */
export function lessonList(found: readonly FoundLesson[], progress: Progress): string {
  if (found.length === 0) return 'There are no lessons here. `TOYFHE_LESSONS` says where to look.';
  const rows = found.map(({ number, file, lesson }) =>
    lesson === undefined
      ? [String(number), file, '', 'cannot be read']
      : [String(number), inCell(lesson.title), `${lesson.minutes} min`, lessonProgress(lesson, progress)],
  );
  const problems = found.flatMap(({ problem }) => (problem === undefined ? [] : [`- ${problem.message}`]));
  const parts = [
    table([['', 'Lesson', 'Time', 'Finished'], ...rows]),
    problems.join('\n'),
    `\`.lesson ${found[0]!.number}\` starts one.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** `3/23`, `23/23 ✓`, or nothing where nothing is finished. */
export function lessonProgress(lesson: Lesson, progress: Progress): string {
  const finished = progress.get(lesson.name);
  const done = lesson.steps.filter(({ id }) => finished?.has(id)).length;
  if (done === 0) return '';
  return `${done}/${lesson.steps.length}${done === lesson.steps.length ? ' ✓' : ''}`;
}

/** A bar would end the cell. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}
