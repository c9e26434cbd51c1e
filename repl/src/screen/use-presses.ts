/**
 * The keyboard: what Ink reads, and the function keys, of which it does not tell.
 * @module
 */
import { useInput, usePaste, useStdin } from 'ink';
import { useEffect } from 'react';
import { functionKeys, pressesOf } from './keys.ts';
import type { Press } from './screen-state.ts';

export function usePresses(press: (press: Press) => void): void {
  useInput((input, key) => pressesOf(input, key).forEach(press));
  usePaste((text) => press({ pasted: text }));
  const { stdin } = useStdin();
  useEffect(() => {
    // Ink reads; this listener is only told of what was read.
    const look = (read: Buffer | string): void => functionKeys(String(read)).forEach(press);
    stdin.on('data', look);
    return () => void stdin.off('data', look);
  }, [stdin, press]);
}
