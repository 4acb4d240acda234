import { z } from 'zod';
import { RuleId } from './ids.ts';
import { IpListName, ServiceName, ZoneName } from './names.ts';
import { Peer } from './peer.ts';
import { Rule } from './policy.ts';

/** Stable names: scripts and tickets quote them. ARCHITECTURE.md “Lint” says when each is raised. */
export const LintCode = z.enum([
  'RULE_CONTRADICTED',
  'RULE_ANY_TO_ANY',
  'RULE_SHADOWED',
  'RULE_END_EMPTY',
  'RULE_EXPIRED',
  'RULE_ORPHANED',
  'RULE_NETWORK_TOO_WIDE',
  'RULE_IDENTITY_UNENFORCED',
  'RULE_TRUSTS_FACTS',
  'RULE_MISSES_UNKNOWN',
  'ZONE_BY_POSTURE',
  'RULE_TRUSTS_POSTURE',
  'REVIEW_OVERDUE',
  'OWNER_MISSING',
  'ZONE_EMPTY',
  'ZONE_EXCEPTIONS_GROW',
  'NAME_UNRESOLVED',
  'NAME_ANSWER_REFUSED',
  'NAME_ROTATES',
  'RULE_PORTS_UNUSED',
  'RULE_PARTLY_DENIED',
  'RULE_OVERLAPPING',
  'RULE_EXPIRES_SOON',
  'REASON_MISSING',
  'SERVICE_UNUSED',
  'IPLIST_UNUSED',
  'NAMES_DRIFTED',
]);
export type LintCode = z.infer<typeof LintCode>;

/** error: the policy says two things, or nothing · warning: somebody should act · info: worth knowing. */
export const LintSeverity = z.enum(['error', 'warning', 'info']);
export type LintSeverity = z.infer<typeof LintSeverity>;

/** Fields of a rule to replace; what is not there stays. So no field has a default here: the model's would take away an identity that nobody spoke of. */
export const RuleChange = z.strictObject({
  from: Peer.exactOptional(),
  to: Peer.exactOptional(),
  services: Rule.shape.services.exactOptional(),
  as: z.null().exactOptional(),
  reviewOn: Rule.shape.reviewOn.exactOptional(),
  expiresOn: Rule.shape.expiresOn.exactOptional(),
});
export type RuleChange = z.infer<typeof RuleChange>;

/** A fix as data. Each is done by one command that exists anyway, so that it is recorded and previewed like any edit. */
export const LintAct = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('remove-rule'), rule: RuleId }),
  z.strictObject({ kind: z.literal('change-rules'), rules: z.array(z.strictObject({ rule: RuleId, change: RuleChange })).min(1) }),
  /** Only a person knows what to write. */
  z.strictObject({ kind: z.literal('ask'), rule: RuleId, field: z.enum(['owner', 'reason']) }),
  z.strictObject({ kind: z.literal('remove-zone'), name: ZoneName }),
  z.strictObject({ kind: z.literal('order-zones'), names: z.array(ZoneName).min(1) }),
  z.strictObject({ kind: z.literal('remove-service'), name: ServiceName }),
  z.strictObject({ kind: z.literal('remove-iplist'), name: IpListName }),
]);
export type LintAct = z.infer<typeof LintAct>;

/** What a finding is about; `id` is a rule's id, else a name, and `text` what people read. Code and id together name a finding. */
export const LintSubject = z.strictObject({ kind: z.enum(['rule', 'zone', 'service', 'iplist']), id: z.string(), text: z.string() });
export type LintSubject = z.infer<typeof LintSubject>;

export const Finding = z.strictObject({
  code: LintCode,
  severity: LintSeverity,
  subject: LintSubject,
  /** The other rules that the evidence speaks of; may be empty. */
  others: z.array(LintSubject),
  /** One or two sentences with the figures. */
  evidence: z.string(),
  /** What to do, as one sentence; `act` null: it needs a decision that no data holds. */
  fix: z.strictObject({ text: z.string(), act: LintAct.nullable() }),
});
export type Finding = z.infer<typeof Finding>;

export const findingId = ({ code, subject }: Pick<Finding, 'code' | 'subject'>): string => `${code}:${subject.id}`;
