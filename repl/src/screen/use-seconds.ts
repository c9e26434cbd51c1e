/**
 * How long something has been going on.
 * @module
 */
import { useEffect, useState } from 'react';

/** Whole seconds since `active` became true; 0 while it is not. */
export function useSeconds(active: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!active) return;
    const begun = performance.now();
    const timer = setInterval(() => setSeconds(Math.round((performance.now() - begun) / 1000)), 1000);
    return () => {
      clearInterval(timer);
      setSeconds(0);
    };
  }, [active]);
  return active ? seconds : 0;
}
