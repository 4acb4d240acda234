import { iterateStoredFlows, type StoredFlow } from '../db/flow-query.ts';
import { iteratePeers, sumVerdictsByHost } from '../db/report-rows.ts';
import { type EvidencePeriod, type EvidenceSources, MAX_TABLE_ROWS, type RowOf } from '../reports/evidence/evidence-tables.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames, peerNameOf } from './flow-names.ts';

/** What the kernels did in the period, by agents alone: imported flows are no evidence of enforcement. */
export function readFlowRows(ctx: BackendContext, pushed: CompiledDraft, period: EvidencePeriod): Pick<EvidenceSources, 'verdicts' | 'refused_flows' | 'unmanaged_peers'> {
  const { read } = ctx.workspace;
  const names = createFlowNames(pushed);
  const hostName = (id: StoredFlow['reporter']) => names.host(id)?.name ?? id;
  const refused: RowOf<'refused_flows'>[] = [];
  // The hour that begins with `untilMs` is not of the period.
  const filter = { sinceMs: period.fromMs, untilMs: period.untilMs - 1, verdict: ['would-block' as const, 'blocked' as const], consumer: null, provider: null, text: null, textEnds: null };
  for (const flow of iterateStoredFlows(read, filter)) {
    if (flow.connections === 0) continue;
    if (refused.length > MAX_TABLE_ROWS) break; // too many already, as readEvidence says
    refused.push(toRefusedRow(flow, hostName(flow.reporter), names));
  }
  const peers: EvidenceSources['unmanaged_peers'] = [];
  for (const { address, reporters, connections, last_hour_ms: lastHour } of iteratePeers(read, period)) {
    const { host, ipList } = names.address(address);
    if (host === null && ipList === null) peers.push({ address, reporters, connections, last_hour: lastHour });
  }
  return {
    verdicts: sumVerdictsByHost(read, period).map(({ reporter, zone, verdict, flows, connections }) => ({ host: hostName(reporter), zone, verdict, flows, connections })),
    refused_flows: refused,
    unmanaged_peers: peers,
  };
}

const toRefusedRow = (flow: StoredFlow, reporter: string, names: FlowNames): RowOf<'refused_flows'> => ({
  reporter,
  direction: flow.direction,
  peer: peerNameOf(names, flow.peerAddress),
  peer_address: flow.peerAddress,
  protocol: flow.protocol,
  port: flow.port,
  user: flow.user ?? '',
  unit: flow.unit ?? '',
  zone: flow.zone ?? '',
  verdict: flow.verdict,
  policy_version: flow.policyVersion,
  connections: flow.connections,
  first_seen: flow.firstSeenAtMs,
  last_seen: flow.lastSeenAtMs,
});
