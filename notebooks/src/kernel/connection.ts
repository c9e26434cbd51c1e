/**
 * How a kernel and its client find each other: a connection file that both read.
 * Source: https://jupyter-client.readthedocs.io/en/latest/kernels.html#connection-files
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHANNELS = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * `ipc`: sockets in a folder of one's own, which nobody else can take or reach. `tcp`: ports of this machine, for systems
 * without such sockets.
 */
export type Transport = 'ipc' | 'tcp';

export interface Connection {
  readonly key: string;
  /** Holds the file, and the sockets where there are any. To be deleted at the end. */
  readonly folder: string;
  readonly file: string;
  addressOf(channel: Channel): string;
}

export async function writeConnection(
  transport: Transport = process.platform === 'win32' ? 'tcp' : 'ipc',
): Promise<Connection> {
  // Short: the path of a socket may have some 100 characters.
  const folder = await mkdtemp(join(tmpdir(), 'toyfhe-'));
  const ip = transport === 'ipc' ? join(folder, 's') : '127.0.0.1';
  const numbers = transport === 'ipc' ? [1, 2, 3, 4, 5] : await freePorts(CHANNELS.length);
  const ports = Object.fromEntries(CHANNELS.map((channel, i) => [`${channel}_port`, numbers[i]!]));
  const key = randomUUID();
  const file = join(folder, 'connection.json');
  const content = { transport, ip, key, signature_scheme: 'hmac-sha256', kernel_name: 'tslab', ...ports };
  await writeFile(file, JSON.stringify(content), { mode: 0o600 }); // who knows the key may run code
  return { key, folder, file, addressOf: (channel) => `${transport}://${ip}:${ports[`${channel}_port`]}` };
}

/** Ports that are free now. All are held until the last is found, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server: Server) => new Promise((done) => server.close(done))));
  return ports;
}
