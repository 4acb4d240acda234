import { expect, test } from 'vitest';
import { createFlowJudge, type JudgedFlow } from '../../shared/policy/judge-flow.ts';
import { arbitraryFlow } from '../../shared/policy/testing/arbitrary-flow.ts';
import { edgesOf } from '../../shared/policy/testing/arbitrary-packet.ts';
import { arbitraryPolicy } from '../../shared/policy/testing/arbitrary-policy.ts';
import { createRandom } from '../../shared/policy/testing/random.ts';
import { zoneOfHosts } from '../../shared/policy/zones.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import { explainWithoutRules, judgeDraft } from './map-judge.ts';

const NOW_MS = Date.UTC(2026, 5, 15);
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

/** What an agent would have stored of it. */
const stored = (flow: JudgedFlow): StoredFlow => ({ ...flow, id: 1, forwardTo: null, process: null, processConfidence: 'unknown', zone: null, policyVersion: null, connections: 1, firstSeenAtMs: flow.lastSeenAtMs });

function siteOf(seed: number) {
  const site = arbitraryPolicy(seed);
  const { policy, hosts } = site;
  const random = createRandom(seed);
  const edges = edgesOf(policy, hosts);
  const judge = createFlowJudge(policy, hosts, { nowMs: NOW_MS });
  const explain = createFlowJudge(policy, hosts, { nowMs: NOW_MS, assume: 'all-restricted' });
  const judges = { policy, zones: zoneOfHosts(policy, hosts), hosts: new Map(hosts.map((host) => [host.id, host])), judge, explain };
  return { policy, hosts, judges, flows: random.many(100, 100, () => stored(arbitraryFlow(random, site, { edges, nowMs: NOW_MS }))) };
}

/** As it is written down: the draft's verdict first, and only where it says nothing of rules whether one explains it. */
function inWords({ judge, explain, zones }: ReturnType<typeof siteOf>['judges'], flow: StoredFlow) {
  const explained = () => {
    const judgement = explain(flow);
    return judgement.kind !== 'decided' ? 'unknown' : judgement.verdict === 'allowed' ? 'allowed' : 'no-rule';
  };
  const judgement = judge(flow);
  if (judgement.kind === 'unknown') return 'unknown';
  if (judgement.kind === 'observed' || judgement.by === 'outbound-open' || judgement.by === 'not-selected') return explained();
  if (judgement.verdict === 'allowed') return 'allowed';
  return zones.get(flow.reporter)?.zone?.mode === 'enforce' ? 'blocked' : 'would-block';
}

test('the shorter way to what the draft does with a flow gives what the whole way gives', () => {
  const seen = new Set<string>();
  const disagreements: unknown[] = [];
  let toldByRules = 0;
  for (const seed of SEEDS) {
    const { judges, flows } = siteOf(seed);
    for (const flow of flows) {
      let asked = 0;
      const counting = (one: JudgedFlow) => {
        asked += 1;
        return judges.judge(one);
      };
      const verdict = judgeDraft({ ...judges, judge: counting }, flow);
      const expected = inWords(judges, flow);
      if (verdict !== expected) disagreements.push({ seed, flow, verdict, expected });
      if (asked === 0) toldByRules += 1;
      seen.add(verdict);
    }
  }
  expect(disagreements.slice(0, 3)).toEqual([]);
  expect(seen).toEqual(new Set(['allowed', 'no-rule', 'would-block', 'blocked', 'unknown']));
  expect(toldByRules).toBeGreaterThan(1000);
});

test('what explains a flow at a host that nothing was pushed to is what the policy without its rules explains', () => {
  const seen = new Set<string>();
  const disagreements: unknown[] = [];
  for (const seed of SEEDS) {
    const { policy, hosts, judges, flows } = siteOf(seed);
    const bare = createFlowJudge({ ...policy, rules: [], containments: [] }, hosts, { nowMs: NOW_MS, assume: 'all-restricted' });
    for (const flow of flows) {
      const judgement = bare(flow);
      const expected = judgement.kind !== 'decided' ? 'unknown' : judgement.verdict === 'allowed' ? 'allowed' : 'no-rule';
      const explained = explainWithoutRules(judges, flow);
      if (explained !== expected) disagreements.push({ seed, flow, explained, expected });
      seen.add(explained);
    }
  }
  expect(disagreements.slice(0, 3)).toEqual([]);
  expect(seen).toEqual(new Set(['allowed', 'no-rule', 'unknown']));
});
