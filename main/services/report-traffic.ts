import type { FleetHost } from '../../shared/model/host.ts';
import { iteratePairs, sumVerdictsByDay, type TrafficPair } from '../db/report-rows.ts';
import type { EvidencePeriod, EvidenceSources, RowOf } from '../reports/evidence/evidence-tables.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames } from './flow-names.ts';
import { readKpis } from './kpi.ts';
import { createPermitBook } from './matrix-permits.ts';
import { readReachIndexes } from './reach-indexes.ts';

type TrafficRows = Pick<EvidenceSources, 'traffic' | 'traffic_days' | 'zone_matrix' | 'kpis'>;
const NAMED_SERVICES = 5;
const OUTSIDE = 'outside';

/** Who spoke with whom by zones and apps, what may, and the KPIs: what is drawn. `pushed` is the newest version with the fleet of now. */
export function readTrafficRows(ctx: BackendContext, pushed: CompiledDraft, period: EvidencePeriod): TrafficRows {
  const zoneOf = (host: FleetHost): string => {
    const zone = pushed.zones.get(host.id)?.zone?.name;
    return zone === undefined ? 'unzoned' : `zone:${zone}`;
  };
  return {
    traffic: sumTraffic(ctx, pushed, period, zoneOf),
    traffic_days: sumVerdictsByDay(ctx.workspace.read, period).map(({ day_ms: day, verdict, connections }) => ({ day, verdict, connections })),
    zone_matrix: readMatrixRows(ctx, pushed, zoneOf),
    kpis: readKpis(ctx, period.fromMs).map(({ id, title, value, unit, text, formula, limits }) => ({ kpi: id, title, value: value === null ? '' : String(value), unit, text, formula, limits })),
  };
}

function sumTraffic(ctx: BackendContext, pushed: CompiledDraft, period: EvidencePeriod, zoneOf: (host: FleetHost) => string): RowOf<'traffic'>[] {
  const names = createFlowNames(pushed);
  const endOf = createEndReader(names, zoneOf);
  const rows = new Map<string, RowOf<'traffic'>>();
  for (const pair of iteratePairs(ctx.workspace.read, period)) {
    const [from, to] = endsOf(pair, names, endOf);
    const key = JSON.stringify([from, to, pair.verdict]);
    const row = rows.get(key) ?? { from: from.group, from_app: from.app, to: to.group, to_app: to.app, verdict: pair.verdict, reported_out: 0, reported_in: 0 };
    const isOut = pair.direction === 'out';
    rows.set(key, { ...row, reported_out: row.reported_out + (isOut ? pair.connections : 0), reported_in: row.reported_in + (isOut ? 0 : pair.connections) });
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

type End = { readonly group: string; readonly app: string };
type EndReader = { readonly ofHost: (host: FleetHost) => End; readonly ofAddress: (address: string) => End };

function createEndReader(names: FlowNames, zoneOf: (host: FleetHost) => string): EndReader {
  const ofHost = (host: FleetHost): End => ({ group: zoneOf(host), app: host.labels.app ?? '' });
  const ofAddress = (address: string): End => {
    const { host, ipList } = names.address(address);
    if (host !== null) return ofHost(host);
    return { group: ipList === null ? OUTSIDE : `iplist:${ipList}`, app: '' };
  };
  return { ofHost, ofAddress };
}

/** Consumer, then provider. What a host passed on goes to whoever has the address behind it. */
function endsOf({ reporter, direction, peer_address: peer, forward_to: forwardTo }: TrafficPair, names: FlowNames, { ofHost, ofAddress }: EndReader): [End, End] {
  const host = names.host(reporter);
  const own: End = host === undefined ? { group: OUTSIDE, app: '' } : ofHost(host);
  if (direction === 'out') return [own, ofAddress(peer)];
  const behind = direction === 'forward' ? names.address(forwardTo).host : null;
  return [ofAddress(peer), behind === null ? own : ofHost(behind)];
}

/** Each zone with each, hosts in no zone and everybody outside among them: by the rules that hosts were last confirmed to run. */
function readMatrixRows(ctx: BackendContext, pushed: CompiledDraft, zoneOf: (host: FleetHost) => string): RowOf<'zone_matrix'>[] {
  const index = readReachIndexes(ctx).live();
  const book = createPermitBook(index, ({ host }) => (host === null ? OUTSIDE : zoneOf(host)));
  const ends = [...pushed.policy.zones.map(({ name }) => `zone:${name}`), 'unzoned', OUTSIDE];
  return ends.flatMap((from) =>
    ends.map((to) => {
      const { kind, wouldBlock, services } = book.of(from, to);
      const some = services.slice(0, NAMED_SERVICES).map(({ text }) => text);
      return { from, to, passes: kind, only_in_test: wouldBlock, services: services.length, some_services: some.join(' '), rules: new Set(services.flatMap(({ rules }) => rules)).size };
    }),
  );
}
