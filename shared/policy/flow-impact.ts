import type { FlowImpact } from '../model/diff.ts';
import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { createFlowJudge, type FlowJudgement } from './judge-flow.ts';
import type { Verdict } from './simulate-program.ts';

/** The policy that is in force and the fleet as it was compiled for; an empty policy where nothing was ever pushed. */
export type PolicyState = { readonly policy: Policy; readonly hosts: readonly FleetHost[] };

const RISK: readonly FlowImpact['change'][] = [
  'allowed-to-blocked',
  'would-block-to-blocked',
  'allowed-to-would-block',
  'blocked-to-allowed',
  'would-block-to-allowed',
];

/**
 * Layer 3 of the plan: observed flows whose verdict at the reporting host changes. What becomes blocked comes first, then by connections.
 * Flows that differ only in what was done with them or under which version are one row. Flows whose verdict cannot be known are left out.
 */
export function listFlowImpact(flows: readonly Flow[], before: PolicyState, after: PolicyState, options: { readonly nowMs: number }): FlowImpact[] {
  const judgeBefore = createFlowJudge(before.policy, before.hosts, options);
  const judgeAfter = createFlowJudge(after.policy, after.hosts, options);
  const rows = new Map<string, FlowImpact>();
  for (const flow of flows) {
    const becomes = judgeAfter(flow);
    const change = changeOf(verdictOf(judgeBefore(flow)), verdictOf(becomes));
    if (!change) continue;
    const key = JSON.stringify([change, flow.reporter, flow.direction, flow.peerAddress, flow.protocol, flow.port, flow.user, flow.unit]);
    rows.set(key, addFlow(rows.get(key), flow, change, becomes));
  }
  return [...rows.values()].sort((a, b) => RISK.indexOf(a.change) - RISK.indexOf(b.change) || b.connections - a.connections || compareText(a, b));
}

/** Observed is allowed: nothing stands in the way. Null: cannot be known. */
function verdictOf(judgement: FlowJudgement): Verdict | null {
  if (judgement.kind === 'unknown') return null;
  return judgement.kind === 'observed' ? 'allowed' : judgement.verdict;
}

function changeOf(was: Verdict | null, is: Verdict | null): FlowImpact['change'] | null {
  if (was === null || is === null || was === is) return null;
  if (was === 'allowed') return is === 'blocked' ? 'allowed-to-blocked' : 'allowed-to-would-block';
  if (was === 'would-block') return is === 'blocked' ? 'would-block-to-blocked' : 'would-block-to-allowed';
  // From blocked to would-block it passes again, which is what matters.
  return 'blocked-to-allowed';
}

function addFlow(before: FlowImpact | undefined, flow: Flow, change: FlowImpact['change'], becomes: FlowJudgement): FlowImpact {
  return {
    change,
    reporterName: flow.reporterName,
    direction: flow.direction,
    peerName: flow.peerName,
    peerAddress: flow.peerAddress,
    protocol: flow.protocol,
    port: flow.port,
    user: flow.user,
    unit: flow.unit,
    connections: (before?.connections ?? 0) + flow.connections,
    lastSeenAtMs: Math.max(before?.lastSeenAtMs ?? 0, flow.lastSeenAtMs),
    by: becomes.kind === 'decided' ? becomes.by : null,
  };
}

const textOf = (row: FlowImpact): string => [row.reporterName, row.direction, row.peerAddress, row.protocol, row.port, row.user, row.unit].join(' ');
const compareText = (a: FlowImpact, b: FlowImpact): number => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);
