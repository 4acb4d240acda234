import { FirebreakError } from '../errors.ts';
import type { FleetHost } from '../model/host.ts';
import type { Identity } from '../model/identity.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { Service } from '../model/service.ts';
import { getAddress } from '../net/address.ts';
import { type RangeSet, singleRange, toRangeSet } from '../net/range-set.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceRefs } from '../text/service-text.ts';
import { type TimeSpan, yearsAround } from '../time/schedule-windows.ts';
import { findDanglingReferences } from './check-references.ts';
import type { Essential, HostRuleset, Lane, RuleRow, ServiceMatch } from './host-ruleset.ts';
import { createResolver, endOfRuleMs, isLive, localMatch, type ResolvedPeer, type Resolver } from './resolve.ts';
import { toServiceMatch } from './service-match.ts';

/** Rules that have expired at `nowMs` compile to nothing; schedules are compiled for its year and the next two. */
export type CompileOptions = { readonly nowMs: number };

/** One ruleset for each managed host, in the order of `hosts`. Throws INPUT_INVALID when the policy names what it does not have. */
export function compileFleet(policy: Policy, hosts: readonly FleetHost[], options: CompileOptions): Map<HostId, HostRuleset> {
  const context = createContext(policy, hosts, options);
  return new Map(hosts.filter((host) => host.managed).map((host) => [host.id, compileOne(context, host)]));
}

/** The ruleset of one managed host of the fleet; `hosts` is the whole fleet, because peers are resolved in it. */
export function compileHost(policy: Policy, hosts: readonly FleetHost[], hostId: HostId, options: CompileOptions): HostRuleset {
  const host = hosts.find((candidate) => candidate.id === hostId);
  if (!host) throw new FirebreakError('NOT_FOUND', { what: 'host', name: hostId, known: [] });
  return compileOne(createContext(policy, hosts, options), host);
}

/** The set that a fresh agent starts with: records, judges nothing. */
export function compileObserve(host: FleetHost): HostRuleset {
  return freeze(emptyRuleset(host));
}

type PreparedRule = { rule: Rule; from: ResolvedPeer; to: ResolvedPeer; services: ServiceMatch; fromText: string; toText: string; serviceText: string };
type Context = { resolver: Resolver; rules: readonly PreparedRule[]; services: readonly Service[]; years: TimeSpan };

function createContext(policy: Policy, hosts: readonly FleetHost[], options: CompileOptions): Context {
  const issues = findDanglingReferences(policy);
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
  const resolver = createResolver(policy, hosts);
  const rules = policy.rules
    .filter((rule) => isLive(rule, options.nowMs))
    .map((rule) => ({
      rule,
      from: resolver.resolvePeer(rule.from),
      to: resolver.resolvePeer(rule.to),
      services: toServiceMatch(rule.services, policy.services),
      fromText: printPeer(rule.from),
      toText: printPeer(rule.to),
      serviceText: printServiceRefs(rule.services),
    }))
    .filter(({ from, to }) => from.match.kind !== 'none' && to.match.kind !== 'none');
  return { resolver, rules, services: policy.services, years: yearsAround(options.nowMs) };
}

function compileOne({ resolver, rules, services, years }: Context, host: FleetHost): HostRuleset {
  const zone = resolver.zones.get(host.id)?.zone ?? null;
  const base = { ...emptyRuleset(host), zone: zone?.name ?? null, outbound: zone?.outbound ?? 'open' } as const;
  if (!zone || zone.mode === 'observe') return freeze(base);
  const own = resolver.addressesOf(host);
  // A deny rule for one user, or one listener, would deny a whole host at the other end, where that is not seen.
  const inbound = rules
    .filter(({ rule }) => rule.action === 'allow' || rule.as === null)
    .flatMap((prepared) => toRow(prepared, host, own, { own: prepared.to, peer: prepared.from, peerText: prepared.fromText, as: ofUnit(prepared.rule) }));
  const outbound = rules.filter(({ rule }) => rule.action === 'allow' || rule.servedBy === null).flatMap((prepared) => toRow(prepared, host, own, { own: prepared.from, peer: prepared.to, peerText: prepared.toText, as: prepared.rule.as }));
  const rows = {
    denyIn: inbound.filter((row) => row.action === 'deny'),
    allowIn: inbound.filter((row) => row.action === 'allow'),
    denyOut: outbound.filter((row) => row.action === 'deny'),
    allowOut: zone.outbound === 'restricted' ? outbound.filter((row) => row.action === 'allow') : [],
  };
  const isTimed = Object.values(rows).some((list) => list.some((row) => row.schedule !== null));
  const only = zone.onlyServices && { services: toServiceMatch(zone.onlyServices, services), text: printServiceRefs(zone.onlyServices) };
  return freeze({ ...base, ...rows, mode: zone.mode, only, scheduleSpan: isTimed ? years : null });
}

const ofUnit = ({ servedBy }: Rule): Identity | null => (servedBy === null ? null : { kind: 'unit', name: servedBy });

/** The rule as this host sees it, or nothing when the host is not an end of it or nobody is at the other end. */
function toRow(prepared: PreparedRule, host: FleetHost, addresses: RangeSet, ends: { own: ResolvedPeer; peer: ResolvedPeer; peerText: string; as: Identity | null }): RuleRow[] {
  const lanes = ([4, 6] as const).flatMap((family): Lane[] => {
    const peers = ends.peer.byFamily[family];
    if (peers.kind === 'none') return [];
    const local = localMatch(ends.own, host, addresses, family);
    return local.kind === 'none' ? [] : [{ family, peers, local }];
  });
  const [first, ...rest] = lanes.filter((lane) => hasServiceIn(prepared.services, lane));
  if (!first) return [];
  const { rule, services, serviceText } = prepared;
  const times = { schedule: rule.schedule, endsAtMs: endOfRuleMs(rule) };
  return [{ kind: 'rule-row', ruleId: rule.id, action: rule.action, lanes: [first, ...rest], services, as: ends.as, ...times, peerText: ends.peerText, serviceText }];
}

/** A lane in which no service can occur (ICMPv6 over IPv4) is dropped here, so that the printer cannot print it without a service. */
const hasServiceIn = (services: ServiceMatch, lane: Lane): boolean =>
  services.kind === 'any' || services.terms.some((term) => term.kind === 'ports' || term.family === lane.family);

function emptyRuleset(host: FleetHost): HostRuleset {
  return {
    kind: 'host-ruleset',
    hostId: host.id,
    hostName: host.name,
    mode: 'observe',
    zone: null,
    outbound: 'open',
    only: null,
    scheduleSpan: null,
    essential: toEssential(host),
    denyIn: [],
    allowIn: [],
    denyOut: [],
    allowOut: [],
  };
}

const toEssential = (host: FleetHost): Essential => ({
  sshPort: host.management.sshPort,
  consoles: toAddressSet(host.management.consoleAddresses),
  resolvers: toAddressSet(host.resolvers),
  timeServers: toAddressSet(host.timeServers),
});

const toAddressSet = (texts: readonly string[]): RangeSet => toRangeSet(texts.map((text) => singleRange(getAddress(text))));

const freeze = (ruleset: HostRuleset): HostRuleset => Object.freeze(ruleset);
