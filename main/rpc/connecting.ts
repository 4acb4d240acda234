import { FirebreakError } from '../../shared/errors.ts';
import { isSampleWorkspace } from '../services/sample-workspace.ts';
import { heldBy } from '../services/console-lock.ts';
import type { BackendContext } from '../services/backend-context.ts';

/** What reaches out to hosts, or to where events are sent. Refused as a whole where nothing may be connected to, so that no host is marked as unreachable; the pool would refuse each connection all the same. */
export const CONNECTING: ReadonlySet<string> = new Set([
  'hosts.showKey',
  'hosts.measureLatency',
  'hosts.probe',
  'hosts.unlock',
  'logins.unlockKey',
  'logins.keep',
  'hostKeys.compare',
  'agents.install',
  'agents.uninstall',
  'agents.check',
  'agents.status',
  'agents.collect',
  'agents.collectRound',
  'agents.onboard',
  'agents.stopOnboarding',
  'policy.resolveNames',
  'reach.prove',
  'pushes.start',
  'pushes.startPending',
  'pushes.rollback',
  'containments.start',
  'forwards.test',
  'forwards.run',
]);

/** @throws WORKSPACE_HELD · SAMPLE_CONNECTS_TO_NOTHING for procedures that connect */
export function refuseConnecting(ctx: BackendContext, procedure: string): void {
  if (!CONNECTING.has(procedure)) return;
  if (ctx.heldBy !== null) throw heldBy(ctx.workspace.path, ctx.heldBy);
  if (isSampleWorkspace(ctx)) throw new FirebreakError('SAMPLE_CONNECTS_TO_NOTHING', { path: ctx.workspace.path });
}
