import { useEffect, useState } from 'react';

/** `value`, once it has stayed the same for `forMs`: a new picture is searched for when somebody has stopped typing, not at each key. */
export function useSettled<T>(value: T, forMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}
