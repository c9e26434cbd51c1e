/**
 * One line on a terminal that is written over and over; elsewhere nothing.
 * @module
 */
import type { WriteStream } from 'node:tty';

/** A function that shows its text, cut to one line; without a text it clears the line. */
export function statusLine(stream: WriteStream): (text: string | undefined) => void {
  if (!stream.isTTY) return () => undefined;
  return (text = '') => void stream.write(`\r\u001B[2K${text.slice(0, stream.columns - 1)}`);
}
