import { z } from 'zod';

export const KpiId = z.enum(['coverage-hosts', 'coverage-flows', 'policy-accuracy', 'false-positive-rate', 'time-to-block', 'time-to-policy', 'lateral-blocked', 'rule-changes', 'overhead']);
export type KpiId = z.infer<typeof KpiId>;

/** One figure about the policy. `value` null: not known, and `limits` says why; else `limits` says what the figure leaves out, '' when nothing. */
export const Kpi = z.strictObject({
  id: KpiId,
  title: z.string(),
  value: z.number().nullable(),
  unit: z.enum(['percent', 'hours', 'connections', 'changes']),
  /** The value with what it was made of, as people read it: `75 % (3 of 4)`; `not known`. */
  text: z.string(),
  /** How it is computed, in words. */
  formula: z.string(),
  limits: z.string(),
});
export type Kpi = z.infer<typeof Kpi>;
