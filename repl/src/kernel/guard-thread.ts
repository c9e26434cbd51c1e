/**
 * The guard's thread. See guard.ts.
 * @module
 */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { BEATS, GUARD_FD, RUNNING, STOPPING } from './guard-numbers.ts';

const shared = workerData as Int32Array;

/** Milliseconds that code has to stop by itself: a few of the longest operations of a backend, and many heartbeats. */
const GRACE = 700;

// No file stream: its reads would block a thread that the process waits for when it exits.
const pipe = new Socket({ fd: GUARD_FD, readable: true, writable: false });
pipe.on('data', async () => {
  if (Atomics.load(shared, RUNNING) === 0) return;
  Atomics.store(shared, STOPPING, 1); // for code that calls a backend
  parentPort!.postMessage('stop'); // for code that waits
  const before = Atomics.load(shared, BEATS);
  await sleep(GRACE);
  if (Atomics.load(shared, BEATS) !== before || Atomics.load(shared, RUNNING) === 0) return;
  // It does not listen: a loop. When that has been ended, the message is heard.
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
});
// The other end has closed: nobody will ever stop what runs here.
pipe.on('end', () => process.kill(process.pid, 'SIGKILL'));
