/**
 * Messages of the Jupyter protocol on the wire: JSON frames, signed with HMAC-SHA256.
 * Source: https://jupyter-client.readthedocs.io/en/latest/messaging.html#the-wire-protocol
 * @module
 */
import { createHmac, randomUUID } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export interface Message {
  readonly header: Header;
  /** `msg_id` of the request that this message answers; empty where there is none. */
  readonly parent: string;
  readonly content: Json;
}

/** Between a router's addresses and the message itself. */
const DELIMITER = '<IDS|MSG>';
const VERSION = '5.3'; // what tslab speaks

export function requestHeader(type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'toyfhe',
    date: new Date().toISOString(),
    version: VERSION,
  };
}

/** A request as frames. */
export function encodeMessage(header: Header, content: Json, key: string): string[] {
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return [DELIMITER, sign(parts, key), ...parts];
}

/** Undefined where the frames are no message, or are not signed with this key. */
export function decodeMessage(frames: readonly Uint8Array[], key: string): Message | undefined {
  const texts = frames.map((frame) => Buffer.from(frame).toString('utf8'));
  const at = texts.indexOf(DELIMITER);
  const [signature, ...parts] = texts.slice(at + 1);
  if (at < 0 || parts.length < 4 || signature !== sign(parts, key)) return undefined;
  const [header, parent, , content] = parts.map((part) => JSON.parse(part) as Json);
  return { header: header as unknown as Header, parent: String(parent?.['msg_id'] ?? ''), content: content ?? {} };
}

function sign(parts: readonly string[], key: string): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
