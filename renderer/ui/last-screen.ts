import { SCREENS, type ScreenPath } from '../routes.ts';

const KEY = 'firebreak.last-screen';

/** The screen on which this window was left; null the first time, and when it no longer exists. */
export function lastScreen(): ScreenPath | null {
  const stored = localStorage.getItem(KEY);
  return SCREENS.find((screen) => screen.path === stored)?.path ?? null;
}

/** Keeps the screen that this path is of, for the next start. A page below a screen counts as that screen. */
export function keepLastScreen(path: string): void {
  const screen = SCREENS.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (screen !== undefined) localStorage.setItem(KEY, screen.path);
}
