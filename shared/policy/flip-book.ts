import type { FlowImpact } from '../model/diff.ts';
import type { FlipCount, FlipReport } from '../model/flip.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { createBatchJudge } from './batch-judge.ts';
import { changeOf, RISK, verdictOf } from './flow-impact.ts';
import type { JudgedFlow } from './judge-flow.ts';
import { type LeftOut, listLeftOut } from './leave-out.ts';

/** Each costs a judge of the whole policy and a verdict on every flow. */
const MAX_CHANGES = 24;
/** Of groups of changes that only together flip something; what is beyond is counted in one. */
const MAX_GROUPS = 20;
const OTHERS = 'other combinations of changes';

/** A flow as it was counted. */
export type CountedFlow = JudgedFlow & { readonly connections: number };
export type FlipBook = { readonly add: (flow: CountedFlow) => void; readonly report: () => Omit<FlipReport, 'sinceMs'> };

/**
 * What each change from `before` to `after` flips by itself: every flow is judged by the whole draft, by it with one change left out at a time, and by `before`.
 * Flows that differ only in what was done with them are one. Flows whose verdict cannot be known, with or without a change, are left out.
 */
export function createFlipBook(before: Policy, after: Policy, hosts: readonly FleetHost[], options: { readonly nowMs: number }): FlipBook {
  const all = listLeftOut(before, after);
  const judged = all.flatMap((change) => (change.without === null ? [] : [{ change, without: change.without }])).slice(0, MAX_CHANGES);
  const tallies = new Map(judged.map(({ change }) => [change, createTally()]));
  const together = new Map<string, { changes: string[]; tally: Tally }>();
  const eitherWay = createTally();
  const seen = new Set<string>();
  let judges: { was: Judge; is: Judge; without: { change: LeftOut; judge: Judge }[] } | undefined;
  const makeJudge = (policy: Policy): Judge => createBatchJudge(policy, hosts, options);
  const add = (flow: CountedFlow): void => {
    judges ??= { was: makeJudge(before), is: makeJudge(after), without: judged.map(({ change, without }) => ({ change, judge: makeJudge(without) })) };
    const key = JSON.stringify([flow.reporter, flow.direction, flow.peerAddress, flow.protocol, flow.port, flow.user, flow.unit]);
    seen.add(key);
    const is = verdictOf(judges.is(flow));
    const alone = judges.without.flatMap(({ change, judge }) => {
      const flip = changeOf(verdictOf(judge(flow)), is);
      if (flip === null) return [];
      tallies.get(change)?.add(flip, key, flow.connections);
      return [`${change.what} ${change.name}`];
    });
    const flip = changeOf(verdictOf(judges.was(flow)), is);
    if (flip === null || alone.length === 1) return;
    // With a change that was not judged by itself nobody can say that none is the only one.
    if (alone.length === 0 && judged.length > 1 && judged.length === all.length) eitherWay.add(flip, key, flow.connections);
    if (alone.length > 1) groupOf(together, alone).add(flip, key, flow.connections);
  };
  return {
    add,
    report: () => ({
      changes: all.map((change) => {
        const flips = tallies.get(change)?.counts() ?? null;
        const note = flips === null ? change.why || `not looked at: it is beyond the first ${MAX_CHANGES} changes` : '';
        return { what: change.what, name: change.name, flips, note };
      }),
      together: [...together.values()].map(({ changes, tally }) => ({ changes, flips: tally.counts() })),
      eitherWay: eitherWay.counts(),
      flows: seen.size,
    }),
  };
}

type Judge = ReturnType<typeof createBatchJudge>;
type Tally = { readonly add: (change: FlowImpact['change'], key: string, connections: number) => void; readonly counts: () => FlipCount[] };

function createTally(): Tally {
  const kinds = new Map<FlowImpact['change'], { keys: Set<string>; connections: number }>();
  return {
    add: (change, key, connections) => {
      const kind = kinds.get(change) ?? { keys: new Set(), connections: 0 };
      kinds.set(change, { keys: kind.keys.add(key), connections: kind.connections + connections });
    },
    counts: () => RISK.flatMap((change) => (kinds.has(change) ? [{ change, flows: kinds.get(change)?.keys.size ?? 0, connections: kinds.get(change)?.connections ?? 0 }] : [])),
  };
}

function groupOf(groups: Map<string, { changes: string[]; tally: Tally }>, changes: string[]): Tally {
  const own = groups.get(changes.join('\n'));
  if (own !== undefined) return own.tally;
  const named = groups.size < MAX_GROUPS ? changes : [OTHERS];
  const made = groups.get(named.join('\n')) ?? { changes: named, tally: createTally() };
  groups.set(named.join('\n'), made);
  return made.tally;
}
