import type { z } from 'zod';
import { Rule } from '../../shared/model/policy.ts';
import { parseIdentity, parseUnitName, printIdentity } from '../../shared/text/identity-text.ts';
import { parsePeer, printPeer } from '../../shared/text/peer-text.ts';
import { parsed } from '../../shared/text/parsed.ts';
import { parseSchedule, printSchedule } from '../../shared/text/schedule-text.ts';
import { parseServiceRefs, printServiceRefs } from '../../shared/text/service-text.ts';
import { issueText } from './typed-text.ts';

/** What the rule dialog holds while it is typed: texts only. Dates are '' when not given. */
export type RuleForm = {
  readonly action: 'allow' | 'deny';
  readonly from: string;
  readonly to: string;
  readonly services: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  readonly reviewOn: string;
  readonly expiresOn: string;
  /** `user:backup`, `group:ops`, `unit:job.service`; '' is everyone on the consumers. */
  readonly as: string;
  /** The listening service; '' is whatever listens. */
  readonly servedBy: string;
  /** '' is at all times. */
  readonly schedule: string;
};
const NewRuleSchema = Rule.omit({ id: true });
export type NewRule = z.infer<typeof NewRuleSchema>;

export const EMPTY_RULE_FORM: RuleForm = {
  action: 'allow',
  from: '',
  to: '',
  services: '',
  owner: '',
  reason: '',
  ticket: '',
  reviewOn: '',
  expiresOn: '',
  as: '',
  servedBy: '',
  schedule: '',
};

export const formOfRule = (rule: NewRule): RuleForm => ({
  action: rule.action,
  from: printPeer(rule.from),
  to: printPeer(rule.to),
  services: printServiceRefs(rule.services),
  owner: rule.owner,
  reason: rule.reason,
  ticket: rule.ticket,
  reviewOn: rule.reviewOn ?? '',
  expiresOn: rule.expiresOn ?? '',
  as: rule.as === null ? '' : printIdentity(rule.as),
  servedBy: rule.servedBy ?? '',
  schedule: rule.schedule === null ? '' : printSchedule(rule.schedule),
});

export type RuleFormErrors = {
  readonly from: string | null;
  readonly to: string | null;
  readonly services: string | null;
  readonly schedule: string | null;
  readonly as: string | null;
  readonly servedBy: string | null;
  /** About a field that has no message of its own. */
  readonly other: string | null;
};
type RuleReading = { readonly rule: NewRule | null; readonly errors: RuleFormErrors };

/**
 * The rule that the form says, or what is wrong with each field; `rule` is null while anything is. What the form does not show is taken
 * from `changed`, the rule that is edited, so that nothing is lost by editing; a new rule (null) gets the model's defaults.
 */
export function readRuleForm(form: RuleForm, changed: Rule | null): RuleReading {
  const from = parsePeer(form.from);
  const to = parsePeer(form.to);
  const services = parseServiceRefs(form.services);
  const schedule = form.schedule.trim() === '' ? parsed(null) : parseSchedule(form.schedule);
  const as = form.as.trim() === '' ? parsed(null) : parseIdentity(form.as);
  const servedBy = form.servedBy.trim() === '' ? parsed(null) : parseUnitName(form.servedBy);
  const read = { from: issueText(from), to: issueText(to), services: issueText(services), schedule: issueText(schedule) };
  const errors = { ...read, as: issueText(as), servedBy: issueText(servedBy), other: null };
  if (!from.ok || !to.ok || !services.ok || !schedule.ok || !as.ok || !servedBy.ok) return { rule: null, errors };
  const { id: _id, ...kept } = changed ?? { id: null };
  const rule = NewRuleSchema.safeParse({
    ...kept,
    action: form.action,
    from: from.value,
    to: to.value,
    services: services.value,
    as: as.value,
    servedBy: servedBy.value,
    schedule: schedule.value,
    owner: form.owner.trim(),
    reason: form.reason.trim(),
    ticket: form.ticket.trim(),
    reviewOn: form.reviewOn === '' ? null : form.reviewOn,
    expiresOn: form.expiresOn === '' ? null : form.expiresOn,
  });
  return rule.success
    ? { rule: rule.data, errors }
    : { rule: null, errors: { ...errors, other: rule.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n') } };
}
