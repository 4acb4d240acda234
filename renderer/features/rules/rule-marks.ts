import type { Finding, LintSeverity } from '../../../shared/model/finding.ts';

/** What is to be said of a rule beside its fields: findings of the linter worst first, then policy tests that it breaks. */
export type RuleRemark = { readonly severity: LintSeverity; readonly text: string };

const WORST: readonly LintSeverity[] = ['error', 'warning', 'info'];

/** By the rule's id; rules of which nothing is to be said are not there. A broken policy test is an error of the rule that it names. */
export function collectRemarks(findings: readonly Finding[], brokenTests: readonly string[]): ReadonlyMap<string, readonly RuleRemark[]> {
  const remarks = new Map<string, RuleRemark[]>();
  const add = (id: string, remark: RuleRemark) => remarks.set(id, [...(remarks.get(id) ?? []), remark]);
  for (const text of brokenTests) for (const id of new Set(text.match(/\br_[0-9a-z]{12}\b/g))) add(id, { severity: 'error', text: `Policy test broken: ${text}` });
  for (const { subject, severity, code, evidence } of findings) if (subject.kind === 'rule') add(subject.id, { severity, text: `${code}: ${evidence}` });
  return new Map([...remarks].map(([id, list]) => [id, list.toSorted((a, b) => WORST.indexOf(a.severity) - WORST.indexOf(b.severity))]));
}
