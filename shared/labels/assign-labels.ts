import type { HostId, LabelRuleId } from '../model/ids.ts';
import type { Labels } from '../model/label.ts';
import type { LabelClaim, LabelRule } from '../model/label-rule.ts';
import { sortLabelKeys } from '../text/label-text.ts';
import { createLabelMatcher, type LabelHost, type LabelMatch } from './match-label-rule.ts';

/** Label rules in order, and what hosts say to fulfil of them. */
export type LabelBook = { readonly rules: readonly LabelRule[]; readonly claims: readonly LabelClaim[] };

/** `number` is the rule's place in the list, from 1: what people say. `because` names every condition that held. */
export type LabelSource = { readonly kind: 'hand' } | ({ readonly kind: 'rule'; readonly rule: LabelRuleId; readonly number: number } & LabelMatch);

/** One label in effect. `disagrees`: rules that would give the key another value and did not win, in order. */
export type LabelEntry = {
  readonly key: string;
  readonly value: string;
  readonly source: LabelSource;
  readonly disagrees: readonly { readonly rule: LabelRuleId; readonly number: number; readonly value: string }[];
};

/** `entries` has one for each of `labels`, built-in keys first; `rules` are those that count on the host, in order, whether or not one of their labels won. */
export type HostLabelling = { readonly labels: Labels; readonly entries: readonly LabelEntry[]; readonly rules: readonly LabelRuleId[] };

/**
 * The labels of every host. By hand wins, then the first rule in order. A rule that rests on what a host says counts where it was accepted, and only there:
 * the facts of hosts are not looked at. The order of hosts changes nothing.
 */
export function assignLabels(book: LabelBook, hosts: readonly Omit<LabelHost, 'said'>[]): Map<HostId, HostLabelling> {
  const label = createLabeller(book.rules);
  const claims = Map.groupBy(book.claims, (claim) => claim.host);
  return new Map(hosts.map((host) => [host.id, label(host, claims.get(host.id) ?? [])]));
}

/** The same for one host after the other; `claims` are those of the host. */
export function createLabeller(rules: readonly LabelRule[]): (host: Omit<LabelHost, 'said'>, claims: readonly LabelClaim[]) => HostLabelling {
  const matchers = rules.map(createLabelMatcher);
  return (host, claims) => {
    const believed = new Map(claims.filter((claim) => claim.accepted !== null).map((claim) => [claim.rule, claim.because]));
    const given = matchers.flatMap((matcher, i): Given[] => {
      const { id } = matcher.rule;
      const because = believed.get(id);
      const match = matcher.match({ ...host, said: null }) ?? (because === undefined ? null : { by: 'host' as const, because });
      const labels = match === null ? null : matcher.labelsFor(host.name);
      return match === null || labels === null ? [] : [{ labels, source: { kind: 'rule', rule: id, number: i + 1, ...match } }];
    });
    return layLabels(host.labels, given);
  };
}

type RuleSource = Extract<LabelSource, { kind: 'rule' }>;
type Given = { readonly labels: Labels; readonly source: RuleSource };

function layLabels(byHand: Labels, given: readonly Given[]): HostLabelling {
  const keys = sortLabelKeys([...new Set([byHand, ...given.map(({ labels }) => labels)].flatMap(Object.keys))]);
  const entries = keys.flatMap((key): LabelEntry[] => {
    const offers = given.flatMap(({ labels, source }) => (Object.hasOwn(labels, key) ? [{ value: labels[key] ?? '', source }] : []));
    const hand = Object.hasOwn(byHand, key) ? byHand[key] : undefined;
    const won: { value: string; source: LabelSource } | undefined = hand === undefined ? offers[0] : { value: hand, source: { kind: 'hand' } };
    if (won === undefined) return [];
    const disagrees = offers.filter((offer) => offer.value !== won.value).map(({ value, source: { rule, number } }) => ({ rule, number, value }));
    return [{ key, ...won, disagrees }];
  });
  return { labels: Object.fromEntries(entries.map(({ key, value }) => [key, value])), entries, rules: given.map(({ source }) => source.rule) };
}
