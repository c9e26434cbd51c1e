/** docs/teaching.md and the ways to open a class without installing: what they name is there. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const teaching = read('docs/teaching.md');

interface Meta {
  readonly lesson: number;
  readonly title: string;
  readonly minutes: number;
}

const lessons = globSync('notebooks/[0-9][0-9]-*.ipynb', { cwd: root })
  .toSorted((a, b) => basename(a).localeCompare(basename(b)))
  .map((file) => (JSON.parse(read(file)) as { readonly metadata: { readonly toyfhe: Meta } }).metadata.toyfhe);

describe('the plan for six weeks', () => {
  const weeks = [...teaching.matchAll(/^\| (\d) +\| (.*?) +\| (\d+) +\|$/gm)].map(([, week, cell, minutes]) => ({
    week: Number(week),
    lessons: cell!.split(' · ').flatMap((text) => {
      const found = /^(\d+) (.*)$/.exec(text.replaceAll('**', ''));
      return found === null ? [] : [{ lesson: Number(found[1]), title: found[2]! }];
    }),
    minutes: Number(minutes),
  }));

  it('has all lessons once, in order, by their titles', () => {
    expect(weeks.map(({ week }) => week)).toEqual([1, 2, 3, 4, 5, 6]);
    const titles = lessons.filter(({ lesson }) => lesson <= 15).map(({ lesson, title }) => ({ lesson, title }));
    // A lesson's title may begin with its number.
    const plain = titles.map(({ lesson, title }) => ({ lesson, title: title.replace(/^Lesson \d+: /, '') }));
    expect(weeks.flatMap((week) => week.lessons)).toEqual(plain);
  });

  it('adds up their minutes', () => {
    for (const week of weeks) {
      const minutes = week.lessons.map(({ lesson }) => lessons.find((one) => one.lesson === lesson)!.minutes);
      expect({ week: week.week, minutes: week.minutes }).toEqual({
        week: week.week,
        minutes: minutes.reduce((sum, n) => sum + n, 0),
      });
    }
  });

  it('names commands and files that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const commands = [teaching, read('.devcontainer/devcontainer.json'), read('binder/postBuild')].flatMap((text) =>
      [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!),
    );
    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
    const links = [...teaching.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });
});

describe('without installing', () => {
  it('the development container installs the project and Jupyter', () => {
    const container = JSON.parse(read('.devcontainer/devcontainer.json')) as { readonly postCreateCommand: string };
    expect(container.postCreateCommand).toBe('npm run setup && npm run notebooks -- --install');
  });

  it.skipIf(process.platform === 'win32')('the scripts for Binder are scripts, and import what is there', () => {
    for (const file of ['binder/postBuild', 'binder/start']) {
      expect(spawnSync('bash', ['-n', join(root, file)], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    }
    const [, module] = /import\('\.\/([^']+)'\)/.exec(read('binder/postBuild'))!;
    expect(read(module!)).toMatch(/export async function jupyterEnv\(/);
  });
});
