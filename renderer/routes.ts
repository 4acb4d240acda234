/** The screens in the order of the navigation; there are more of them than digits. Plain data without React, so that the screenshot command can import it under Node. */
export const SCREENS = [
  { path: '/overview', title: 'Overview', digit: 1, goKey: 'v' },
  { path: '/map', title: 'Map', digit: 2, goKey: 'm' },
  { path: '/matrix', title: 'Matrix', digit: null, goKey: 'x' },
  { path: '/reach', title: 'Reach', digit: null, goKey: 'b' },
  { path: '/hosts', title: 'Hosts', digit: 3, goKey: 'h' },
  { path: '/zones', title: 'Zones', digit: 4, goKey: 'z' },
  { path: '/rules', title: 'Rules', digit: 5, goKey: 'r' },
  { path: '/objects', title: 'Objects', digit: 6, goKey: 'o' },
  { path: '/changes', title: 'Changes', digit: 7, goKey: 'c' },
  { path: '/flows', title: 'Flows', digit: 8, goKey: 'f' },
  { path: '/air-gapped', title: 'Air-gapped', digit: null, goKey: 'i' },
  { path: '/alerts', title: 'Alerts', digit: 9, goKey: 'l' },
  { path: '/reports', title: 'Reports', digit: null, goKey: 'p' },
  { path: '/audit', title: 'Audit', digit: 0, goKey: 'a' },
  { path: '/settings', title: 'Settings', digit: null, goKey: 's' },
] as const;

/** What can be asked for by the address of the screen “Air-gapped”. */
export const AIRGAP_ASKS = ['kit', 'import', 'export', 'receipts'] as const;
export type AirgapAsk = (typeof AIRGAP_ASKS)[number];

export type ScreenPath = (typeof SCREENS)[number]['path'];

/**
 * Every route with one name each, for `npm run screenshots`; open as `#PATH`. A page is ready when no element
 * `[data-loading]` is left and, on the map, when `[data-map-ready="true"]` exists.
 */
export const ROUTES: readonly { name: string; path: string }[] = [...SCREENS.map(({ path }) => path), '/welcome', '/workspace'].map((path) => ({ name: path.slice(1), path }));
