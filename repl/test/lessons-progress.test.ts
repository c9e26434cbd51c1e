/** Lessons in folders, what is remembered of them, and their list. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { FheError } from 'toyfhe/backend';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLessons, loadLesson, loadSolutions } from '../src/lessons/find-lessons.ts';
import { lessonList } from '../src/lessons/lesson-list.ts';
import { courseFolder, lessonsFolder } from '../src/lessons/lessons-folder.ts';
import { progressStore, type Progress } from '../src/lessons/progress-store.ts';
import { stateFolder } from '../src/session/state-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toyfhe-lessons-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cell = (id: string, kind?: string): unknown => ({
  cell_type: 'code',
  id,
  metadata: { toyfhe: { ...(kind && { kind }), ...(kind === 'exercise' && { level: 'guided' }) } },
  source: id,
  outputs: [],
});
const lessonText = (lesson: number, title: string, cells: readonly unknown[] = [cell('a'), cell('b')]): string =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { toyfhe: { lesson, title, minutes: 20 } }, cells });
const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

describe('a folder of lessons', () => {
  it('is the course, or the one that TOYFHE_LESSONS names', () => {
    expect(lessonsFolder({})).toBe(courseFolder());
    expect(basename(courseFolder())).toBe('notebooks');
    expect(lessonsFolder({ TOYFHE_LESSONS: 'mine' })).toBe(resolve('mine'));
    expect(lessonsFolder({ TOYFHE_LESSONS: '' })).toBe(courseFolder());
  });

  it('is listed by number; other files are none of ours', async () => {
    write('10-last.ipynb', lessonText(10, 'Last'));
    write('02-first.ipynb', lessonText(2, 'First'));
    for (const file of ['notes.ipynb', '3-three.ipynb', '04-Four.ipynb', '05-five.md']) write(file, 'x');
    const found = await findLessons(folder);
    expect(found.map(({ number, file, lesson }) => [number, file, lesson?.title])).toEqual([
      [2, '02-first.ipynb', 'First'],
      [10, '10-last.ipynb', 'Last'],
    ]);
    expect(await loadLesson(10, folder)).toMatchObject({ name: '10-last', title: 'Last' });
  });

  it('a damaged lesson does not hide the others', async () => {
    write('01-good.ipynb', lessonText(1, 'Good'));
    write('02-cut.ipynb', lessonText(2, 'Cut').slice(0, 40));
    write('03-moved.ipynb', lessonText(4, 'Moved'));
    write('01-twin.ipynb', lessonText(1, 'Twin'));
    mkdirSync(join(folder, '05-folder.ipynb'));
    const found = await findLessons(folder);
    expect(found.map(({ file, problem }) => [file, problem?.message.replace(/^.*?: /, '')])).toEqual([
      ['01-good.ipynb', undefined],
      [
        '01-twin.ipynb',
        expect.stringMatching(/^the lesson's number should be its own but is 1, as 01-good.ipynb has; /),
      ],
      ['02-cut.ipynb', expect.stringMatching(/^the file should be JSON but is /)],
      ['03-moved.ipynb', expect.stringMatching(/^the lesson's number should be 3, as its name says but is 4 inside; /)],
      ['05-folder.ipynb', expect.stringMatching(/should be a file but is EISDIR/)],
    ]);
    await expect(loadLesson(2, folder)).rejects.toThrow(/^cannot read 02-cut.ipynb/);
    expect((await loadLesson(1, folder)).title).toBe('Good');
  });

  it('what is not there', async () => {
    await expect(loadLesson(1, folder)).rejects.toThrow(
      /the number should be a lesson's in .* \(there are none\) but is 1/,
    );
    write('02-first.ipynb', lessonText(2, 'First'));
    await expect(loadLesson(1, folder)).rejects.toThrow(/\(there are 2\) but is 1; \.lessons lists them/);
    const nowhere = findLessons(join(folder, 'nowhere'));
    await expect(nowhere).rejects.toThrow(/nowhere should be a folder but is ENOENT; set TOYFHE_LESSONS/);
    await expect(nowhere).rejects.toBeInstanceOf(FheError);
  });

  it('solutions lie beneath it, under the same name', async () => {
    write('01-x.ipynb', lessonText(1, 'X', [cell('e', 'exercise'), cell('k', 'check')]));
    const lesson = await loadLesson(1, folder);
    await expect(loadSolutions(lesson, folder)).rejects.toThrow(/^cannot read solutions\/01-x.ipynb: .* but is ENOENT/);
    mkdirSync(join(folder, 'solutions'));
    const solutions = { nbformat: 4, metadata: { toyfhe: { solutionsOf: 1 } }, cells: [cell('e')] };
    write('solutions/01-x.ipynb', JSON.stringify(solutions));
    expect(Object.fromEntries(await loadSolutions(lesson, folder))).toEqual({ e: 'e' });
  });
});

describe('the state folder', () => {
  it.each<[env: Record<string, string>, platform: string, path: string]>([
    [{ TOYFHE_STATE: '/s', XDG_STATE_HOME: '/x' }, 'linux', '/s'],
    [{ XDG_STATE_HOME: '/x' }, 'linux', '/x/toyfhe'],
    [{}, 'linux', join(homedir(), '.local/state/toyfhe')],
    [{ TOYFHE_STATE: '', XDG_STATE_HOME: '' }, 'freebsd', join(homedir(), '.local/state/toyfhe')],
    [{}, 'darwin', join(homedir(), 'Library/Application Support/toyfhe')],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/toyfhe'],
    [{}, 'win32', join(homedir(), 'AppData/Local/toyfhe')],
  ])('%j on %s: %s', (env, platform, path) => {
    expect(stateFolder(env, platform)).toBe(path);
  });
});

describe('progress', () => {
  const file = (): string => join(folder, 'progress.json');
  const notices: string[] = [];
  const store = (): ReturnType<typeof progressStore> => progressStore(folder, (notice) => notices.push(notice));
  const plain = (progress: Progress): unknown =>
    Object.fromEntries([...progress].map(([lesson, ids]) => [lesson, [...ids].sort()]));
  beforeEach(() => {
    notices.length = 0;
  });

  it('is empty at first, and makes no file by being read', async () => {
    rmSync(folder, { recursive: true });
    expect(plain(await store().read())).toEqual({});
    expect(existsSync(folder)).toBe(false);
    await store().mark('00-a', []);
    expect(existsSync(folder)).toBe(false);
  });

  it('outlasts the session', async () => {
    rmSync(folder, { recursive: true }); // it is made
    await store().mark('00-a', ['A1', 'A2']);
    const second = store();
    await second.mark('00-a', ['A2', 'A3']);
    await second.mark('01-b', ['x']);
    expect(plain(await store().read())).toEqual({ '00-a': ['A1', 'A2', 'A3'], '01-b': ['x'] });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      version: 1,
      lessons: { '00-a': ['A1', 'A2', 'A3'], '01-b': ['x'] },
    });
    expect(readdirSync(folder), 'no temporary file, no lock').toEqual(['progress.json']);
    expect(notices).toEqual([]);
  });

  it('a session sees its own marks at once, and those of others', async () => {
    const [one, other] = [store(), store()];
    await one.mark('00-a', ['A1']);
    void one.mark('00-a', ['A2']);
    await other.mark('00-a', ['B']);
    expect(plain(await one.read())).toEqual({ '00-a': ['A1', 'A2', 'B'] });
  });

  it('sessions that write at the same time lose nothing', async () => {
    const sessions = Array.from({ length: 4 }, store);
    const work = Array.from({ length: 6 }, (_, k) =>
      sessions.map((session, i) => session.mark('00-a', [`s${i}-${k}`])),
    );
    await Promise.all(work.flat());
    const ids = Array.from({ length: 4 }, (_, i) => Array.from({ length: 6 }, (_, k) => `s${i}-${k}`)).flat();
    expect(plain(await store().read())).toEqual({ '00-a': ids });
  });

  it('a lock that somebody died with is taken over', async () => {
    mkdirSync(`${file()}.lock`);
    const longAgo = new Date(0);
    utimesSync(`${file()}.lock`, longAgo, longAgo);
    await store().mark('00-a', ['A1']);
    expect(plain(await store().read())).toEqual({ '00-a': ['A1'] });
  });

  it.each([
    ['half a file', '{"version": 1, "lessons": {"00-a": ["A1"'],
    ['something else', '"hello"'],
    ['no version', '{"lessons": {}}'],
    ['lists that are none', '{"version": 1, "lessons": {"00-a": "A1"}}'],
    ['ids that are none', '{"version": 1, "lessons": {"00-a": [1]}}'],
    ['nothing', ''],
  ])('a damaged file is set aside, with a notice: %s', async (_what, text) => {
    writeFileSync(file(), text);
    const session = store();
    expect(plain(await session.read())).toEqual({});
    await session.mark('00-a', ['A2']);
    expect(plain(await session.read())).toEqual({ '00-a': ['A2'] });
    const [aside, ...others] = readdirSync(folder).filter((name) => name.startsWith('progress.json.damaged-'));
    expect(others).toEqual([]);
    expect(readFileSync(join(folder, aside!), 'utf8')).toBe(text);
    expect(notices).toEqual([expect.stringContaining(`The file is kept as ${join(folder, aside!)}`)]);
  });

  it('a file of a later version stays as it is', async () => {
    const text = '{"version": 2, "lessons": "of another kind"}';
    writeFileSync(file(), text);
    const session = store();
    await session.mark('00-a', ['A1']);
    await session.mark('00-a', ['A2']);
    expect(plain(await session.read()), 'in this session they count').toEqual({ '00-a': ['A1', 'A2'] });
    expect(readFileSync(file(), 'utf8')).toBe(text);
    expect(notices).toEqual([expect.stringMatching(/written by a later version: progress is not remembered/)]);
  });

  it('a folder that cannot be made costs the memory, with one notice, and not the lesson', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const session = progressStore(join(folder, 'a-file', 'state'), (notice) => notices.push(notice));
    await session.mark('00-a', ['A1']);
    await session.mark('00-a', ['A2']);
    expect(notices).toEqual([expect.stringMatching(/cannot be remembered: ENOTDIR.*Set TOYFHE_STATE/)]);
    expect(plain(await session.read())).toEqual({ '00-a': ['A1', 'A2'] });
    expect(notices[1]).toMatch(/cannot be read: ENOTDIR/);
  });
});

describe('the list', () => {
  it('says what there is, how long it takes, and what is finished', async () => {
    write('00-a.ipynb', lessonText(0, 'Eight numbers'));
    write('01-b.ipynb', lessonText(1, 'Rings | fields'));
    write('02-c.ipynb', 'x');
    write('03-d.ipynb', lessonText(3, 'Not begun'));
    const progress = new Map([
      ['00-a', new Set(['a', 'b'])],
      ['01-b', new Set(['b', 'gone'])],
    ]);
    const list = lessonList(await findLessons(folder), progress);
    expect(list.split('\n').slice(0, 6)).toEqual([
      '|     | Lesson          | Time   | Finished       |',
      '| --- | --------------- | ------ | -------------- |',
      '| 0   | Eight numbers   | 20 min | 2/2 ✓          |',
      '| 1   | Rings \\| fields | 20 min | 1/2            |',
      '| 2   | 02-c.ipynb      |        | cannot be read |',
      '| 3   | Not begun       | 20 min |                |',
    ]);
    expect(list).toMatch(/\n\n- cannot read 02-c.ipynb: .*\n\n`\.lesson 0` starts one\.$/);
  });

  it('of an empty folder', async () => {
    expect(lessonList(await findLessons(folder), new Map())).toMatch(/no lessons here.*TOYFHE_LESSONS/);
  });
});
