/**
 * `npm run notebooks`: opens the course in Jupyter; with options checks it, writes its outputs, or makes student copies.
 * @module
 */
import { resolve } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { FheError } from 'toyfhe/backend';
import { lessonsFolder } from '../../repl/src/lessons/lessons-folder.ts';
import { checkCourse } from './course/check-course.ts';
import { readCourse, solutionsOf } from './course/course-lesson.ts';
import { writeStudentCopies } from './course/student-copies.ts';
import { findJupyter } from './jupyter/find-jupyter.ts';
import { installJupyter } from './jupyter/install-jupyter.ts';
import { openJupyter } from './jupyter/open-jupyter.ts';
import { statusLine } from './status-line.ts';

interface Options {
  readonly check?: boolean;
  readonly write?: boolean;
  readonly full?: boolean;
  readonly student?: string;
  readonly install?: boolean;
  readonly browser: boolean;
  readonly port?: number;
}

/** Bad flags, damaged files, no Jupyter: the user can mend it. */
const EXIT_REFUSED = 2;

const program = new Command('npm run notebooks --')
  .description('Opens the course in Jupyter, with the TypeScript kernel for this project only')
  .addArgument(new Argument('[lessons...]', 'numbers of lessons; without any, all').argParser(lessonNumber))
  .addOption(new Option('--check', 'run every lesson and every solution from clean; compare with what is saved'))
  .addOption(new Option('--write', 'the same, but write outputs where they have changed').conflicts(['check', 'full']))
  .addOption(new Option('--full', 'with --check: full sizes (cells see TOYFHE_FULL=1), outputs not compared'))
  .addOption(
    new Option('--student <folder>', 'write the lessons without outputs and solutions').conflicts(['check', 'write']),
  )
  .addOption(new Option('--install', 'get Jupyter ready where it is missing, and stop').conflicts(['check', 'write']))
  .addOption(new Option('--no-browser', 'let Jupyter print its address instead of opening a browser'))
  .addOption(new Option('--port <number>', "Jupyter's port, where it is free (default: 8888)").argParser(portNumber))
  .exitOverride()
  .action(async (numbers: number[], options: Options) => {
    process.exitCode = await run(numbers, options);
  });

async function run(numbers: readonly number[], options: Options): Promise<number> {
  const { check, write, full, student, install, browser, port } = options;
  const folder = lessonsFolder();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (student !== undefined) {
    for (const file of await writeStudentCopies(await readCourse(folder, numbers), resolve(student))) say(file);
    return 0;
  }
  if (check === true || write === true || full === true) {
    const lessons = await readCourse(folder, numbers);
    await Promise.all(lessons.map(solutionsOf)); // what is damaged should be said before minutes of work
    const how = { full: full === true, write: write === true, say, progress: statusLine(process.stderr) };
    return (await checkCourse(lessons, how)) ? 0 : 1;
  }
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  if (install === true) {
    const { app, program, version } = (await findJupyter()) ?? (await installJupyter(tell));
    say(`Jupyter ${app} ${version}: ${program}`);
    return 0;
  }
  return openJupyter(folder, numbers, { browser, say: tell, ...(port === undefined ? {} : { port }) });
}

function lessonNumber(text: string, before: number[] | undefined): number[] {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('it should be the number of a lesson.');
  return [...(before ?? []), Number(text)];
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port < 65536) return port;
  throw new InvalidArgumentError('it should be a port, 1 to 65535.');
}

try {
  await program.parseAsync();
} catch (error) {
  // commander has printed its own line already.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_REFUSED;
  else if (error instanceof FheError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_REFUSED;
  } else throw error;
}
