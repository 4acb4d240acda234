import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { SCREENS } from '../../routes.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

const isDialogOpen = (): boolean => document.querySelector('[role=dialog],[role=alertdialog]') !== null;

/** What a single key does on the screen shown: `n` presses its main action, `/` goes to its filter. */
function pressPageKey(key: string): boolean {
  const selector = { n: '[data-page-add]', '/': '[data-page-filter]' }[key];
  const target = selector === undefined ? null : document.querySelector(selector);
  if (!(target instanceof HTMLElement)) return false;
  target.focus();
  if (key === 'n') target.click();
  return true;
}

type Openers = { readonly openSheet: () => void; readonly openPalette: () => void };

/** Keys of the whole window: Ctrl or ⌘ and K opens the palette, Alt+digit or `g` and a letter go to a screen, `?` opens the sheet. Nothing is taken while a dialog is open, and single keys not while a field has the focus. */
export function useShortcuts({ openSheet, openPalette }: Openers): void {
  const navigate = useNavigate();
  const isAfterG = useRef(false);
  useEffect(() => {
    const go = (screen: (typeof SCREENS)[number] | undefined, event: KeyboardEvent) => {
      if (screen === undefined) return;
      event.preventDefault();
      void navigate({ to: screen.path });
    };
    const onKey = (event: KeyboardEvent) => {
      if (isDialogOpen()) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return openPalette();
      }
      if (event.altKey && !event.ctrlKey && !event.metaKey)
        return go(
          SCREENS.find((screen) => String(screen.digit) === event.key),
          event,
        );
      if (isTyping(event.target) || event.ctrlKey || event.metaKey) return;
      if (isAfterG.current)
        go(
          SCREENS.find((screen) => screen.goKey === event.key),
          event,
        );
      else if (event.key === '?') openSheet();
      else if (pressPageKey(event.key)) event.preventDefault();
      isAfterG.current = !isAfterG.current && event.key === 'g';
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, openSheet, openPalette]);
}
