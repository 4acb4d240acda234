import type { Peer } from '../../shared/model/peer.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { ServiceRef } from '../../shared/model/service.ts';

type Owner = { label: string; peers: readonly Peer[]; services: readonly ServiceRef[] };

/** Everything in a policy that names other objects, with the words by which people know it. */
function listOwners(policy: Policy): Owner[] {
  return [
    ...policy.zones.map((z) => ({ label: `zone ${z.name}`, peers: [], services: z.onlyServices ?? [] })),
    ...policy.rules.map((r) => ({ label: `rule ${r.id}`, peers: [r.from, r.to], services: r.services })),
    ...policy.tests.map((t, i) => ({ label: `policy test ${i + 1}`, peers: [t.from, t.to], services: [t.service] })),
  ];
}

const ownersWith = (policy: Policy, uses: (owner: Owner) => boolean): string[] =>
  listOwners(policy)
    .filter(uses)
    .map((o) => o.label);

/** Rules and tests that name the host itself (not those whose selector happens to match it). Empty: none. */
export const listHostUses = (policy: Policy, name: string): string[] => ownersWith(policy, (o) => o.peers.some((p) => p.kind === 'host' && p.host === name));

export const listZoneUses = (policy: Policy, name: string): string[] => ownersWith(policy, (o) => o.peers.some((p) => p.kind === 'zone' && p.zone === name));

export const listIpListUses = (policy: Policy, name: string): string[] =>
  ownersWith(policy, (o) => o.peers.some((p) => p.kind === 'iplist' && p.ipList === name));

export const listServiceUses = (policy: Policy, name: string): string[] =>
  ownersWith(policy, (o) => o.services.some((s) => s.kind === 'named' && s.name === name));
