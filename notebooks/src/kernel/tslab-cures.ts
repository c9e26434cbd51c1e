/**
 * Two faults of tslab 1.0.22, cured. Loaded into the kernel before it starts: in Jupyter by the kernel's description, in tests
 * by tslab-kernel.ts.
 * @module
 */
import { createRequire } from 'node:module';

type WriteStream = (name: 'stdout' | 'stderr', text: string) => void;
interface Reply {
  status: string;
}
interface Handler {
  handleExecute(request: unknown, writeStream: WriteStream, writeDisplay: unknown): Promise<Reply>;
}
type SocketClass = new (options?: object) => object;

const tslab = createRequire(createRequire(import.meta.url).resolve('tslab'));

/**
 * zeromq sends at once, but the 513th message in a row later, and refuses another one until then. tslab does not wait: what a
 * cell prints is lost, or the word that it has ended, for which Jupyter waits for ever. With this timeout zeromq always sends
 * at once. The mark is how many messages may wait before it throws some away.
 */
function neverLoseMessages(): void {
  const zeromq = tslab('zeromq') as Record<string, SocketClass>;
  for (const name of ['Publisher', 'Router']) {
    const Socket = zeromq[name]!;
    zeromq[name] = class extends Socket {
      constructor(options: object = {}) {
        super({ sendTimeout: 0, sendHighWaterMark: 0, ...options });
      }
    };
  }
}

/** After an error tslab drops, without a word, all that comes within 200 ms: the cells of "Run All", as it should, and others. */
function sayWhatIsDropped(): void {
  const { prototype } = (tslab('./jupyter.js') as { JupyterHandlerImpl: { prototype: Handler } }).JupyterHandlerImpl;
  const { handleExecute } = prototype;
  prototype.handleExecute = async function (request, writeStream, writeDisplay) {
    const reply = await handleExecute.call(this, request, writeStream, writeDisplay);
    if (reply.status !== 'abort') return reply;
    writeStream('stderr', 'Not run, because a cell before it has failed. Run it again.\n');
    return { ...reply, status: 'aborted' }; // the protocol's word for it
  };
}

neverLoseMessages();
sayWhatIsDropped();
