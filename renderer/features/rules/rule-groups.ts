import type { HostView } from '../../../shared/contract/views.ts';
import type { Peer } from '../../../shared/model/peer.ts';
import type { Rule, Zone } from '../../../shared/model/policy.ts';
import { matchesSelectorSet } from '../../../shared/policy/select.ts';

/** Rules by what they protect: the zone of their providers, in the order of the zones, then what is in none. `zone` is null for the latter. */
export type RuleGroup = { readonly key: string; readonly title: string; readonly zone: Zone | null; readonly rules: readonly Rule[] };

const TITLES = {
  several: 'Several zones',
  unzoned: 'Hosts in no zone',
  outside: 'Networks and lists outside',
  everyone: 'Everyone',
  nobody: 'Nobody now',
} as const;
type Other = keyof typeof TITLES;

/** Deny before allow within a group, as hosts decide; else in the order of the policy. Groups without rules are left out. */
export function groupRules(rules: readonly Rule[], zones: readonly Zone[], hosts: readonly HostView[]): RuleGroup[] {
  const placeOf = rememberPlaces(hosts);
  const byPlace = Map.groupBy(rules, (rule) => placeOf(rule.to));
  const toGroup = (key: string, title: string, zone: Zone | null): RuleGroup[] => {
    const members = byPlace.get(key) ?? [];
    return members.length === 0 ? [] : [{ key, title, zone, rules: members.toSorted((a, b) => Number(b.action === 'deny') - Number(a.action === 'deny')) }];
  };
  const named = new Set(zones.map(({ name }) => name));
  const gone = [...byPlace.keys()].filter((key) => key.startsWith('zone:') && !named.has(key.slice('zone:'.length)));
  return [
    ...zones.flatMap((zone) => toGroup(`zone:${zone.name}`, zone.name, zone)),
    ...gone.flatMap((key) => toGroup(key, key.slice('zone:'.length), null)),
    ...Object.entries(TITLES).flatMap(([key, title]) => toGroup(key, title, null)),
  ];
}

/** Thousands of rules name few peers. */
function rememberPlaces(hosts: readonly HostView[]): (peer: Peer) => string {
  const known = new Map<string, string>();
  const zoneOfHost = new Map(hosts.map((host) => [host.name, host.zone]));
  const ofSelector = (peer: Extract<Peer, { kind: 'selector' }>): string => {
    const key = JSON.stringify(peer.select);
    const place = known.get(key) ?? placeOfZones(hosts.filter((host) => matchesSelectorSet(peer.select, host)).map((host) => host.zone));
    known.set(key, place);
    return place;
  };
  return (peer) => {
    switch (peer.kind) {
      case 'zone':
        return `zone:${peer.zone}`;
      case 'any':
        return 'everyone' satisfies Other;
      case 'cidr':
      case 'iplist':
        return 'outside' satisfies Other;
      case 'host':
        return placeOfZones(zoneOfHost.has(peer.host) ? [zoneOfHost.get(peer.host) ?? null] : []);
      case 'selector':
        return ofSelector(peer);
    }
  };
}

function placeOfZones(zones: readonly (string | null)[]): string {
  const [first, ...more] = new Set(zones);
  if (first === undefined) return 'nobody' satisfies Other;
  if (more.length > 0) return 'several' satisfies Other;
  return first === null ? ('unzoned' satisfies Other) : `zone:${first}`;
}
