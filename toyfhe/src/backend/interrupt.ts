/**
 * Stopping long work between two operations. Whoever runs other people's programs (a REPL) says how to find out that it
 * should stop; every operation asks before it begins. To end code in the middle of one would leave threads and memory behind.
 * @module
 */

let check: () => void = () => undefined;

/** @param throwing is called before every operation of every backend, and throws where the program should stop */
export function onEveryOperation(throwing: () => void): void {
  check = throwing;
}

/** @internal */
export function mayGoOn(): void {
  check();
}
