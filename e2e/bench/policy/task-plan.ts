import { createBundleMaker } from '../../../main/services/plan-bundles.ts';
import type { Flow } from '../../../shared/model/flow.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { diffHostRulesets } from '../../../shared/policy/diff-host.ts';
import { createImpactBook } from '../../../shared/policy/flow-impact.ts';
import { syntheticFlows } from './synthetic-flows.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';
import { addTiming, peakMb, type Size, type TaskResult, timed } from './timing.ts';

const OPTIONS = { policyVersion: 0, nowMs: BENCH_NOW_MS };

/** All three layers of a plan after an edit that opens and closes something: text of every host, diff of those that change, flows whose verdict changes. Making the flows is not measured. */
export function measurePlan(size: Size): TaskResult {
  const site = syntheticSite(1, size);
  const make = createBundleMaker();
  const before = make(site.policy, site.hosts, OPTIONS);
  const policy = { ...site.policy, rules: site.policy.rules.slice(Math.ceil(size.rules / 50)) };
  const diffs = timed(() => [...make(policy, site.hosts, OPTIONS)].flatMap(([id, { ruleset, hash }]) => (before.get(id)?.hash === hash ? [] : diffHostRulesets(before.get(id)?.ruleset ?? null, ruleset))));
  const book = timed(() => createBook(site.policy, policy, site.hosts));
  let impact = book.timing;
  for (const part of syntheticFlows(site, 2, size.flows)) {
    const judged = timed(() => part.forEach(book.value.add));
    impact = addTiming(impact, judged.timing);
  }
  const rows = timed(() => book.value.rows());
  impact = addTiming(impact, rows.timing);
  return { times: { diffs: diffs.timing, impact, plan: addTiming(diffs.timing, impact) }, counts: { diffRows: diffs.value.length, impactRows: rows.value.length }, peakMb: peakMb() };
}

const createBook = (before: Policy, after: Policy, hosts: ReturnType<typeof syntheticSite>['hosts']) => createImpactBook<Flow>({ policy: before, hosts }, { policy: after, hosts }, { nowMs: BENCH_NOW_MS }, (flow) => flow);
