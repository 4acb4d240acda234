/** The screens in the order of the navigation. Plain data without React, so that the screenshot command can import it under Node. */
export const SCREENS = [
  { path: '/map', title: 'Map', digit: 1, goKey: 'm' },
  { path: '/hosts', title: 'Hosts', digit: 2, goKey: 'h' },
  { path: '/zones', title: 'Zones', digit: 3, goKey: 'z' },
  { path: '/rules', title: 'Rules', digit: 4, goKey: 'r' },
  { path: '/changes', title: 'Changes', digit: 5, goKey: 'c' },
  { path: '/flows', title: 'Flows', digit: 6, goKey: 'f' },
  { path: '/audit', title: 'Audit', digit: 7, goKey: 'a' },
] as const;

export type ScreenPath = (typeof SCREENS)[number]['path'];

/**
 * Every route with one name each, for `npm run screenshots`; open as `#PATH`. A page is ready when no element
 * `[data-loading]` is left and, on the map, when `[data-map-ready="true"]` exists.
 */
export const ROUTES: readonly { name: string; path: string }[] = SCREENS.map((screen) => ({ name: screen.path.slice(1), path: screen.path }));
