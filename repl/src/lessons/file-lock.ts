/**
 * One at a time: what two sessions write to the same file.
 * @module
 */
import { mkdir, rmdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Nobody holds a lock that long: writing takes milliseconds. Who did has died. */
const STALE = 10_000;
const NAP = 20;

/**
 * Runs `work` while no other process runs one under the same lock. The lock is a folder `<file>.lock`, because making a folder
 * succeeds for one only; one that is older than ten seconds is taken over.
 * @throws what `work` throws, or the system where the lock cannot be made
 */
export async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  while (!(await taken(lock))) await sleep(NAP);
  try {
    return await work();
  } finally {
    await rmdir(lock).catch(() => undefined); // gone already where it was taken over
  }
}

async function taken(lock: string): Promise<boolean> {
  if (await didIt(mkdir(lock), 'EEXIST')) return true;
  const made = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined, // given back between two looks
  );
  // Clocks may have been set back: then a lock from the future is as dead.
  if (made !== undefined && Math.abs(Date.now() - made) > STALE) await didIt(rmdir(lock), 'ENOENT');
  return false;
}

/** False where it failed because another was faster, which has this code. */
async function didIt(work: Promise<void>, overtaken: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === overtaken) return false;
    throw error;
  }
}
