import type { FlowImpact } from '../../shared/model/diff.ts';
import type { Flow } from '../../shared/model/flow.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { listFlowImpact } from '../../shared/policy/flow-impact.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { findVersionPolicy } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames, peerNameOf } from './flow-names.ts';
import type { PlannedHost } from './plan-scope.ts';

const LOOK_BACK_DAYS = 30;
const MS_A_DAY = 86_400_000;
const MAX_ROWS = 500;
/** Newest first; older aggregates of a larger store are not looked at, so that a plan stays a matter of seconds. */
const MAX_FLOWS = 300_000;

type Input = { policy: Policy; fleet: readonly FleetHost[]; changed: readonly PlannedHost[] };

/** The observed flows of the last 30 days, at hosts that change, whose verdict changes. `total` counts all, `rows` are the first 500. */
export function computeImpact(ctx: BackendContext, { policy, fleet, changed }: Input): { rows: FlowImpact[]; total: number } {
  const flows = readFlows(ctx, new Set(changed.map((host) => host.after.host.id)));
  const options = { nowMs: ctx.nowMs() };
  // Hosts may run different versions after a push of one zone only.
  const groups = Map.groupBy(changed, (host) => host.former?.version ?? null);
  const rows = [...groups].flatMap(([version, hosts]) => {
    const reporters = new Set(hosts.map((host) => host.after.host.id));
    const before = { policy: policyOf(ctx, version), hosts: fleet };
    return listFlowImpact(flows.filter((flow) => reporters.has(flow.reporter)), before, { policy, hosts: fleet }, options);
  });
  const merged = groups.size > 1 ? sortByRisk(rows) : rows;
  return { rows: merged.slice(0, MAX_ROWS), total: merged.length };
}

function policyOf(ctx: BackendContext, version: PolicyVersionId | null): Policy {
  return (version === null ? undefined : findVersionPolicy(ctx.workspace.read, version)) ?? EMPTY_POLICY;
}

const RISK: readonly FlowImpact['change'][] = ['allowed-to-blocked', 'would-block-to-blocked', 'allowed-to-would-block', 'blocked-to-allowed', 'would-block-to-allowed'];

const sortByRisk = (rows: readonly FlowImpact[]): FlowImpact[] => rows.toSorted((a, b) => RISK.indexOf(a.change) - RISK.indexOf(b.change) || b.connections - a.connections);

function readFlows(ctx: BackendContext, reporters: ReadonlySet<HostId>): Flow[] {
  const names = createFlowNames(readCompiledDraft(ctx));
  const filter = { sinceMs: ctx.nowMs() - LOOK_BACK_DAYS * MS_A_DAY, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  const flows: Flow[] = [];
  for (const { forwardTo, ...stored } of iterateStoredFlows(ctx.workspace.read, filter)) {
    // Forwarded traffic is recorded and never judged.
    if (forwardTo !== null || !reporters.has(stored.reporter)) continue;
    const peer = names.address(stored.peerAddress);
    flows.push({ ...stored, reporterName: names.host(stored.reporter)?.name ?? stored.reporter, peerHost: peer.host?.id ?? null, peerName: peerNameOf(names, stored.peerAddress) });
    if (flows.length >= MAX_FLOWS) break;
  }
  return flows;
}
