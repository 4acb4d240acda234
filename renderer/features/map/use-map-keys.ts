import { useEffect, useRef } from 'react';

type Keys = { readonly toggleShape: () => void; readonly fit: () => void; readonly close: () => void };

const isTaken = (target: EventTarget | null): boolean =>
  document.querySelector('[role=dialog],[role=alertdialog]') !== null ||
  (target instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** `t` picture or table, `0` fit, Escape closes the side panel; nothing while a field has the focus or a dialog is open. */
export function useMapKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 't') latest.current.toggleShape();
      else if (event.key === '0') latest.current.fit();
      else if (event.key === 'Escape') latest.current.close();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
