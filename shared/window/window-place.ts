import { z } from 'zod';

const Pixels = z.number().int().min(-100_000).max(100_000);
/** Device-independent pixels, from the upper left corner of the primary screen. */
export const Bounds = z.strictObject({ x: Pixels, y: Pixels, width: Pixels.positive(), height: Pixels.positive() });
export type Bounds = z.infer<typeof Bounds>;

/** Where a window was when it was closed; `bounds` are those that it has when it is not maximised. */
export const WindowPlace = z.strictObject({ bounds: Bounds, isMaximized: z.boolean() });
export type WindowPlace = z.infer<typeof WindowPlace>;

export const MIN_WINDOW = { width: 960, height: 600 } as const;
export const FIRST_WINDOW = { width: 1440, height: 900 } as const;

/** So much of the title bar must lie on a screen for a pointer to take hold of it. */
const HANDLE = { width: 160, height: 24 } as const;

/**
 * Where a window opens: where it was, if its title bar can be taken hold of there, else in the middle of the screen that it lies nearest to; in the middle of the first
 * screen when nothing is known. Never larger than its screen, and never smaller than the page needs. `screens`: areas without task bars, the primary first; empty
 * where the system names none. Pure.
 */
export function placeWindow(was: Bounds | null, screens: readonly Bounds[]): Bounds | { readonly width: number; readonly height: number } {
  const [primary] = screens;
  if (primary === undefined) return was === null ? FIRST_WINDOW : atLeast(was);
  if (was === null) return centred(FIRST_WINDOW, primary);
  const held = screens.find((screen) => isHeldBy(was, screen));
  if (held === undefined) return centred(was, nearest(was, screens));
  const size = fitted(was, held);
  // A screen that became smaller: what would hang out to the right or below is drawn back, not cut.
  return { ...size, x: between(was.x, held.x - size.width + HANDLE.width, held.x + held.width - HANDLE.width), y: between(was.y, held.y, held.y + held.height - HANDLE.height) };
}

type Size = Pick<Bounds, 'width' | 'height'>;

const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), Math.max(low, high));
const atLeast = <T extends Size>(size: T): T => ({ ...size, width: Math.max(size.width, MIN_WINDOW.width), height: Math.max(size.height, MIN_WINDOW.height) });
const fitted = ({ width, height }: Size, screen: Size): Size => atLeast({ width: Math.min(width, screen.width), height: Math.min(height, screen.height) });

function isHeldBy({ x, y, width }: Bounds, screen: Bounds): boolean {
  const shownWidth = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return shownWidth >= HANDLE.width && y >= screen.y && y + HANDLE.height <= screen.y + screen.height;
}

function centred(wanted: Size, screen: Bounds): Bounds {
  const size = fitted(wanted, screen);
  return { ...size, x: Math.max(screen.x, screen.x + Math.round((screen.width - size.width) / 2)), y: Math.max(screen.y, screen.y + Math.round((screen.height - size.height) / 2)) };
}

function nearest(was: Bounds, screens: readonly Bounds[]): Bounds {
  const middle = ({ x, y, width, height }: Bounds) => ({ x: x + width / 2, y: y + height / 2 });
  const from = middle(was);
  const distance = (screen: Bounds) => Math.hypot(middle(screen).x - from.x, middle(screen).y - from.y);
  return screens.reduce((best, screen) => (distance(screen) < distance(best) ? screen : best));
}
