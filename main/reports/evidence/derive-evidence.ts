import { computeEnforcement } from './compute-enforcement.ts';
import { deriveReach } from './derive-reach.ts';
import type { EvidenceDerived, EvidencePeriod, EvidenceSources } from './evidence-tables.ts';

const HOUR_MS = 3_600_000;
/** Hours that some counter covered, whatever it lost. */
const RECORDED: ReadonlySet<string> = new Set(['recorded', 'lost']);

/** Every derived table. Pure: the same rows and period give the same tables, wherever they are computed. */
export function deriveEvidence(sources: EvidenceSources, period: EvidencePeriod): EvidenceDerived {
  const enforcement = computeEnforcement(sources, period);
  return { coverage: computeCoverage(sources, period), ...enforcement, ...deriveReach(sources), rule_use: computeRuleUse(sources) };
}

/** How complete the record of each managed host is; a host without an agent is expected to have none. */
export function computeCoverage(sources: EvidenceSources, { fromMs, untilMs }: EvidencePeriod): EvidenceDerived['coverage'] {
  const recordOf = Map.groupBy(sources.recording, ({ host }) => host);
  return sources.hosts
    .filter(({ managed }) => managed)
    .map(({ host, agent_version: agent }) => {
      const record = recordOf.get(host) ?? [];
      const sum = (of: (run: (typeof record)[number]) => number) => record.reduce((total, run) => total + of(run), 0);
      const hours = sum((run) => (RECORDED.has(run.state) ? Math.round((run.until - run.from) / HOUR_MS) : 0));
      return {
        host,
        with_agent: agent !== '',
        reporting: hours > 0,
        hours_recorded: hours,
        hours_expected: agent === '' ? 0 : Math.round((untilMs - fromMs) / HOUR_MS),
        packets_lost: sum((run) => run.packets_lost),
        gap_seconds: sum((run) => run.gap_seconds),
        worst_clock_offset_ms: record.reduce<number | null>((worst, { worst_clock_offset_ms: offset }) => (offset !== null && Math.abs(offset) > Math.abs(worst ?? 0) ? offset : (worst ?? offset)), null),
      };
    });
}

/** What the kernels counted for each rule, over the hosts whose counters were read; a rule that no host was read for has 0 hosts, which is not “never used”. */
export function computeRuleUse(sources: EvidenceSources): EvidenceDerived['rule_use'] {
  const hitsOf = Map.groupBy(sources.rule_hits, ({ rule }) => rule);
  return sources.rules.map(({ rule }) => {
    const hits = hitsOf.get(rule) ?? [];
    const begun = hits.flatMap(({ since }) => (since === null ? [] : [since]));
    return { rule, hosts_read: new Set(hits.map(({ host }) => host)).size, packets: hits.reduce((sum, hit) => sum + hit.packets, 0), oldest_since: begun.length === 0 ? null : begun.reduce((a, b) => Math.min(a, b)) };
  });
}
