import type { Finding } from '../../model/finding.ts';
import type { Rule } from '../../model/policy.ts';
import { countText } from '../../text/amount-text.ts';
import { endOfRuleMs, isExpired } from '../resolve.ts';
import { changeRule, removeRule, ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

const DAY_MS = 86_400_000;
export const EXPIRES_SOON_DAYS = 14;
const EXTEND_DAYS = 30;
const REVIEW_EVERY_DAYS = 90;

/** What the dates of a rule say today, UTC. An expired rule has no other date that matters. */
export function findDates({ policy, nowMs }: LintWorld): Finding[] {
  return policy.rules.flatMap((rule) => (isExpired(rule, nowMs) ? [expired(rule, nowMs)] : [...findExpiring(rule, nowMs), ...findOverdue(rule, nowMs)]));
}

function expired(rule: Rule, nowMs: number): Finding {
  const days = Math.floor((nowMs - (endOfRuleMs(rule) ?? nowMs)) / DAY_MS);
  return {
    code: 'RULE_EXPIRED',
    severity: 'warning',
    subject: ruleSubject(rule),
    others: [],
    evidence: `It expired on ${rule.expiresOn ?? ''} (${days === 0 ? 'yesterday' : `${countText(days + 1, 'day')} ago`}): no host holds it any more.`,
    fix: removeRule(rule, '; it does nothing'),
  };
}

function findExpiring(rule: Rule, nowMs: number): Finding[] {
  const endMs = endOfRuleMs(rule);
  if (rule.disabled === true || endMs === null || endMs > nowMs + EXPIRES_SOON_DAYS * DAY_MS) return [];
  const expiresOn = dayOf(endMs - DAY_MS + EXTEND_DAYS * DAY_MS);
  return [
    {
      code: 'RULE_EXPIRES_SOON',
      severity: 'info',
      subject: ruleSubject(rule),
      others: [],
      evidence: `It holds until the end of ${rule.expiresOn ?? ''} UTC (${countText(Math.ceil((endMs - nowMs) / DAY_MS), 'day')} left); then hosts drop it by themselves.`,
      fix: changeRule(rule, `extend ${rule.id} to ${expiresOn}, or let it go`, { expiresOn }),
    },
  ];
}

function findOverdue(rule: Rule, nowMs: number): Finding[] {
  const today = dayOf(nowMs);
  if (rule.reviewOn === null || rule.reviewOn > today) return [];
  const days = Math.round((Date.parse(today) - Date.parse(rule.reviewOn)) / DAY_MS);
  const reviewOn = dayOf(nowMs + REVIEW_EVERY_DAYS * DAY_MS);
  return [
    {
      code: 'REVIEW_OVERDUE',
      severity: 'warning',
      subject: ruleSubject(rule),
      others: [],
      evidence: `Its review was due on ${rule.reviewOn} (${days === 0 ? 'today' : `${countText(days, 'day')} ago`}).`,
      fix: changeRule(rule, `when it was reviewed, set the next review date of ${rule.id} to ${reviewOn}`, { reviewOn }),
    },
  ];
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
