import { useEffect, useRef } from 'react';

/** What each key does; `turn` is for Enter. */
type Keys = { readonly toggleShape: () => void; readonly toggleLens: () => void; readonly fit: () => void; readonly close: () => void; readonly turn: () => void };

const isTaken = (target: EventTarget | null): boolean =>
  document.querySelector('[role=dialog],[role=alertdialog]') !== null ||
  (target instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Enter presses what has the focus; it is the map's only where nothing that can be pressed has it. */
const isPressable = (target: EventTarget | null): boolean => target instanceof Element && target.closest('button,a,[role=button],[role=row],[role=menuitem],[role=option]') !== null;

function focusFind(): void {
  const field = document.querySelector('[data-map-find]');
  if (field instanceof HTMLElement) field.focus();
}

/** `t` picture or table, `d` live or draft, `f` find, `0` fit, Enter opens or shuts what is chosen, Escape closes the side panel; nothing while a field has the focus or a dialog is open. */
export function useMapKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 't') latest.current.toggleShape();
      else if (event.key === 'd') latest.current.toggleLens();
      else if (event.key === '0') latest.current.fit();
      else if (event.key === 'Escape') latest.current.close();
      else if (event.key === 'Enter' && !isPressable(event.target)) latest.current.turn();
      else if (event.key === 'f') {
        // The letter itself is not for the field.
        event.preventDefault();
        focusFind();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
