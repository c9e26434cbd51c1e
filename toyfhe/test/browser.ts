/** Runs a page in a real browser: one bundle, a server on localhost, headless Chromium. The page posts what it found. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { rolldown } from 'rolldown';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const TIMEOUT = 60_000; // of a page that takes seconds, on a machine that is busy with other tests

export const NO_BROWSER =
  'no Chromium found: install it (Debian: apt-get install chromium) or say in CHROME_PATH where it is';

/** The browser's program; undefined where there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env['CHROME_PATH'], ...places].find((file) => file && isProgram(file));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Everything that `entry` imports in one ES module, from the sources, as a browser would get it from a web site. */
export async function bundlePage(entry: string): Promise<string> {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    resolve: { conditionNames: ['toyfhe:source', 'import', 'module', 'default'] },
    external: /^node:/, // so that the check below can name it
    logLevel: 'silent',
  });
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
    const [page, ...others] = output;
    if (others.length > 0) throw new Error(`not one file: ${others.map((file) => file.fileName).join(', ')}`);
    // Dynamic imports may stand behind a question for Node; a static one stops the page before it starts.
    if (page.imports.length > 0) throw new Error(`no browser can import ${page.imports.join(', ')}`);
    return page.code;
  } finally {
    await bundle.close();
  }
}

/** With these headers a page may share memory with workers; without them it has no SharedArrayBuffer. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

// What goes wrong in the page is its result too: otherwise the test would wait for nothing.
const HTML = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>
  const post = (error) => fetch('/result', { method: 'POST', body: JSON.stringify({ error }) });
  addEventListener('error', (e) => post(e.error?.stack ?? e.message ?? 'the page did not load'), true);
  addEventListener('unhandledrejection', (e) => post(e.reason?.stack ?? String(e.reason)));
</script><script type="module" src="/page.js"></script>`;

export interface PageOptions {
  readonly isolated: boolean;
  /** Scripts that the page may load, by path. */
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Opens a page with `script` and resolves with what it posts to `/result`, parsed. */
export async function runPage(browser: string, script: string, options: PageOptions): Promise<unknown> {
  const { isolated, scripts = {} } = options;
  let succeed: (posted: unknown) => void = () => undefined;
  let fail: (why: Error) => void = () => undefined;
  const result = new Promise<unknown>((resolve, reject) => ([succeed, fail] = [resolve, reject]));
  result.catch(() => undefined); // it is awaited only after the start-up below
  const server = createServer((request, response) => {
    const answer = (type: string, body: string): void => {
      response.writeHead(200, { 'Content-Type': type, ...(isolated ? ISOLATION : {}) }).end(body);
    };
    if (request.method === 'POST') {
      answer('text/plain', '');
      text(request)
        .then((body) => {
          const posted = JSON.parse(body) as { error?: string };
          if (posted.error === undefined) succeed(posted);
          else fail(new Error(`in the browser: ${posted.error}`));
        })
        .catch(fail);
    } else if (request.url === '/') answer('text/html', HTML);
    else if (request.url === '/page.js') answer('text/javascript', script);
    else if (scripts[request.url!] !== undefined) answer('text/javascript', scripts[request.url!]!);
    else response.writeHead(404).end();
  });
  const profile = await mkdtemp(join(tmpdir(), 'toyfhe-browser-'));
  let chromium: ChildProcess | undefined;
  const timer = setTimeout(() => fail(new Error(`the page has not answered in ${TIMEOUT / 1000} s`)), TIMEOUT);
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    chromium = spawn(
      browser,
      [
        ...['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`],
        // No calls to its maker, and no need of /dev/shm, which is small in containers.
        ...['--no-first-run', '--disable-background-networking', '--disable-dev-shm-usage'],
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    chromium.stderr?.on('data', (data) => (log += data));
    chromium.on('error', fail);
    chromium.on('close', (code) => fail(new Error(`Chromium ended with code ${code} before the page:\n${log}`)));
    return await result;
  } finally {
    clearTimeout(timer);
    if (chromium !== undefined) await end(chromium);
    server.close();
    server.closeAllConnections();
    // Its helper processes may write a little longer than it lives.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Ends the browser, and its helpers with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.kill();
  await ended;
  clearTimeout(timer);
}
