import { z } from 'zod';
import { Finding } from '../model/finding.ts';
import { PolicyText } from './policy-files.ts';

const count = z.number().int().nonnegative();

/** `file`: a policy file to lint instead of the draft. `days`: how long a rule without traffic is left alone. */
export const LintQuery = z.strictObject({ file: PolicyText.nullable(), days: z.number().int().min(1).max(365) });
export type LintQuery = z.infer<typeof LintQuery>;

export const LINT_DAYS = 30;

/** Findings worst first. What could not be told is counted: rules whose use is not known, because too few hosts were recorded for `days`. */
export const LintReport = z.strictObject({
  findings: z.array(Finding),
  days: count,
  rules: count,
  /** Managed hosts, and how many of them were recorded for all of the days until lately. */
  hosts: count,
  watchedHosts: count,
  unwatchedRules: count,
});
export type LintReport = z.infer<typeof LintReport>;
