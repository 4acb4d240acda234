import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { AuditScreen } from './features/audit/AuditScreen.tsx';
import { ChangesScreen } from './features/changes/ChangesScreen.tsx';
import { FlowsScreen } from './features/flows/FlowsScreen.tsx';
import { flowSearch } from './features/flows/flow-search.ts';
import { HostScreen } from './features/hosts/HostScreen.tsx';
import { HostsScreen } from './features/hosts/HostsScreen.tsx';
import { MapScreen } from './features/map/MapScreen.tsx';
import { RulesScreen } from './features/rules/RulesScreen.tsx';
import { AppShell } from './features/shell/AppShell.tsx';
import { ZonesScreen } from './features/zones/ZonesScreen.tsx';

const root = createRootRoute({ component: AppShell });
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/map' });
  },
});
const map = createRoute({ getParentRoute: () => root, path: '/map', component: MapScreen });
const hosts = createRoute({ getParentRoute: () => root, path: '/hosts', component: HostsScreen });
const host = createRoute({ getParentRoute: () => root, path: '/hosts/$name', component: HostScreen });
const zones = createRoute({ getParentRoute: () => root, path: '/zones', component: ZonesScreen });
const rules = createRoute({ getParentRoute: () => root, path: '/rules', component: RulesScreen });
const changeSearch = z.object({ zone: z.string().optional().catch(undefined) });
const changes = createRoute({ getParentRoute: () => root, path: '/changes', component: ChangesScreen, validateSearch: changeSearch });
const flows = createRoute({ getParentRoute: () => root, path: '/flows', component: FlowsScreen, validateSearch: flowSearch });
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditScreen });

/** Hash history: pages are served from a fixed set of files (app:// or route interception), so there is nothing to answer other paths. */
export const router = createRouter({
  routeTree: root.addChildren([home, map, hosts, host, zones, rules, changes, flows, audit]),
  history: createHashHistory(),
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
