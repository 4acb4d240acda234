import { FirebreakError } from '../../shared/errors.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { PlanWindow } from '../../shared/model/maintenance.ts';
import { findShut, readPlanWindows, type WindowedHost } from '../../shared/policy/maintenance.ts';
import { describeShut, describeWindow, windowName } from '../../shared/text/maintenance-text.ts';
import type { BackendContext } from './backend-context.ts';
import type { PlannedHost } from './plan-scope.ts';
import { readSettings } from './workspace-settings.ts';

/** Who leaves a zone is changed by that, too; who comes from none is not held to the window of hosts in none. */
const toWindowed = ({ after, former }: PlannedHost): WindowedHost => ({ hostName: after.host.name, zones: former === null || former.zone === null ? [after.zone] : [after.zone, former.zone] });

/** The maintenance windows of hosts on which something changes, as they stand now; shut ones first. */
export function listPlanWindows(ctx: BackendContext, hosts: readonly PlannedHost[]): PlanWindow[] {
  const changed = hosts.filter(({ after, formerBundle }) => after.hash !== formerBundle);
  return readPlanWindows(readSettings(ctx).maintenance, changed.map(toWindowed), ctx.nowMs());
}

/** What a push has to know of maintenance windows. `note` is its own with the reason for going out beside them. */
export type WindowPass = { readonly note: string; readonly outsideWindow?: string; readonly whyShut?: (host: HostId) => string | null };

/**
 * Lets a push through whose hosts may all be pushed to now, and one that gives a reason for going out beside a shut window. The first of these is held to its windows to its end.
 * @throws WINDOW_CLOSED; before anything is stored or sent
 */
export function passWindows(ctx: BackendContext, windows: readonly PlanWindow[], { hosts, note, reason }: { hosts: readonly PlannedHost[]; note: string; reason: string | null }): WindowPass {
  const shut = windows.filter(({ isOpen }) => !isOpen);
  if (shut.length === 0) return { note, whyShut: createWatch(ctx, hosts) };
  if (reason === null) throw new FirebreakError('WINDOW_CLOSED', { windows: shut, nowMs: ctx.nowMs() });
  const said = `outside the maintenance window of ${shut.map(({ zone }) => windowName(zone)).join(', ')}: ${reason}`;
  return { note: note === '' ? said : `${note} (${said})`, outsideWindow: `${shut.map((window) => describeShut(window, ctx.nowMs())).join('; ')}; pushed all the same: ${reason}` };
}

/** By the settings as they were when the push began: who sets a window means the pushes after it. */
function createWatch(ctx: BackendContext, hosts: readonly PlannedHost[]): (host: HostId) => string | null {
  const { maintenance } = readSettings(ctx);
  const byId = new Map(hosts.map((host) => [host.after.host.id, toWindowed(host)]));
  return (id) => {
    const host = byId.get(id);
    const shut = host === undefined ? null : findShut(maintenance, host, ctx.nowMs());
    return shut === null ? null : `the maintenance window of ${windowName(shut.zone)} is over (${describeWindow(shut)}): the push stopped before this host was loaded`;
  };
}
