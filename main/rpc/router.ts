import { agentsRouter } from './agents.ts';
import { alertsRouter } from './alerts.ts';
import { auditRouter } from './audit.ts';
import { bundlesRouter } from './bundles.ts';
import { containmentsRouter } from './containments.ts';
import { exportsRouter } from './exports.ts';
import { flowsRouter } from './flows.ts';
import { forwardsRouter } from './forwards.ts';
import { hostKeysRouter } from './host-keys.ts';
import { hostsRouter } from './hosts.ts';
import { os } from './implementer.ts';
import { labelRulesRouter } from './label-rules.ts';
import { loginsRouter } from './logins.ts';
import { offlineRouter } from './offline.ts';
import { overviewRouter } from './overview.ts';
import { policyRouter } from './policy.ts';
import { pushesRouter } from './pushes.ts';
import { reachRouter } from './reach.ts';
import { reportsRouter } from './reports.ts';
import { searchRouter } from './search.ts';
import { templatesRouter } from './templates.ts';
import { updatesRouter } from './updates.ts';
import { versionsRouter } from './versions.ts';
import { workspaceRouter } from './workspace.ts';

/** The whole contract; a procedure that is missing or has another shape does not compile. */
export const router = os.router({
  workspace: workspaceRouter,
  hosts: hostsRouter,
  hostKeys: hostKeysRouter,
  logins: loginsRouter,
  labelRules: labelRulesRouter,
  agents: agentsRouter,
  policy: policyRouter,
  templates: templatesRouter,
  flows: flowsRouter,
  bundles: bundlesRouter,
  offline: offlineRouter,
  reach: reachRouter,
  pushes: pushesRouter,
  containments: containmentsRouter,
  versions: versionsRouter,
  audit: auditRouter,
  search: searchRouter,
  reports: reportsRouter,
  overview: overviewRouter,
  alerts: alertsRouter,
  forwards: forwardsRouter,
  updates: updatesRouter,
  exports: exportsRouter,
});
