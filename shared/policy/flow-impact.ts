import type { FlowImpact } from '../model/diff.ts';
import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { createBatchJudge } from './batch-judge.ts';
import type { FlowJudgement, JudgedFlow } from './judge-flow.ts';
import type { Verdict } from './simulate-program.ts';

/** The policy that is in force and the fleet as it was compiled for; an empty policy where nothing was ever pushed. */
export type PolicyState = { readonly policy: Policy; readonly hosts: readonly FleetHost[] };

/** Worst first. */
export const RISK: readonly FlowImpact['change'][] = [
  'allowed-to-blocked',
  'would-block-to-blocked',
  'allowed-to-would-block',
  'blocked-to-allowed',
  'would-block-to-allowed',
];

type FlowJudge = ReturnType<typeof createBatchJudge>;

/** Takes flows one by one, so that millions of them need not be held at once. */
export type ImpactBook<F extends JudgedFlow> = { readonly add: (flow: F) => void; readonly rows: () => FlowImpact[] };

/**
 * Layer 3 of the plan: observed flows whose verdict at the reporting host changes. What becomes blocked comes first, then by connections.
 * Flows that differ only in what was done with them or under which version are one row. Flows whose verdict cannot be known are left out.
 * `read` gives the names of a flow, and is asked only about those that change.
 */
export function createImpactBook<F extends JudgedFlow>(before: PolicyState, after: PolicyState, options: { readonly nowMs: number }, read: (flow: F) => Flow): ImpactBook<F> {
  let judges: readonly [before: FlowJudge, after: FlowJudge] | undefined;
  const rows = new Map<string, FlowImpact>();
  return {
    add: (flow) => {
      // Where nothing was seen, nobody need read the policies.
      judges ??= [createBatchJudge(before.policy, before.hosts, options), createBatchJudge(after.policy, after.hosts, options)];
      const becomes = judges[1](flow);
      const change = changeOf(verdictOf(judges[0](flow)), verdictOf(becomes));
      if (!change) return;
      const key = JSON.stringify([change, flow.reporter, flow.direction, flow.peerAddress, flow.protocol, flow.port, flow.user, flow.unit]);
      rows.set(key, addFlow(rows.get(key), read(flow), change, becomes));
    },
    rows: () => [...rows.values()].sort((a, b) => RISK.indexOf(a.change) - RISK.indexOf(b.change) || b.connections - a.connections || compareText(a, b)),
  };
}

export function listFlowImpact(flows: Iterable<Flow>, before: PolicyState, after: PolicyState, options: { readonly nowMs: number }): FlowImpact[] {
  const book = createImpactBook<Flow>(before, after, options, (flow) => flow);
  for (const flow of flows) book.add(flow);
  return book.rows();
}

/** Observed is allowed: nothing stands in the way. Null: cannot be known. */
export function verdictOf(judgement: FlowJudgement): Verdict | null {
  if (judgement.kind === 'unknown') return null;
  return judgement.kind === 'observed' ? 'allowed' : judgement.verdict;
}

/** Null where nothing changes, or one of the two cannot be known. */
export function changeOf(was: Verdict | null, is: Verdict | null): FlowImpact['change'] | null {
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
