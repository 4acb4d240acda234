import { useSyncExternalStore } from 'react';

/** There every column of a table has room for words. */
const wide = matchMedia('(min-width: 1500px)');

function follow(onChange: () => void): () => void {
  wide.addEventListener('change', onChange);
  return () => wide.removeEventListener('change', onChange);
}

/** Whether the window is that wide, as it is sized. */
export const useIsWide = (): boolean => useSyncExternalStore(follow, () => wide.matches);
