import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { AlertsScreen } from './features/alerts/AlertsScreen.tsx';
import { alertSearch } from './features/alerts/alert-search.ts';
import { api } from './api/client.ts';
import { queryClient } from './api/query-client.ts';
import { AirgapScreen } from './features/airgap/AirgapScreen.tsx';
import { airgapSearch } from './features/airgap/airgap-search.ts';
import { AuditScreen } from './features/audit/AuditScreen.tsx';
import { ChangesScreen } from './features/changes/ChangesScreen.tsx';
import { FlowsScreen } from './features/flows/FlowsScreen.tsx';
import { flowsAddress } from './features/flows/flow-search.ts';
import { CompatibilityDialog } from './features/hosts/CompatibilityDialog.tsx';
import { hostsAddress } from './features/hosts/host-search.ts';
import { HostScreen } from './features/hosts/HostScreen.tsx';
import { HostsScreen } from './features/hosts/HostsScreen.tsx';
import { OnboardingDialog } from './features/hosts/OnboardingDialog.tsx';
import { MapScreen } from './features/map/MapScreen.tsx';
import { mapSearch } from './features/map/map-search.ts';
import { ObjectsScreen } from './features/objects/ObjectsScreen.tsx';
import { MatrixScreen } from './features/reach/MatrixScreen.tsx';
import { matrixSearch, reachSearch } from './features/reach/reach-search.ts';
import { ReachScreen } from './features/reach/ReachScreen.tsx';
import { OverviewScreen } from './features/overview/OverviewScreen.tsx';
import { ReportsScreen } from './features/reports/ReportsScreen.tsx';
import { reportSearch } from './features/reports/report-search.ts';
import { ruleSearch } from './features/rules/rule-search.ts';
import { RulesScreen } from './features/rules/RulesScreen.tsx';
import { SettingsScreen } from './features/settings/SettingsScreen.tsx';
import { AppShell } from './features/shell/AppShell.tsx';
import { WelcomeScreen } from './features/welcome/WelcomeScreen.tsx';
import { WorkspaceScreen } from './features/workspace/WorkspaceScreen.tsx';
import { keepLastScreen, lastScreen } from './ui/last-screen.ts';
import { ZonesScreen } from './features/zones/ZonesScreen.tsx';

/** What a list is to be filtered by when it is opened, so that a found thing has an address. */
const rootSearch = z.object({ find: z.string().optional().catch(undefined), objectKind: z.enum(['service', 'iplist']).optional().catch(undefined) });
const root = createRootRoute({
  validateSearch: rootSearch,
  component: () => (
    <>
      <AppShell />
      <CompatibilityDialog />
      <OnboardingDialog />
    </>
  ),
});
/** Asked once, when the page loads: what fails here is told by the screen that comes. */
const isEmptyWorkspace = (): Promise<boolean> =>
  queryClient.fetchQuery(api.workspace.info.queryOptions({ input: {} })).then(
    ({ hosts: count, version }) => count === 0 && version === null,
    () => false,
  );

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async () => {
    throw redirect({ to: (await isEmptyWorkspace()) ? '/welcome' : (lastScreen() ?? '/overview') });
  },
});
const overview = createRoute({ getParentRoute: () => root, path: '/overview', component: OverviewScreen });
const alerts = createRoute({ getParentRoute: () => root, path: '/alerts', component: AlertsScreen, validateSearch: alertSearch });
const map = createRoute({ getParentRoute: () => root, path: '/map', component: MapScreen, validateSearch: mapSearch });
const hosts = createRoute({ getParentRoute: () => root, path: '/hosts', component: HostsScreen, validateSearch: hostsAddress });
const host = createRoute({ getParentRoute: () => root, path: '/hosts/$name', component: HostScreen });
const zones = createRoute({ getParentRoute: () => root, path: '/zones', component: ZonesScreen });
const rules = createRoute({ getParentRoute: () => root, path: '/rules', component: RulesScreen, validateSearch: ruleSearch });
const objects = createRoute({ getParentRoute: () => root, path: '/objects', component: ObjectsScreen });
const changeSearch = z.object({ zone: z.string().optional().catch(undefined) });
const changes = createRoute({ getParentRoute: () => root, path: '/changes', component: ChangesScreen, validateSearch: changeSearch });
const flows = createRoute({ getParentRoute: () => root, path: '/flows', component: FlowsScreen, validateSearch: flowsAddress });
const airgap = createRoute({ getParentRoute: () => root, path: '/air-gapped', component: AirgapScreen, validateSearch: airgapSearch });
const matrix = createRoute({ getParentRoute: () => root, path: '/matrix', component: MatrixScreen, validateSearch: matrixSearch });
const reach = createRoute({ getParentRoute: () => root, path: '/reach', component: ReachScreen, validateSearch: reachSearch });
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: WelcomeScreen });
const workspaceSearch = z.object({ ask: z.enum(['new', 'open', 'restore', 'duplicate']).optional().catch(undefined) });
const workspace = createRoute({ getParentRoute: () => root, path: '/workspace', component: WorkspaceScreen, validateSearch: workspaceSearch });
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsScreen });
const reports = createRoute({ getParentRoute: () => root, path: '/reports', component: ReportsScreen, validateSearch: reportSearch });
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditScreen });

/** Hash history: pages are served from a fixed set of files (app:// or route interception), so there is nothing to answer other paths. */
export const router = createRouter({
  routeTree: root.addChildren([home, overview, alerts, map, matrix, reach, hosts, host, zones, rules, objects, changes, flows, airgap, reports, audit, settings, welcome, workspace]),
  history: createHashHistory(),
  defaultPreload: false,
});

router.subscribe('onResolved', ({ toLocation }) => keepLastScreen(toLocation.pathname));

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
