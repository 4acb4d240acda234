import type { HostId, LabelRuleId } from '../model/ids.ts';
import type { LabelClaim, LabelRule } from '../model/label-rule.ts';
import { createLabeller, type HostLabelling, type LabelBook } from './assign-labels.ts';
import { createLabelMatcher, type LabelHost, type LabelMatcher } from './match-label-rule.ts';

/** Who edits, and when. */
type Editor = { readonly by: string; readonly atMs: number };

/**
 * The book with `rule` in place of the one with its id, or new at `index` (clamped; null: last, or where it is). Claims of hosts in `accept` that hold now are accepted.
 * Those of before stay accepted while the conditions are the same; with other conditions somebody has to look again.
 */
export function putLabelRule(book: LabelBook, rule: LabelRule, options: { index: number | null; accept: readonly HostId[]; hosts: readonly LabelHost[] } & Editor): LabelBook {
  const former = book.rules.find(({ id }) => id === rule.id);
  const rules = former === undefined ? [...book.rules, rule] : book.rules.map((other) => (other.id === rule.id ? rule : other));
  const isSame = former !== undefined && conditionsOf(former) === conditionsOf(rule);
  const known = new Map(book.claims.filter((claim) => isSame && claim.rule === rule.id).map((claim) => [claim.host, claim]));
  const matcher = createLabelMatcher(rule);
  const accept = new Set(options.accept);
  const claims = options.hosts.flatMap((host) => {
    const claim = nextClaim(matcher, host, known.get(host.id));
    const isAccepted = claim?.holds === true && claim.accepted === null && accept.has(host.id);
    return claim === null ? [] : [isAccepted ? { ...claim, accepted: { atMs: options.atMs, by: options.by } } : claim];
  });
  const made = { rules, claims: [...book.claims.filter((claim) => claim.rule !== rule.id), ...claims] };
  return options.index === null ? made : moveLabelRule(made, rule.id, options.index);
}

const conditionsOf = ({ names, networks, facts }: LabelRule): string => JSON.stringify([names, networks, facts]);

/** Its claims go with it. */
export const removeLabelRule = (book: LabelBook, id: LabelRuleId): LabelBook => ({ rules: book.rules.filter((rule) => rule.id !== id), claims: book.claims.filter((claim) => claim.rule !== id) });

/** `index` from 0; beyond an end it is that end. */
export function moveLabelRule(book: LabelBook, id: LabelRuleId, index: number): LabelBook {
  const rule = book.rules.find((candidate) => candidate.id === id);
  return rule === undefined ? book : { ...book, rules: book.rules.filter((other) => other.id !== id).toSpliced(Math.max(0, index), 0, rule) };
}

export type ClaimName = { readonly rule: LabelRuleId; readonly host: HostId };

/** A claim that holds counts from now on; one that does not hold any more is forgotten. Others stay. */
export function acceptClaims(book: LabelBook, names: readonly ClaimName[], { by, atMs }: Editor): LabelBook {
  const chosen = new Set(names.map(({ rule, host }) => `${rule} ${host}`));
  const claims = book.claims.flatMap((claim): LabelClaim[] => {
    if (!chosen.has(`${claim.rule} ${claim.host}`)) return [claim];
    return claim.holds ? [{ ...claim, accepted: claim.accepted ?? { by, atMs } }] : [];
  });
  return { ...book, claims };
}

/** The claims of one host after it said something new, in the order of the rules. What was accepted stays accepted. */
export function nextClaims(book: LabelBook, host: LabelHost): LabelClaim[] {
  const known = new Map(book.claims.filter((claim) => claim.host === host.id).map((claim) => [claim.rule, claim]));
  return book.rules.flatMap((rule) => nextClaim(createLabelMatcher(rule), host, known.get(rule.id)) ?? []);
}

function nextClaim(matcher: LabelMatcher, host: LabelHost, former: LabelClaim | undefined): LabelClaim | null {
  const match = matcher.match(host);
  if (match?.by === 'inventory') return null;
  if (match !== null) return { rule: matcher.rule.id, host: host.id, holds: true, because: match.because, accepted: former?.accepted ?? null };
  return former === undefined || former.accepted === null ? null : { ...former, holds: false };
}

/** A claim that somebody should look at, with the host's labels as they are and as they would be. */
export type PendingClaim = { readonly claim: LabelClaim; readonly before: HostLabelling; readonly after: HostLabelling };

/** Claims that wait and would change a label, each taken alone, by rule and then in the order of hosts. */
export function listPending(book: LabelBook, hosts: readonly Omit<LabelHost, 'said'>[]): PendingClaim[] {
  const claimsOf = Map.groupBy(book.claims, (claim) => claim.host);
  const placeOf = new Map(book.rules.map((rule, i) => [rule.id, i]));
  const label = createLabeller(book.rules);
  return hosts
    .flatMap((host) => {
      const claims = claimsOf.get(host.id) ?? [];
      const waiting = claims.filter((claim) => claim.holds !== (claim.accepted !== null));
      if (waiting.length === 0) return [];
      const before = label(host, claims);
      return waiting.flatMap((claim): PendingClaim[] => {
        const after = label(host, acceptClaims({ ...book, claims }, [claim], { by: '', atMs: 0 }).claims);
        return JSON.stringify(before.labels) === JSON.stringify(after.labels) ? [] : [{ claim, before, after }];
      });
    })
    .toSorted((a, b) => (placeOf.get(a.claim.rule) ?? 0) - (placeOf.get(b.claim.rule) ?? 0));
}
