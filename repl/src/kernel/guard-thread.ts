/**
 * The guard's thread. See guard.ts.
 * @module
 */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { BEAT, GUARD_FD } from './guard.ts';

const beats = workerData as Int32Array;

// No file stream: its reads would block a thread that the process waits for when it exits.
const pipe = new Socket({ fd: GUARD_FD, readable: true, writable: false });
pipe.on('data', async () => {
  const before = Atomics.load(beats, 0);
  await sleep(6 * BEAT);
  if (Atomics.load(beats, 0) !== before) return; // it listens: whatever it does now is not a loop without end
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
});
// The other end has closed: nobody will ever stop what runs here.
pipe.on('end', () => process.kill(process.pid, 'SIGKILL'));
