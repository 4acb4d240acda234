import { useEffect, useRef } from 'react';

type Keys = { readonly toggle: () => void; readonly close: () => void };

const isTaken = (target: EventTarget | null): boolean =>
  document.querySelector('[role=dialog],[role=alertdialog]') !== null ||
  (target instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** `d` goes to the next policy that can be looked at, Escape closes the side panel; nothing while a field has the focus or a dialog is open. */
export function useLayerKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'd') latest.current.toggle();
      else if (event.key === 'Escape') latest.current.close();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
