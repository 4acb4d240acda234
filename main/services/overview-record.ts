import type { RecordSummary } from '../../shared/contract/overview.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { listCursors } from '../db/baseline-store.ts';
import { type Figure, hourOf, listFigureSums, listFirstHours } from '../db/recording-store.ts';
import type { BackendContext } from './backend-context.ts';
import type { HostStanding } from './host-standing.ts';

const PERIOD_MS = 7 * 86_400_000;
const SHOWN_HOSTS = 5;
const LOST: readonly Figure[] = ['lost-in', 'lost-out', 'lost-forward', 'dropped'];

/** How complete the record of the last seven days is, up to the newest snapshot that was fetched of each host. Sums in the database: hours are not read one by one. */
export function summariseRecord(ctx: BackendContext, hosts: readonly HostStanding[]): RecordSummary {
  const db = ctx.workspace.read;
  const sinceMs = hourOf(ctx.nowMs() - PERIOD_MS);
  const firstHours = listFirstHours(db);
  const cursors = listCursors(db);
  const sums = Map.groupBy(listFigureSums(db, sinceMs), ({ host }) => host);
  const amountOf = (host: HostId, figures: readonly Figure[]) => (sums.get(host) ?? []).filter(({ figure }) => figures.includes(figure)).reduce((sum, { amount }) => sum + amount, 0);
  const recorded = hosts.flatMap(({ id, name }) => {
    const [firstMs, lastMs] = [firstHours.get(id), cursors.get(id)?.atMs];
    if (firstMs === undefined || lastMs === undefined) return [];
    const spanSeconds = Math.max(0, lastMs - Math.max(sinceMs, firstMs)) / 1000;
    return [{ hostName: name, spanSeconds, gapSeconds: Math.min(amountOf(id, ['gap-seconds']), Math.ceil(spanSeconds)), lostPackets: amountOf(id, LOST), rejected: amountOf(id, ['rejected']) }];
  });
  const total = (part: (host: (typeof recorded)[number]) => number) => recorded.reduce((sum, host) => sum + part(host), 0);
  const spanSeconds = total((host) => host.spanSeconds);
  return {
    sinceMs,
    coveredPercent: spanSeconds === 0 ? null : 100 * (1 - total((host) => host.gapSeconds) / spanSeconds),
    gapSeconds: total((host) => host.gapSeconds),
    lostPackets: total((host) => host.lostPackets),
    rejected: total((host) => host.rejected),
    hostsRecorded: recorded.length,
    worst: recorded
      .filter((host) => host.gapSeconds > 0 || host.lostPackets > 0)
      .toSorted((a, b) => b.gapSeconds - a.gapSeconds || b.lostPackets - a.lostPackets)
      .slice(0, SHOWN_HOSTS)
      .map(({ hostName, gapSeconds, lostPackets }) => ({ hostName, gapSeconds, lostPackets })),
  };
}
