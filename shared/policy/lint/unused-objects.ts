import type { Finding } from '../../model/finding.ts';
import type { Peer } from '../../model/peer.ts';
import type { Policy, Zone } from '../../model/policy.ts';
import type { ServiceRef } from '../../model/service.ts';
import { countText } from '../../text/amount-text.ts';
import { printSelectorSet } from '../../text/selector-text.ts';
import { matchesSelectorSet } from '../select.ts';
import { describeIpList, describeService } from '../describe.ts';
import { namedSubject, ON_PRESENT_FLEET, some } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

/** Services and IP lists that no rule, zone or policy test names, and zones that no host belongs to. */
export function findUnusedObjects(world: LintWorld): Finding[] {
  const { policy } = world;
  const peers = [...policy.rules, ...policy.tests].flatMap(({ from, to }) => [from, to]);
  const closedZones = policy.containments.flatMap((one): Peer[] => (one.kind === 'close' ? [{ kind: 'zone', zone: one.zone }] : []));
  const refs = [...policy.rules.flatMap((rule) => rule.services), ...policy.zones.flatMap((zone) => zone.onlyServices ?? []), ...policy.tests.map((test) => test.service), ...policy.containments.flatMap((one) => (one.kind === 'close' ? one.services : []))];
  return [...findEmptyZones(world, [...peers, ...closedZones]), ...findUnusedServices(policy, refs), ...findUnusedIpLists(policy, peers)];
}

function findUnusedServices({ services }: Policy, refs: readonly ServiceRef[]): Finding[] {
  const used = new Set(refs.flatMap((ref) => (ref.kind === 'named' ? [ref.name] : [])));
  return services
    .filter(({ name }) => !used.has(name))
    .map((service) => ({
      code: 'SERVICE_UNUSED',
      severity: 'info',
      subject: namedSubject('service', service.name),
      others: [],
      evidence: `0 rules, zones and policy tests name it (${describeService(service)}).`,
      fix: { text: `remove service ${service.name}`, act: { kind: 'remove-service', name: service.name } },
    }));
}

function findUnusedIpLists({ ipLists }: Policy, peers: readonly Peer[]): Finding[] {
  const used = new Set(peers.flatMap((peer) => (peer.kind === 'iplist' ? [peer.ipList] : [])));
  return ipLists
    .filter(({ name }) => !used.has(name))
    .map((list) => ({
      code: 'IPLIST_UNUSED',
      severity: 'info',
      subject: namedSubject('iplist', list.name),
      others: [],
      evidence: `0 rules and policy tests name it (${describeIpList(list)}).`,
      fix: { text: `remove IP list ${list.name}`, act: { kind: 'remove-iplist', name: list.name } },
    }));
}

function findEmptyZones({ policy, hosts, spaces }: LintWorld, peers: readonly Peer[]): Finding[] {
  const inhabited = new Set([...spaces.resolver.zones.values()].map(({ zone }) => zone?.name));
  return policy.zones
    .filter((zone) => !inhabited.has(zone.name))
    .map((zone): Finding => {
      const selected = hosts.filter((host) => matchesSelectorSet(zone.select, host));
      const takers = policy.zones.filter((other) => selected.some((host) => spaces.resolver.zones.get(host.id)?.zone === other)).map((other) => other.name);
      const uses = peers.filter((peer) => peer.kind === 'zone' && peer.zone === zone.name).length;
      const evidence = takers.length === 0 ? `${printSelectorSet(zone.select)} selects 0 of ${countText(hosts.length, 'host')}` : `All ${countText(selected.length, 'host')} that it selects belong to zones before it (${some(takers)})`;
      return { code: 'ZONE_EMPTY', severity: 'warning', subject: namedSubject('zone', zone.name), others: [], evidence: `${evidence}, ${ON_PRESENT_FLEET}; ${countText(uses, 'end')} of rules and tests ${uses === 1 ? 'names' : 'name'} it.`, fix: fixZone(policy, zone, takers, uses) };
    });
}

/** A zone that rules name cannot be removed; one whose hosts others take is moved before them. */
function fixZone({ zones }: Policy, { name }: Zone, takers: readonly string[], uses: number): Finding['fix'] {
  const names = zones.map((zone) => zone.name).filter((other) => other !== name);
  const first = names.find((other) => takers.includes(other));
  if (first !== undefined) return { text: `move zone ${name} before ${first}, so that its hosts are its own`, act: { kind: 'order-zones', names: names.flatMap((other) => (other === first ? [name, other] : [other])) } };
  if (uses === 0) return { text: `remove zone ${name}, or give hosts the labels that it selects`, act: { kind: 'remove-zone', name } };
  return { text: `give hosts the labels that zone ${name} selects, or remove the rules and tests that name it and then the zone`, act: null };
}
