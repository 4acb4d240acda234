import type { FleetHost } from '../../model/host.ts';
import type { Finding } from '../../model/finding.ts';
import type { HostId } from '../../model/ids.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { countText } from '../../text/amount-text.ts';
import { createResolver, isLive, localMatch, type Resolver } from '../resolve.ts';
import { namedSubject, ruleSubject, some } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

const DAY_MS = 86_400_000;
const GROWTH = 3;
const SHARE = 0.25;
const DECIDE_WITHIN_DAYS = 30;

/**
 * Privilege creep. Into a zone Z go the live allow rules of which a member of Z is a provider by name, label, zone or address; a rule to `any` is none of a zone's own.
 * An *exception* is one that names a host, a network or an IP list at either end, or that expires. With E(P) exceptions and A(P) rules into Z under policy P, the
 * draft D and the base version B, zone Z is found when  E(D) − E(B) ≥ 3  and  E(D) ≥ A(D) / 4.
 * B is the newest version that is at least 30 days old, else the oldest one; both are read on the present fleet, and Z has the members that the draft gives it. No version: nothing is known, nothing found.
 */
export function findCreep(world: LintWorld): Finding[] {
  const { base, policy, hosts, nowMs, spaces } = world;
  if (base === null) return [];
  const baseResolver = createResolver(base.policy, hosts);
  return policy.zones.flatMap((zone): Finding[] => {
    const members = hosts.filter((host) => spaces.resolver.zones.get(host.id)?.zone?.name === zone.name);
    if (members.length === 0) return [];
    const into = listRulesInto(policy, spaces.resolver, members, nowMs);
    const exceptions = into.filter(isException);
    const before = listRulesInto(base.policy, baseResolver, members, base.atMs).filter(isException).length;
    if (exceptions.length - before < GROWTH || exceptions.length < into.length * SHARE) return [];
    return [toFinding(zone.name, { exceptions, into: into.length, before, base, nowMs })];
  });
}

export const isException = (rule: Rule): boolean => rule.expiresOn !== null || [rule.from, rule.to].some(({ kind }) => kind === 'host' || kind === 'cidr' || kind === 'iplist');

function listRulesInto(policy: Policy, resolver: Resolver, members: readonly FleetHost[], atMs: number): Rule[] {
  const isProvider = new Map<string, boolean>();
  const ids = new Set<HostId>(members.map((host) => host.id));
  return policy.rules.filter((rule) => {
    if (rule.action === 'deny' || rule.to.kind === 'any' || !isLive(rule, atMs)) return false;
    const key = JSON.stringify(rule.to);
    const known = isProvider.get(key);
    if (known !== undefined) return known;
    const to = resolver.resolvePeer(rule.to);
    const answer = to.covers.kind === 'hosts' ? [...to.covers.ids].some((id) => ids.has(id)) : members.some((host) => ([4, 6] as const).some((family) => localMatch(to, host, resolver.addressesOf(host), family).kind !== 'none'));
    isProvider.set(key, answer);
    return answer;
  });
}

type Growth = { readonly exceptions: readonly Rule[]; readonly into: number; readonly before: number; readonly base: NonNullable<LintWorld['base']>; readonly nowMs: number };

function toFinding(zone: string, { exceptions, into, before, base, nowMs }: Growth): Finding {
  const endless = exceptions.filter((rule) => rule.expiresOn === null);
  const expiresOn = new Date(nowMs + DECIDE_WITHIN_DAYS * DAY_MS).toISOString().slice(0, 10);
  const [first, ...rest] = endless.map((rule) => ({ rule: rule.id, change: { expiresOn } }));
  return {
    code: 'ZONE_EXCEPTIONS_GROW',
    severity: 'warning',
    subject: namedSubject('zone', zone),
    others: exceptions.map(ruleSubject),
    evidence: `${exceptions.length} of ${countText(into, 'allow rule')} into it ${exceptions.length === 1 ? 'is an exception' : 'are exceptions'} (for a host, a network or a time), ${exceptions.length - before} more than in version ${base.version} of ${new Date(base.atMs).toISOString().slice(0, 10)}: ${some(exceptions.map((rule) => rule.id))}.`,
    fix: first
      ? { text: `have the ${countText(endless.length, 'exception')} without an end expire on ${expiresOn}, and write those that stay as rules between labels until then`, act: { kind: 'change-rules', rules: [first, ...rest] } }
      : { text: 'let them expire, and write those that stay as rules between labels', act: null },
  };
}
