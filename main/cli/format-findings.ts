import type { LintReport } from '../../shared/contract/lint.ts';
import { findingId } from '../../shared/model/finding.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { inert } from '../../shared/text/inert.ts';

/** Findings as people read them, worst first, then what could not be told. */
export function formatFindings(report: LintReport): string {
  const counts = (['error', 'warning', 'info'] as const).map((severity) => `${report.findings.filter((finding) => finding.severity === severity).length} ${severity}`);
  const lines = report.findings.flatMap((finding) => [
    `${finding.severity.padEnd(7)} ${findingId(finding)}`,
    ...(finding.subject.kind === 'rule' ? [`        ${finding.subject.text}`] : []),
    `        ${finding.evidence}`,
    `        → ${finding.fix.text}${finding.fix.act === null ? '' : ' (--fix)'}`,
  ]);
  return [...lines.map(inert), `${countText(report.rules, 'rule')}: ${counts.join(', ')}.`, ...limits(report)].join('\n');
}

function limits({ hosts, watchedHosts, days, unwatchedRules }: LintReport): string[] {
  if (unwatchedRules === 0) return [];
  return [`Not known: whether ${unwatchedRules} allow rules are used, because ${hosts - watchedHosts} of ${hosts} hosts were not recorded for all of the last ${days} days until now.`];
}
