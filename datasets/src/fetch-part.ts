/**
 * One request of a download: appends to the `.part` file where the server can go on (HTTP Range, RFC 9110 section 14),
 * else begins anew.
 * @module
 */
import { open, rm, stat } from 'node:fs/promises';
import { errorCode, wrongData } from './errors.ts';

/** How far a download is. */
export interface DownloadProgress {
  readonly url: string;
  /** Bytes that are there, those of earlier runs included. */
  readonly received: number;
  /** Bytes in all; undefined where the server does not say. */
  readonly total: number | undefined;
}

export interface PartRequest {
  readonly url: string;
  /** The file that is appended to. */
  readonly part: string;
  /** A part file of more bytes than this is given up and deleted. */
  readonly largest: number;
  /** Milliseconds without a byte before the request is given up. */
  readonly patience: number;
  /** For messages. */
  readonly op: string;
  readonly hint: string;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Brings the part file to its end. When this returns, the server has said that there is no more; whether the bytes are
 * right is for the checksum to say.
 * @throws FheError FORMAT when the server cannot be reached, refuses, breaks off, falls silent or sends too much, or
 * when the part file cannot be written
 */
export async function fetchPart(request: PartRequest): Promise<void> {
  const { url, part, patience } = request;
  const have = await sizeOf(part);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    // Identity: what is stored and counted are the file's own bytes, not a packing for the way.
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (have > 0) headers.range = `bytes=${have}-`;
    const response = await fetch(url, { headers, signal: abort.signal }).catch((cause) => {
      throw problem(request, 'the server', 'reachable', why(cause, abort.signal), cause);
    });
    const { status, body } = response;
    if (status === 416 && have > 0) {
      // Nothing after what we have: the part is whole, or of another file. The checksum knows.
      await body?.cancel();
      return;
    }
    const from = status === 206 ? rangeStart(response) : 0;
    if ((status !== 200 && status !== 206) || (from !== 0 && from !== have) || body === null) {
      await body?.cancel();
      const is = from !== 0 && from !== have ? `the bytes from ${from} on` : `HTTP status ${status}`;
      throw problem(request, 'the answer', have > 0 ? `the bytes from ${have} on` : 'HTTP status 200', is);
    }
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isNaN(length) ? undefined : from + length;
    await append(request, from, total, body, abort.signal, () => timer.refresh());
  } finally {
    clearTimeout(timer);
  }
}

/** Writes the body to the part file: behind what is there when `from` is not 0, else in its place. */
async function append(
  request: PartRequest,
  from: number,
  total: number | undefined,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  onChunk: () => void,
): Promise<void> {
  const { url, part, largest, onProgress } = request;
  const file = await open(part, from > 0 ? 'a' : 'w').catch((cause) => {
    throw problem(request, part, 'writable', errorCode(cause) ?? 'not', cause);
  });
  let received = from;
  try {
    const chunks = body[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch((cause) => {
        const should = total === undefined ? 'sent to its end' : `${total} bytes long`;
        throw problem(request, 'the answer', should, `${received} bytes and ${why(cause, signal)}`, cause);
      });
      if (next.done) break;
      onChunk();
      received += next.value.length;
      if (received > largest) {
        await chunks.return?.();
        await rm(part, { force: true });
        throw problem(request, 'the answer', `at most ${largest} bytes long`, 'longer');
      }
      await file.writeFile(next.value).catch((cause) => {
        throw problem(request, part, 'writable', errorCode(cause) ?? 'not', cause);
      });
      onProgress?.({ url, received, total });
    }
    await file.sync(); // the rename must not come to the disk before the bytes
  } finally {
    await file.close();
  }
}

/** Where the bytes of a partial answer begin: the a of `Content-Range: bytes a-b/n`; −1 where it does not say. */
function rangeStart(response: Response): number {
  const match = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return match === null ? -1 : Number(match[1]);
}

function problem(request: PartRequest, field: string, should: string, is: string, cause?: unknown): Error {
  return wrongData(
    request.op,
    `${field}${field === request.part ? '' : ` of ${request.url}`}`,
    should,
    is,
    request.hint,
    cause,
  );
}

/** Why a request failed, in a word or two: the system's code where there is one, e.g. `ECONNREFUSED`. */
function why(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'silent';
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = errorCode(cause);
  if (code === undefined) return 'not';
  return code.startsWith('UND_ERR') ? 'broken off' : `not (${code})`;
}

/** The bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
