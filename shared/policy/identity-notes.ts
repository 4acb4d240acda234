import type { FleetHost } from '../model/host.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { describeAs } from '../text/identity-text.ts';
import { createResolver, isLive, localMatch, type Resolver } from './resolve.ts';

/**
 * What a plan has to say about rules that name a user or group: where they are less than they look. Identity is enforced where the connection
 * begins; the other end sees an address.
 */
export function listIdentityNotes(policy: Policy, hosts: readonly FleetHost[], options: { readonly nowMs: number }): string[] {
  const named = policy.rules.filter((rule) => rule.as !== null && isLive(rule, options.nowMs));
  if (named.length === 0) return [];
  const resolver = createResolver(policy, hosts);
  return named.flatMap((rule) => [...noteOnPlace(rule, hosts, resolver), ...noteOnMissing(rule)]);
}

function noteOnPlace(rule: Rule, hosts: readonly FleetHost[], resolver: Resolver): string[] {
  const from = resolver.resolvePeer(rule.from);
  const isConsumer = (host: FleetHost) => ([4, 6] as const).some((family) => localMatch(from, host, resolver.addressesOf(host), family).kind !== 'none');
  const isKept = (host: FleetHost): boolean => {
    const zone = resolver.zones.get(host.id)?.zone ?? null;
    return host.managed && zone?.mode === 'enforce' && (rule.action === 'deny' || zone.outbound === 'restricted');
  };
  const elsewhere = hosts.filter((host) => isConsumer(host) && !isKept(host)).map((host) => host.name);
  if (elsewhere.length === 0) return [];
  const list = elsewhere.slice(0, 8).join(', ') + (elsewhere.length > 8 ? ` and ${elsewhere.length - 8} more` : '');
  return rule.action === 'deny'
    ? [`Rule ${rule.id} denies only${describeAs(rule.as)}, which is enforced where the connection begins; nothing enforces it on ${list}`]
    : [`Rule ${rule.id} is only${describeAs(rule.as)}, but nothing restricts who connects on ${list}: there everyone may use it`];
}

const noteOnMissing = (rule: Rule): string[] =>
  rule.action === 'deny' ? [`Rule ${rule.id} denies nothing on a host that has no ${rule.as?.kind ?? 'user'} ${rule.as?.name ?? ''}; the check before a push and “agent status” say where that is so`] : [];
