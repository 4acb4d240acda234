import { suggestRules } from '../../../shared/policy/suggest.ts';
import { syntheticFlows } from './synthetic-flows.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';
import { peakMb, type Size, type TaskResult, timed } from './timing.ts';

/** Suggestions for a site with half of its rules. The flows are in memory as the workspace would give them, and are most of what the process holds. */
export function measureSuggest(size: Size): TaskResult {
  const site = syntheticSite(1, size);
  const flows = [...syntheticFlows(site, 2, size.flows)].flat();
  const policy = { ...site.policy, rules: site.policy.rules.filter((_, i) => i % 2 === 0) };
  const heldMb = peakMb();
  const suggest = timed(() => suggestRules(flows, policy, site.hosts, { nowMs: BENCH_NOW_MS, zone: null }));
  return { times: { suggest: suggest.timing }, counts: { suggestions: suggest.value.suggestions.length, flowsMb: heldMb }, peakMb: peakMb() };
}
