import type { Identity } from '../model/identity.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { Service } from '../model/service.ts';
import { ANY } from '../net/address-match.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceRefs } from '../text/service-text.ts';
import type { Families } from './fleet-index.ts';
import type { Lane, RuleRow, ServiceMatch } from './host-ruleset.ts';
import { endOfRuleMs, isLive, type ResolvedPeer, type Resolver } from './resolve.ts';
import { toServiceMatch } from './service-match.ts';

/** One rule with both its ends resolved. `key` says all that its rows are made of, but for the two ends. */
export type PreparedRule = {
  readonly key: string;
  readonly rule: Rule;
  readonly from: ResolvedPeer;
  readonly to: ResolvedPeer;
  readonly services: ServiceMatch;
  /** What the rule means at its provider and at its consumer; null where such a rule means nothing there. */
  readonly inbound: RowMaker | null;
  readonly outbound: RowMaker | null;
};

/** The row of a host that takes part in these families: the same object for all such hosts, since nothing else of a host is in it. Null: no row. */
export type RowMaker = (families: Families) => RuleRow | null;

/** Rules that live at `nowMs` and have somebody at both ends, by id: they are a set, so their order in the policy changes nothing on a host. What `former` has of the same content is kept, with its rows. */
export function prepareRules(policy: Policy, resolver: Resolver, nowMs: number, former: ReadonlyMap<string, PreparedRule>): PreparedRule[] {
  const servicesOf = rememberServices(policy.services);
  return policy.rules
    .filter((rule) => isLive(rule, nowMs))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((rule) => prepareRule(rule, resolver, servicesOf(rule), former.get(rule.id)))
    .filter(({ from, to }) => from.match.kind !== 'none' && to.match.kind !== 'none');
}

function prepareRule(rule: Rule, resolver: Resolver, services: ServiceMatch, former: PreparedRule | undefined): PreparedRule {
  const [from, to] = [resolver.resolvePeer(rule.from), resolver.resolvePeer(rule.to)];
  const texts = { from: printPeer(rule.from), to: printPeer(rule.to), services: printServiceRefs(rule.services) };
  const key = JSON.stringify([rule.action, texts, services, rule.as, rule.servedBy, rule.schedule, rule.expiresOn]);
  const kept = former?.key === key ? former : undefined;
  const about = { rule, services, serviceText: texts.services };
  const asUnit: Identity | null = rule.servedBy === null ? null : { kind: 'unit', name: rule.servedBy };
  const inbound: RowParts = { ...about, own: to, peer: from, peerText: texts.from, as: asUnit };
  const outbound: RowParts = { ...about, own: from, peer: to, peerText: texts.to, as: rule.as };
  // A deny rule for one user, or one listener, would deny a whole host at the other end, where that is not seen.
  const isSeen = (identity: unknown) => rule.action === 'allow' || identity === null;
  return {
    key,
    rule,
    from,
    to,
    services,
    inbound: kept && isSameRow(inbound, kept.to, kept.from) ? kept.inbound : isSeen(rule.as) ? rememberRows(inbound) : null,
    outbound: kept && isSameRow(outbound, kept.from, kept.to) ? kept.outbound : isSeen(rule.servedBy) ? rememberRows(outbound) : null,
  };
}

/** Whether such a row is as it was. Its own end is named in it only where the rule names addresses; which hosts have the row is not in it either. */
const isSameRow = ({ own, peer }: RowParts, formerOwn: ResolvedPeer, formerPeer: ResolvedPeer): boolean =>
  peer.match === formerPeer.match && (own.covers.kind !== 'addresses' || own.match === formerOwn.match);

type RowParts = { rule: Rule; services: ServiceMatch; serviceText: string; own: ResolvedPeer; peer: ResolvedPeer; peerText: string; as: Identity | null };

function rememberRows(parts: RowParts): RowMaker {
  const rows = new Map<Families, RuleRow | null>();
  return (families) => {
    const known = rows.get(families);
    if (known !== undefined) return known;
    const row = toRow(parts, families);
    rows.set(families, row);
    return row;
  };
}

/** The rule as such a host sees it, or nothing when nobody is at the other end. */
function toRow({ rule, services, serviceText, own, peer, peerText, as }: RowParts, families: Families): RuleRow | null {
  const lanes = ([4, 6] as const).flatMap((family): Lane[] => {
    const peers = peer.byFamily[family];
    if ((families & (family === 4 ? 1 : 2)) === 0 || peers.kind === 'none') return [];
    const local = own.covers.kind === 'addresses' ? own.byFamily[family] : ANY;
    return local.kind === 'none' ? [] : [{ family, peers, local }];
  });
  const [first, ...rest] = lanes.filter((lane) => hasServiceIn(services, lane));
  if (!first) return null;
  const times = { schedule: rule.schedule, endsAtMs: endOfRuleMs(rule) };
  return { kind: 'rule-row', ruleId: rule.id, action: rule.action, lanes: [first, ...rest], services, as, ...times, peerText, serviceText };
}

/** A lane in which no service can occur (ICMPv6 over IPv4) is dropped here, so that the printer cannot print it without a service. */
const hasServiceIn = (services: ServiceMatch, lane: Lane): boolean =>
  services.kind === 'any' || services.terms.some((term) => term.kind === 'ports' || term.family === lane.family);

/** Most rules name one of few services. */
function rememberServices(services: readonly Service[]): (rule: Rule) => ServiceMatch {
  const known = new Map<string, ServiceMatch>();
  return ({ services: refs }) => {
    const text = printServiceRefs(refs);
    const match = known.get(text) ?? toServiceMatch(refs, services);
    known.set(text, match);
    return match;
  };
}
