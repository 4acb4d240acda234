import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { listHostStates } from '../db/host-state-store.ts';
import { holdHostWait, listHostWaits } from '../db/host-wait-store.ts';
import { createAgentClient } from './agent-client.ts';
import { recordFailure, recordStatus } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { listPlanWindows } from './maintenance.ts';
import { findPending, type PendingHost, preparePending } from './pending-plan.ts';
import { startPending } from './pending-service.ts';
import { isAway } from './push-check.ts';
import { findRunningPush } from './push-start.ts';
import { recordChange } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';
import { readSettings } from './workspace-settings.ts';

const TRY_EVERY_MS = 5 * 60_000;
const PROBE_TIMEOUT_MS = 10_000;
/** So many are asked in one look; the others in the next. */
const MAX_ASKED = 64;

/** When each host was last tried, by a window that is open. */
export type Tried = Map<HostId, number>;

/**
 * One look of an open window at the hosts that wait: those that answer again are sent what they missed, by a push that goes on by itself; gives its states, or null where there was nothing to
 * send. Never outside a maintenance window, never beside another push, and not where a host runs what this workspace does not know of: such a one waits for a person. A host is asked every five minutes, and at
 * once when somebody has just heard from it (a collection).
 */
export async function deliverReturned(ctx: BackendContext, tried: Tried, signal?: AbortSignal): Promise<AsyncGenerator<Push, void, void> | null> {
  const settings = readSettings(ctx);
  if (!settings.deliverReturned || findRunningPush(ctx.workspace.read) !== undefined) return null;
  const due = listDue(ctx, tried).slice(0, MAX_ASKED);
  const answers = await Promise.all(due.map((host) => answersNow(ctx, host, signal)));
  for (const { after } of due) tried.set(after.host.id, ctx.nowMs());
  const answering = new Set(due.flatMap(({ after }, index) => (answers[index] === true ? [after.host.id] : [])));
  if (answering.size === 0 || signal?.aborted === true) return null;
  const returned = new Set(withoutStrangers(ctx, findPending(ctx, answering).hosts).map(({ after }) => after.host.id));
  if (returned.size === 0) return null;
  const { plan, hosts } = preparePending(ctx, returned);
  const versions = [...new Set(hosts.map(({ wait }) => wait.version))].join(', ');
  return startPending(ctx, { planHash: plan.hash, note: `sent by itself when the host returned (version ${versions})`, confirmWithinSeconds: settings.confirmWithinSeconds }, returned);
}

/** Whose time has come, and who may be sent to now. */
function listDue(ctx: BackendContext, tried: Tried): PendingHost[] {
  const waits = [...listHostWaits(ctx.workspace.read).values()].filter(({ held }) => held === null);
  if (waits.length === 0) return [];
  const contacts = new Map(listHostStates(ctx.workspace.read).map(({ host, lastContactAtMs }) => [host, lastContactAtMs ?? 0]));
  const isDue = (host: HostId) => {
    const at = tried.get(host);
    return at === undefined || ctx.nowMs() - at >= TRY_EVERY_MS || (contacts.get(host) ?? 0) > at;
  };
  const due = new Set(waits.map(({ host }) => host).filter(isDue));
  if (due.size === 0) return [];
  const { hosts } = findPending(ctx, due);
  const shut = new Set(listPlanWindows(ctx, hosts).flatMap((window) => (window.isOpen ? [] : window.hosts)));
  for (const { after } of hosts) if (shut.has(after.host.name)) tried.set(after.host.id, ctx.nowMs());
  return hosts.filter(({ after }) => !shut.has(after.host.name));
}

async function answersNow(ctx: BackendContext, { after: { host } }: PendingHost, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    const status = await createAgentClient(ctx.sshPool).status(resolveTarget(ctx, host.name), { freshConnection: true, timeoutMs: PROBE_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) });
    recordStatus(ctx, host.id, status);
    // Somebody is at work there; the next look sees what came of it.
    return status.pending === null;
  } catch (error) {
    // That it is still away is known, and nobody has asked for a password: neither is news. Anything else is.
    const isNews = !isAway(error) && !['ABORTED', 'SSH_PASSWORD_NEEDED', 'SUDO_PASSWORD_NEEDED'].some((code) => error instanceof FirebreakError && error.code === code);
    if (isNews) recordFailure(ctx, host.id, error);
    if (!(error instanceof FirebreakError) || isFirebreakError(error, 'INTERNAL')) throw error;
    return false;
  }
}

/** Without those that run what this workspace does not know of: somebody else pushed there, or changed its rules, or this is an old copy of the workspace. What they wait for may be older than what they run. */
function withoutStrangers(ctx: BackendContext, hosts: readonly PendingHost[]): PendingHost[] {
  const applied = listAppliedHeads(ctx.workspace.read);
  return hosts.filter(({ after: { host, hash }, formerBundle }) => {
    if (formerBundle === hash || formerBundle === applied.get(host.id)?.hash) return true;
    const why = 'it runs rules that were not sent from here, so that somebody has to look first';
    recordChange(ctx, { action: 'push.held', subject: host.name, detail: why, groups: ['hosts'] }, (tx) => holdHostWait(tx, host.id, why));
    return false;
  });
}
