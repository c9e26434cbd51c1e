/**
 * What the kernel's two threads and the screen agree on (guard.ts).
 * @module
 */

/** The pipe by which the screen reaches it: file descriptor of the kernel. */
export const GUARD_FD = 4;
/** What the screen writes to it. */
export const STOP = 'stop\n';
/** Milliseconds between two signs of life of the kernel's own thread, which it gives whenever code lets it. */
export const BEAT = 50;

/** What the two threads share: i32 each. */
export const BEATS = 0;
/** 1 while a cell's code runs or is waited for: only then may what runs be ended. */
export const RUNNING = 1;
/** 1 once the running cell should stop. */
export const STOPPING = 2;
