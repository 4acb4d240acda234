import { agentsRouter } from './agents.ts';
import { auditRouter } from './audit.ts';
import { flowsRouter } from './flows.ts';
import { hostsRouter } from './hosts.ts';
import { os } from './implementer.ts';
import { policyRouter } from './policy.ts';
import { pushesRouter } from './pushes.ts';
import { reportsRouter } from './reports.ts';
import { versionsRouter } from './versions.ts';
import { workspaceRouter } from './workspace.ts';

/** The whole contract; a procedure that is missing or has another shape does not compile. */
export const router = os.router({
  workspace: workspaceRouter,
  hosts: hostsRouter,
  agents: agentsRouter,
  policy: policyRouter,
  flows: flowsRouter,
  pushes: pushesRouter,
  versions: versionsRouter,
  audit: auditRouter,
  reports: reportsRouter,
});
