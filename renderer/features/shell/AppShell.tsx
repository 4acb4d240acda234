import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import { useFollowChanges } from '../../api/follow-changes.ts';
import { useAlertNotifications } from '../../api/use-alert-notifications.ts';
import { Note } from '../../ui/Note.tsx';
import { Palette } from './Palette.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { SideNav } from './SideNav.tsx';
import { TaskTray } from './TaskTray.tsx';
import { usePaletteAct } from './use-palette-act.ts';
import { useShortcuts } from './use-shortcuts.ts';

/** Frame of every screen: navigation, keyboard, the change stream, and the tray of running commands. */
export function AppShell() {
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isLost, setLost] = useState(false);
  const content = useRef<HTMLElement>(null);
  useFollowChanges(
    useQueryClient(),
    useCallback(() => setLost(true), []),
  );
  useShortcuts({ openSheet: () => setSheetOpen(true), openPalette: () => setPaletteOpen(true) });
  const act = usePaletteAct(() => setSheetOpen(true));
  useAlertNotifications();
  return (
    <div className="shell">
      <button type="button" className="skip-link" onClick={() => content.current?.focus()}>
        Skip to content
      </button>
      <SideNav onShortcuts={() => setSheetOpen(true)} onPalette={() => setPaletteOpen(true)} />
      <div className="screen">
        <main ref={content} tabIndex={-1}>
          <Outlet />
        </main>
        <TaskTray />
      </div>
      {isPaletteOpen ? <Palette onChoose={act} onClose={() => setPaletteOpen(false)} /> : null}
      {isSheetOpen ? <ShortcutSheet onClose={() => setSheetOpen(false)} /> : null}
      {isLost ? (
        <div className="lost-banner" role="alert">
          <Note kind="error" title="The backend of this window has ended.">
            <p className="note-hint">
              What is shown may be out of date. Hosts go on by themselves and roll back what was not confirmed. Close this window and start Firebreak again.
            </p>
          </Note>
        </div>
      ) : null}
    </div>
  );
}
