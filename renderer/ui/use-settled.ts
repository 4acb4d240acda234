import { useEffect, useState } from 'react';

/** `value`, once it has stayed the same for `forMs`: what is costly (a new picture of the map, a preview) waits until somebody has stopped typing. */
export function useSettled<T>(value: T, forMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}
