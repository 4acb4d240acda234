import type { Coverage, Overview, ZoneProgress } from '../../shared/contract/overview.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { listAuditOfPeople } from '../db/audit-store.ts';
import { listPushes } from '../db/push-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import { countAlerts, listAlertViews } from './alert-views.ts';
import type { BackendContext } from './backend-context.ts';
import { isDraftChanged, readDraft } from './draft.ts';
import { type HostStanding, listHostStandings } from './host-standing.ts';
import { listAttention } from './overview-attention.ts';
import { summariseRecord } from './overview-record.ts';

const SHOWN_CHANGES = 8;
const LOOKED_AT_PUSHES = 20;
const DAY_MS = 86_400_000;

/** How the site is now, from what is stored; asks no host. */
export function readOverview(ctx: BackendContext): Overview {
  const db = ctx.workspace.read;
  const nowMs = ctx.nowMs();
  const hosts = listHostStandings(ctx);
  const alerts = listAlertViews(ctx, { settled: false });
  const { policy } = readDraft(ctx);
  const draftChanged = isDraftChanged(ctx);
  return {
    atMs: nowMs,
    coverage: coverageOf(hosts, nowMs),
    alerts: countAlerts(ctx),
    attention: listAttention({ nowMs, hosts, alerts, policy, draftChanged, pushes: listPushes(db, { limit: LOOKED_AT_PUSHES }) }),
    zones: progressOf(policy, hosts),
    changes: listAuditOfPeople(db, SHOWN_CHANGES).map(({ seq, atMs, actor, action, subject, detail }) => ({ seq, atMs, actor, action, subject, detail })),
    record: summariseRecord(ctx, hosts),
    version: findNewestVersion(db)?.id ?? null,
    draftChanged,
  };
}

/** Pure. */
function coverageOf(hosts: readonly HostStanding[], nowMs: number): Coverage {
  const managed = hosts.filter((host) => host.managed);
  const count = (isMeant: (host: HostStanding) => boolean) => managed.filter(isMeant).length;
  return {
    managed: managed.length,
    unmanaged: hosts.length - managed.length,
    withAgent: count((host) => host.agentVersion !== null),
    reporting: count((host) => host.agentVersion !== null && host.lastError === null && host.lastContactAtMs !== null && nowMs - host.lastContactAtMs <= DAY_MS),
    inZone: count((host) => host.zone !== null),
    enforced: count((host) => host.appliedMode === 'enforce'),
  };
}

/** In the order of the zones. Pure. */
function progressOf({ zones }: Policy, hosts: readonly HostStanding[]): ZoneProgress[] {
  return zones.map(({ name, mode }) => {
    const members = hosts.filter((host) => host.managed && host.zone === name);
    const running = { observe: 0, test: 0, enforce: 0, none: 0 };
    for (const { appliedMode } of members) running[appliedMode ?? 'none'] += 1;
    return { name, mode, hosts: members.length, running };
  });
}
