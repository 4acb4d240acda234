import { listAudit } from '../db/audit-store.ts';
import { countFlowsSince } from '../db/flow-totals.ts';
import { listHosts } from '../db/host-store.ts';
import type { ReadDb } from '../db/sql.ts';
import { listVersions } from '../db/version-store.ts';

const MAX_NAMED = 6;
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const named = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
const times = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** What the current workspace has and the backup has not, one line each; empty when going back loses nothing. Reads only. */
export function listLosses(current: ReadDb, backup: ReadDb): string[] {
  const [now] = listAudit(current, 1, null);
  const [then] = listAudit(backup, 1, null);
  const sinceMs = then?.atMs ?? 0;
  // Both have the backup's last entry, with the same hash over everything before it: the backup is a former state of this workspace.
  const isOwn = then === undefined ? now === undefined : listAudit(current, 1, then.seq + 1)[0]?.hash === then.hash;
  if (!isOwn) return [then === undefined ? 'everything in it: the backup is of an empty workspace' : `everything in it: the backup is of another workspace, as of ${utc(then.atMs)}`];
  const entries = (now?.seq ?? 0) - (then?.seq ?? 0);
  const versions = listVersions(current).filter(({ id }) => !listVersions(backup).some((known) => known.id === id));
  const kept = new Set(listHosts(backup).map(({ id }) => id));
  const hosts = listHosts(current).filter(({ id }) => !kept.has(id));
  const flows = countFlowsSince(current, sinceMs);
  return [
    ...(entries === 0 ? [] : [`${times(entries, 'change', 'changes')} since ${utc(sinceMs)} (audit entries ${(then?.seq ?? 0) + 1} to ${now?.seq ?? 0})`]),
    ...(versions.length === 0 ? [] : [`${times(versions.length, 'policy version', 'policy versions')}: ${named(versions.map(({ id }) => String(id)))}; hosts may run them`]),
    ...(hosts.length === 0 ? [] : [`${times(hosts.length, 'host', 'hosts')}: ${named(hosts.map(({ name }) => name))}`]),
    ...(flows === 0 ? [] : [`what ${times(flows, 'flow', 'flows')} did since then`]),
  ];
}
