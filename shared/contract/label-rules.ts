import { z } from 'zod';
import { HostId, LabelRuleId } from '../model/ids.ts';
import { LabelRule } from '../model/label-rule.ts';
import { HostName } from '../model/names.ts';
import { ZoneMode } from '../model/policy.ts';

const count = z.number().int().nonnegative();
const LabelChange = z.strictObject({ host: z.string(), key: z.string(), before: z.string().nullable(), after: z.string().nullable() });

/** Where a label comes from; `shared/labels/assign-labels.ts` says what each field means. */
export const LabelEntry = z.strictObject({
  key: z.string(),
  value: z.string(),
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('hand') }),
    z.strictObject({ kind: z.literal('rule'), rule: LabelRuleId, number: count, by: z.enum(['inventory', 'host']), because: z.string() }),
  ]),
  disagrees: z.array(z.strictObject({ rule: LabelRuleId, number: count, value: z.string() })),
});
export type LabelEntry = z.infer<typeof LabelEntry>;

/** Something that a host says, and that changes its labels only if somebody accepts it. `holds` false: it no longer says what was accepted. */
export const WaitingLabel = z.strictObject({ rule: LabelRuleId, number: count, hostName: z.string(), holds: z.boolean(), because: z.string(), changes: z.array(LabelChange).min(1) });
export type WaitingLabel = z.infer<typeof WaitingLabel>;

/** `hosts`: names of those on which the rule counts. */
export const LabelRuleView = z.strictObject({ ...LabelRule.shape, number: count, hosts: z.array(z.string()) });
export type LabelRuleView = z.infer<typeof LabelRuleView>;

export const LabelRulesView = z.strictObject({ rules: z.array(LabelRuleView), waiting: z.array(WaitingLabel) });
export type LabelRulesView = z.infer<typeof LabelRulesView>;

/**
 * One edit of the label rules; what `preview` shows is what `apply` does. `position` counts from 1, null is last (or where it is). `accept`: hosts that somebody
 * has looked at, and whose word is taken if they still say so; the others wait.
 */
export const LabelEdit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('put'), id: LabelRuleId.nullable(), rule: LabelRule.omit({ id: true }), position: z.number().int().positive().nullable(), accept: z.array(HostName) }),
  z.strictObject({ kind: z.literal('remove'), id: LabelRuleId }),
  z.strictObject({ kind: z.literal('move'), id: LabelRuleId, position: z.number().int().positive() }),
  z.strictObject({ kind: z.literal('accept'), claims: z.array(z.strictObject({ rule: LabelRuleId, hostName: HostName, holds: z.boolean() })).min(1) }),
]);
export type LabelEdit = z.infer<typeof LabelEdit>;

export const LabelPreview = z.strictObject({
  /** The edited rule: hosts on which it would count, and those that say to fulfil it and would wait. Both empty for `accept`. */
  hosts: z.array(z.string()),
  waiting: z.array(z.strictObject({ hostName: z.string(), because: z.string() })),
  changes: z.array(LabelChange),
  moves: z.array(z.strictObject({ host: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  zones: z.array(z.strictObject({ zone: z.string(), mode: ZoneMode, joins: count, leaves: count })),
  /** What else there is to know: values that another rule or a hand has set otherwise, addresses that several hosts report. Sentences. */
  notes: z.array(z.string()),
});
export type LabelPreview = z.infer<typeof LabelPreview>;

/** How the host got its labels, and what it says that nobody has looked at yet. */
export const HostLabels = z.strictObject({ host: HostId, entries: z.array(LabelEntry), waiting: z.array(WaitingLabel) });
export type HostLabels = z.infer<typeof HostLabels>;
