/**
 * Headless Chromium by its DevTools protocol: opens pages, asks them, and keeps what they complain about.
 * Source: https://chromedevtools.github.io/devtools-protocol/
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Json = Readonly<Record<string, unknown>>;
interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json;
  readonly sessionId?: string;
  readonly result?: Json;
  readonly error?: { readonly message: string };
}

const START = 30_000; // a machine that is busy with other tests
const FLAGS = [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-port=0'],
  // No calls to its maker, and no need of /dev/shm, which is small in containers.
  ...['--no-first-run', '--disable-background-networking', '--disable-dev-shm-usage', '--disable-extensions'],
];

export class Chromium {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #pages = new Map<string, (method: string, params: Json) => void>();
  #next = 1;

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Answer));
  }

  static async start(program: string): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'toyfhe-chromium-'));
    const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    const socket = new WebSocket(await addressOf(child));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('no connection to Chromium')));
    });
    return new Chromium(child, profile, socket);
  }

  async newPage(size: { readonly width: number; readonly height: number }): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const session = String(sessionId);
    const page = new Page(
      (method, params) => this.send(method, params, session),
      () => this.send('Target.closeTarget', { targetId }),
    );
    this.#pages.set(session, (method, params) => page.receive(method, params));
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    await page.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });
    return page;
  }

  send(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    await Promise.race([this.send('Browser.close').catch(() => undefined), sleep(3000)]);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
    this.#socket.close();
    // Its helper processes may write a little longer than it lives.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #receive({ id, method, params = {}, sessionId, ...rest }: Answer): void {
    if (id !== undefined) {
      this.#waiting.get(id)?.(rest);
      this.#waiting.delete(id);
    } else if (sessionId !== undefined && method !== undefined) this.#pages.get(sessionId)?.(method, params);
  }
}

export class Page {
  /** What the page has complained about: uncaught errors, `console.error`, what could not be loaded. */
  readonly errors: string[] = [];
  /** Addresses it has asked for. */
  readonly requests: string[] = [];
  readonly send: (method: string, params?: Json) => Promise<Json>;

  /** Without asking the page whether it minds. */
  readonly close: () => Promise<Json>;

  constructor(send: (method: string, params?: Json) => Promise<Json>, close: () => Promise<Json>) {
    this.send = send;
    this.close = close;
  }

  async open(url: string): Promise<void> {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${String(errorText)}`);
  }

  /** The value of an expression in the page; promises are waited for. It must be JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value?: unknown }; exceptionDetails?: Thrown };
    if (exceptionDetails !== undefined) throw new Error(`in the page: ${describeThrown(exceptionDetails)}`);
    return result.value as T;
  }

  /** Asks again and again, until the value is as it should be or the time is over. @returns the last value */
  async until<T>(expression: string, right: (value: T) => boolean, timeout: number): Promise<T> {
    const end = performance.now() + timeout;
    for (;;) {
      // While a page is being exchanged for another there is nobody to ask.
      const value = await this.evaluate<T>(expression).catch((error: unknown) => error as Error);
      if (!(value instanceof Error) && right(value)) return value;
      if (performance.now() > end) {
        if (value instanceof Error) throw value;
        return value;
      }
      await sleep(100);
    }
  }

  async screenshot(file: string): Promise<void> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    await writeFile(file, Buffer.from(String(data), 'base64'));
  }

  receive(method: string, params: Json): void {
    if (method === 'Runtime.exceptionThrown') {
      this.errors.push(describeThrown(params['exceptionDetails'] as Thrown));
    } else if (method === 'Runtime.consoleAPICalled' && params['type'] === 'error') {
      const values = params['args'] as readonly RemoteValue[];
      this.errors.push(values.map((value) => value.description ?? String(value.value)).join(' '));
    } else if (method === 'Log.entryAdded') {
      const { level, text, url } = params['entry'] as { level: string; text: string; url?: string };
      if (level === 'error') this.errors.push(`${text} ${url ?? ''}`.trim());
    } else if (method === 'Network.requestWillBeSent') {
      this.requests.push((params['request'] as { url: string }).url);
    }
  }
}

interface RemoteValue {
  readonly value?: unknown;
  readonly description?: string;
}

interface Thrown {
  readonly text: string;
  readonly exception?: RemoteValue;
}

function describeThrown({ text, exception }: Thrown): string {
  return exception?.description ?? `${text} ${String(exception?.value ?? '')}`.trim();
}

async function addressOf(child: ChildProcess): Promise<string> {
  let log = '';
  const timer = setTimeout(() => child.kill('SIGKILL'), START);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => reject(new Error(`Chromium ended with code ${code}:\n${log}`)));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const address = /DevTools listening on (ws:\S+)/.exec(log)?.[1];
        if (address !== undefined) resolve(address);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}
