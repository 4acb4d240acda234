import { type Finding, findingId, type LintSeverity } from '../../../shared/model/finding.ts';
import type { Meaning } from '../../ui/Mark.tsx';

export type SeverityChoice = LintSeverity | 'all';

export const SEVERITY_CHOICES: readonly { readonly value: SeverityChoice; readonly text: string }[] = [
  { value: 'all', text: 'All severities' },
  { value: 'error', text: 'Errors' },
  { value: 'warning', text: 'Warnings' },
  { value: 'info', text: 'Info' },
];

export const SEVERITY_LOOKS: Readonly<Record<LintSeverity, { readonly meaning: Meaning; readonly text: string }>> = {
  error: { meaning: 'blocked', text: 'Error' },
  warning: { meaning: 'would-block', text: 'Warning' },
  info: { meaning: 'unknown', text: 'Info' },
};

/** `1 error, 2 warnings, 4 info`; all three, also when there are none. */
export function countSeverities(findings: readonly Finding[]): string {
  const count = (severity: LintSeverity) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${count('info')} info`;
}

/** Whether any text of the finding contains `text`, whatever the case. */
export const findingContains = (finding: Finding, text: string): boolean =>
  [findingId(finding), finding.subject.text, finding.evidence, finding.fix.text].some((field) => field.toLowerCase().includes(text.trim().toLowerCase()));
