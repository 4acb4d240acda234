import type { Issue } from '../errors.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';

/**
 * Zones, services and IP lists that the policy names and does not have; empty when all is well. A missing *host* is no issue: a
 * host that left the inventory is nobody, which is what its rules then match.
 */
export function findDanglingReferences(policy: Policy): Issue[] {
  const known = {
    zone: new Set(policy.zones.map((zone) => zone.name)),
    iplist: new Set(policy.ipLists.map((list) => list.name)),
    service: new Set(policy.services.map((service) => service.name)),
  };
  const issues: Issue[] = [];
  const need = (what: keyof typeof known, name: string, path: string) => {
    if (known[what].has(name)) return;
    const names = [...known[what]].slice(0, 8).join(', ');
    issues.push({ path, message: `there is no ${what === 'iplist' ? 'IP list' : what} “${name}”; known: ${names === '' ? 'none' : names}` });
  };
  const needPeer = (peer: Peer, path: string) => {
    if (peer.kind === 'zone') need('zone', peer.zone, path);
    if (peer.kind === 'iplist') need('iplist', peer.ipList, path);
  };
  const needService = (ref: ServiceRef, path: string) => {
    if (ref.kind === 'named') need('service', ref.name, path);
  };
  policy.zones.forEach((zone, i) => {
    for (const ref of zone.onlyServices ?? []) needService(ref, `zones.${i}.onlyServices`);
  });
  for (const rule of policy.rules) {
    needPeer(rule.from, `rules.${rule.id}.from`);
    needPeer(rule.to, `rules.${rule.id}.to`);
    for (const ref of rule.services) needService(ref, `rules.${rule.id}.services`);
  }
  policy.tests.forEach((test, i) => {
    needPeer(test.from, `tests.${i}.from`);
    needPeer(test.to, `tests.${i}.to`);
    needService(test.service, `tests.${i}.service`);
  });
  policy.containments.forEach((containment) => {
    if (containment.kind === 'quarantine') return;
    need('zone', containment.zone, `containments.${containment.id}.zone`);
    for (const ref of containment.services) needService(ref, `containments.${containment.id}.services`);
  });
  return issues;
}
