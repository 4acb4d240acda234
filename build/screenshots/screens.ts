import type { Page } from 'playwright-core';
import { ROUTES } from '../../renderer/routes.ts';
import { STATES, type ShotScreen, type State } from './shots.ts';

export type Screen = ShotScreen & {
  /** The address after `#`. */
  readonly path: (state: State) => string;
  /** What a person does on the screen before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
};

const MAIN = ['overview', 'map', 'matrix', 'hosts', 'zones', 'rules', 'changes', 'flows', 'alerts'];
/** A host that the workspace of the state has; in the empty one it is a name that there is none of. */
const HOSTS: Readonly<Record<State, string>> = {
  seeded: 'crm-app-1',
  loading: 'crm-app-1',
  error: 'crm-app-1',
  sample: 'shop-app-1',
  empty: 'no-such-host',
  rows: 'infra-dns-1',
};

/** The welcome asks for nothing but the name of the workspace, and is whole without it. */
const WITHOUT_QUERIES: readonly State[] = ['seeded', 'sample', 'empty'];
/** Those that list or draw what there are ten thousand of. */
const OF_ROWS = ['overview', 'map', 'hosts', 'zones', 'rules', 'flows', 'audit'];
const statesOf = (name: string): readonly State[] =>
  name === 'welcome' ? WITHOUT_QUERIES : STATES.filter((state) => state !== 'rows' || OF_ROWS.includes(name));
const routes: readonly Screen[] = ROUTES.map(({ name, path }) => ({
  name,
  path: (state) => (state === 'rows' && name === 'flows' ? `${path}?period=all` : path),
  states: statesOf(name),
  isMain: MAIN.includes(name),
}));
const host: Screen = { name: 'host', path: (state) => `/hosts/${HOSTS[state]}`, states: STATES, isMain: false };

/** Something that opens on a screen: shown once, on the seeded workspace. */
const scene = (name: string, path: string, act: (page: Page) => Promise<void>): Screen => ({ name, path: () => path, states: ['seeded'], isMain: false, act });
const press = (name: string | RegExp) => (page: Page) => page.locator('main').getByRole('button', { name }).first().click();
const scenes: readonly Screen[] = [
  scene('palette', '/overview', (page) => page.keyboard.press('Control+k')),
  scene('shortcuts', '/overview', (page) => page.keyboard.press('?')),
  scene('add-host', '/hosts', (page) => page.keyboard.press('n')),
  scene('add-zone', '/zones', (page) => page.keyboard.press('n')),
  scene('add-rule', '/rules', (page) => page.keyboard.press('n')),
  scene('host-diff', '/changes', press(/crm-app-1/)),
  scene('label-rules', '/hosts', press('Label rules')),
  scene('map-table', '/map?shape=table', () => Promise.resolve()),
  scene('air-gapped-import', '/air-gapped?ask=import', () => Promise.resolve()),
  scene('air-gapped-export', '/air-gapped?ask=export', () => Promise.resolve()),
  scene('air-gapped-audit', '/air-gapped?view=audit', async (page) => {
    await press('Audit')(page);
    await page.getByRole('region', { name: 'Findings' }).waitFor();
  }),
  scene('reach-zone', '/reach?of=zone:shop-front', () => Promise.resolve()),
  scene('hosts-none-found', '/hosts?text=nothing-is-called-so', () => Promise.resolve()),
  scene('flows-none-found', '/flows?text=nothing-is-called-so', () => Promise.resolve()),
];

/** Every screen, and what opens on them. */
export const SCREENS: readonly Screen[] = [...routes, host, ...scenes];
