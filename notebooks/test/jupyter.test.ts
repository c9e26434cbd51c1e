/** Two lessons executed by Jupyter itself: by nbconvert and by nbclient, with the kernel as `npm run notebooks` registers it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CourseLesson, courseFolder, readCourse } from '../src/course/course-lesson.ts';
import { type RawNotebook, writeNotebookFile } from '../src/course/notebook-file.ts';
import { outputProblem } from '../src/course/output-problem.ts';
import { isAnswer } from '../src/course/run-lesson.ts';
import { solvedNotebook } from '../src/course/solved-notebook.ts';
import { companion, findJupyter } from '../src/jupyter/find-jupyter.ts';
import { jupyterArguments, pageOf } from '../src/jupyter/jupyter-command.ts';
import { jupyterEnv } from '../src/jupyter/jupyter-env.ts';
import { root } from '../src/jupyter/project.ts';
import { runProgram } from '../src/jupyter/run-program.ts';
import { jupyter, NO_JUPYTER, jupyterRequired } from './jupyter.ts';

mkdirSync(join(root, '.cache'), { recursive: true });
// In the project, where cells find packages.
const folder = mkdtempSync(join(root, '.cache/jupyter-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(jupyter === undefined && !jupyterRequired)('in Jupyter', () => {
  /** Runs `jupyter <name>` on a solved lesson, and compares the outputs with those that are saved. */
  async function execute(course: CourseLesson, name: string, args: readonly string[]): Promise<string> {
    if (jupyter === undefined) throw new Error(NO_JUPYTER);
    const program = companion(jupyter, name);
    if (program === undefined) throw new Error(`${jupyter.program} is there, but not jupyter-${name} beside it`);
    const file = join(folder, `${course.lesson.name}.ipynb`);
    await writeNotebookFile(file, await solvedNotebook(course));
    const env = { ...(await jupyterEnv(join(folder, 'data'))), FORCE_COLOR: undefined, PYTHONWARNINGS: 'ignore' };
    const { code, output } = await runProgram(program, [...args, file], { cwd: folder, env });
    expect(code, output).toBe(0);
    const executed = JSON.parse(readFileSync(file, 'utf8')) as RawNotebook;
    const [ran, saved] = [executed, course.notebook].map((one) => one.cells.filter((c) => c.cell_type === 'code'));
    const problems = course.lesson.steps.map((step, i) => {
      const problem = outputProblem(ran![i]!.outputs!, saved![i]!.outputs!, step.tolerance);
      return isAnswer(course.lesson, step) || problem === undefined ? [] : [`cell ${step.id}: ${problem}`];
    });
    expect(problems.flat()).toEqual([]);
    return file;
  }

  const BY_NBCONVERT = ['--to', 'notebook', '--execute', '--inplace', '--log-level=ERROR'];

  it('nbconvert executes lesson 0, and makes a page of it', async () => {
    const [course] = await readCourse(courseFolder(), [0]);
    const file = await execute(course!, 'nbconvert', BY_NBCONVERT);
    const { code, output } = await runProgram(companion(jupyter!, 'nbconvert')!, ['--to', 'html', file]);
    expect(code, output).toBe(0);
    expect(readFileSync(file.replace('.ipynb', '.html'), 'utf8')).toContain('Lesson 0: Eight numbers, encrypted');
  });

  it('nbclient executes a lesson with plots', async () => {
    const course = (await readCourse(courseFolder())).find(({ notebook }) =>
      JSON.stringify(notebook.cells.map(({ outputs }) => outputs)).includes('data-toyfhe-plot'),
    );
    if (course === undefined) throw new Error('no lesson has a plot saved');
    // Debian's nbclient cannot save by itself; nbconvert does it for it.
    const { output } = await runProgram(companion(jupyter!, 'execute')!, ['--help']);
    if (output.includes('--inplace')) await execute(course, 'execute', ['--inplace']);
    else await execute(course, 'nbconvert', BY_NBCONVERT);
  });
});

describe('finding Jupyter', () => {
  it('looks on the path it is given; what does not run is not found', async () => {
    const found = await findJupyter(join(folder, 'no such folder'));
    expect(found === undefined || found.program.startsWith(join(root, '.cache/venv'))).toBe(true);
  });

  it('each kind is asked in its own words', () => {
    const request = { folder: join(root, 'notebooks'), browser: false, port: 8899 };
    const lab = jupyterArguments({ app: 'lab', program: 'jupyter-lab', version: '4.6.6' }, request);
    expect(lab).toEqual(
      expect.arrayContaining([
        `--ServerApp.root_dir=${root}`,
        '--LabApp.default_url=/lab/tree/notebooks',
        '--no-browser',
        '--port=8899',
      ]),
    );
    const file = { ...request, file: '00-walkthrough.ipynb', browser: true };
    expect(jupyterArguments({ app: 'notebook', program: 'jupyter-notebook', version: '7.4.1' }, file)).toContain(
      '--JupyterNotebookApp.default_url=/notebooks/notebooks/00-walkthrough.ipynb',
    );
    const classic = jupyterArguments({ app: 'notebook', program: 'jupyter-notebook', version: '6.4.12' }, file);
    expect(classic).toContain(`--NotebookApp.notebook_dir=${root}`);
    expect(classic).toContain('--NotebookApp.default_url=/notebooks/notebooks/00-walkthrough.ipynb');
    expect(classic).not.toContain('--no-browser');
    expect(pageOf('lab', '', undefined)).toBe('/lab/tree');
    expect(pageOf('notebook', 'my lessons', undefined)).toBe('/tree/my%20lessons');
  });
});
