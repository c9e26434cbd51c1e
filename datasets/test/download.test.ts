import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FheError } from 'toyfhe/backend';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { download } from '../src/download.ts';
import type { DownloadProgress } from '../src/fetch-part.ts';
import type { RemoteFile } from '../src/remote-file.ts';

// Bytes that do not compress, so that the file on the wire is long enough to be cut anywhere.
const content = Buffer.concat(Array.from({ length: 400 }, (_, i) => createHash('sha256').update(`${i}`).digest()));
const packed = gzipSync(content);
const file: RemoteFile = {
  name: 'x',
  size: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let folder = '';
let servers: Server[] = [];
let requests: (string | undefined)[] = []; // the Range of each request, in order

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toyfhe-download-'));
  servers = [];
  requests = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

/** A mirror on this machine. */
async function mirror(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    requests.push(request.headers.range);
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist/`;
}

/** A mirror that keeps to RFC 9110. */
const sound =
  (bytes: Uint8Array): Handler =>
  (request, response) => {
    if (request.url !== '/mnist/x.gz') return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
    if (Number.isNaN(from)) return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    if (from >= bytes.length) return void response.writeHead(416).end();
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response
      .writeHead(206, { 'content-length': bytes.length - from, 'content-range': range })
      .end(bytes.subarray(from));
  };

/** A mirror that ignores Range. */
const whole =
  (bytes: Uint8Array): Handler =>
  (_, response) =>
    void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

/** A mirror that breaks off after so many bytes. */
const cut =
  (length: number): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-length': packed.length });
    response.write(packed.subarray(0, length), () => setTimeout(() => response.destroy(), 50));
  };

const part = (): string => join(folder, 'x.gz.part');
const run = (mirrors: string[], more: object = {}): Promise<string> => download(file, { mirrors, folder, ...more });

async function refused(mirrors: string[], more: object = {}): Promise<string> {
  const error = await run(mirrors, more).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(FheError);
  const { code, message } = error as FheError;
  expect(code).toBe('FORMAT');
  expect(message).not.toContain('\n');
  expect(message).toMatch(/^cannot download x.gz: /);
  expect(await readdir(folder)).not.toContain('x.gz');
  return message;
}

async function expectWhole(path: string): Promise<void> {
  expect(path).toBe(join(folder, 'x.gz'));
  expect(await readdir(folder)).toEqual(['x.gz']); // no part is left
  expect(gunzipSync(await readFile(path))).toEqual(content);
}

describe('a download that comes through', () => {
  test('from nothing, into a folder that has to be made, with progress', async () => {
    folder = join(folder, 'a', 'b');
    const seen: DownloadProgress[] = [];
    await expectWhole(await run([await mirror(sound(packed))], { onProgress: (p: DownloadProgress) => seen.push(p) }));
    expect(seen.at(-1)).toMatchObject({ received: packed.length, total: packed.length });
    expect(seen.at(-1)!.url).toMatch(/\/mnist\/x\.gz$/);
    expect(requests).toEqual([undefined]);
    folder = join(folder, '..', '..');
  });

  test('goes on where an earlier run stopped', async () => {
    await writeFile(part(), packed.subarray(0, 5000));
    const seen: DownloadProgress[] = [];
    await expectWhole(await run([await mirror(sound(packed))], { onProgress: (p: DownloadProgress) => seen.push(p) }));
    expect(requests).toEqual(['bytes=5000-']);
    expect(seen[0]!.received).toBeGreaterThan(5000);
    expect(seen[0]!.total).toBe(packed.length);
  });

  test('an earlier run that stopped just before the end', async () => {
    await writeFile(part(), packed);
    await expectWhole(await run([await mirror(sound(packed))]));
    expect(requests).toEqual([`bytes=${packed.length}-`]);
  });

  test('a server that ignores Range: begins anew', async () => {
    await writeFile(part(), packed.subarray(0, 5000));
    await expectWhole(await run([await mirror(whole(packed))]));
    expect(requests).toEqual(['bytes=5000-']);
  });

  test('a part of another file: is noticed and fetched anew', async () => {
    await writeFile(part(), Buffer.alloc(5000, 1));
    await expectWhole(await run([await mirror(sound(packed))]));
    expect(requests).toEqual(['bytes=5000-', undefined]);
  });

  test('a part that is longer than the file', async () => {
    await writeFile(part(), Buffer.alloc(packed.length + 5));
    await expectWhole(await run([await mirror(sound(packed))]));
    expect(requests).toEqual([`bytes=${packed.length + 5}-`, undefined]);
  });

  test('a mirror that breaks off: the next one goes on', async () => {
    await expectWhole(await run([await mirror(cut(4000)), await mirror(sound(packed))]));
    expect(requests).toEqual([undefined, 'bytes=4000-']);
  });

  test('a mirror with another file, and one without: the next one', async () => {
    const other = await mirror(sound(gzipSync('another')));
    const none = await mirror((_, response) => void response.writeHead(404).end());
    await expectWhole(await run([other, none, await mirror(sound(packed))]));
  });
});

describe('a download that fails leaves nothing under the file’s name', () => {
  test('offline: connection refused', async () => {
    const url = await mirror(() => {});
    servers[0]!.close();
    const message = await refused([url]);
    expect(message).toMatch(/the server of http:\S+x\.gz should be reachable but is not \(ECONNREFUSED\); check the/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('another checksum: nothing is kept', async () => {
    const other = Buffer.from(content);
    other[0]! ^= 1;
    expect(await refused([await mirror(sound(gzipSync(other)))])).toMatch(/the SHA-256 should be \w+…\w+ but is/);
    expect(await readdir(folder)).toEqual([]);
    expect(requests.length).toBe(1); // from the start and complete: asking again would give the same
  });

  test('truncated: the part stays, and the next run goes on', async () => {
    const message = await refused([await mirror(cut(6000))]);
    expect(message).toContain(`should be ${packed.length} bytes long but is 6000 bytes and`);
    expect(await readdir(folder)).toEqual(['x.gz.part']);
    await expectWhole(await run([await mirror(sound(packed))]));
    expect(requests).toEqual([undefined, 'bytes=6000-']);
  });

  test('truncated without a length: is no whole gzip file', async () => {
    const short = await mirror((_, response) => void response.end(packed.subarray(0, 6000))); // chunked
    expect(await refused([short])).toMatch(/a whole gzip file of \d+ bytes but is truncated/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('an error page in place of the file', async () => {
    expect(await refused([await mirror((_, response) => void response.end('<html>'))])).toMatch(/but is damaged/);
    const gone = await mirror((_, response) => void response.writeHead(503).end('busy'));
    expect(await refused([gone])).toMatch(/should be HTTP status 200 but is HTTP status 503/);
  });

  test('a server that answers with other bytes than were asked for', async () => {
    await writeFile(part(), packed.subarray(0, 5000));
    const wrong = await mirror((_, response) => {
      response.writeHead(206, { 'content-range': `bytes 4000-9/${packed.length}` }).end(packed.subarray(4000));
    });
    expect(await refused([wrong])).toMatch(/should be the bytes from 5000 on but is the bytes from 4000 on/);
  });

  test('a server that never ends', async () => {
    const endless = await mirror((_, response) => {
      const more = (): void =>
        void (response.destroyed || response.write(Buffer.alloc(65536), () => setImmediate(more)));
      more();
    });
    expect(await refused([endless])).toMatch(/should be at most \d+ bytes long but is longer/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a server that falls silent, before and after its first bytes', async () => {
    const message = await refused([await mirror(() => {})], { patience: 100 });
    expect(message).toMatch(/should be reachable but is silent/);
    const stuck = await mirror((_, response) => {
      response.writeHead(200, { 'content-length': packed.length });
      response.write(packed.subarray(0, 3000));
    });
    expect(await refused([stuck], { patience: 200 })).toMatch(/is 3000 bytes and silent/);
    expect(await readdir(folder)).toEqual(['x.gz.part']);
  });

  test('a gzip file that unpacks to far too much', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    expect(await refused([await mirror(sound(bomb))])).toMatch(/but is more than 12800 bytes inside/);
  });

  test('no mirror', async () => {
    expect(await refused([])).toMatch(/the list of mirrors should be not empty/);
  });

  test('a folder that cannot be made', async () => {
    await writeFile(join(folder, 'plain'), '');
    const error = await download(file, { mirrors: [], folder: join(folder, 'plain', 'x') }).catch((e: unknown) => e);
    expect((error as FheError).message).toMatch(/a folder that can be made but is ENOTDIR; set TOYFHE_DATA/);
  });
});
