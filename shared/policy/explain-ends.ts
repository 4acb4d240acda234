import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { getAddress, parseAddress, printAddress } from '../net/address.ts';
import { containsAddress } from '../net/range-set.ts';
import { failed, failedWith, type Parsed, parsed } from '../text/parsed.ts';
import { parsePeer, printPeer } from '../text/peer-text.ts';
import { createResolver } from './resolve.ts';

/** One end of a connection that is asked about: a host with its addresses, or an address (with the host that has it, null for a stranger). */
export type ConnectionEnd = { readonly name: string; readonly host: FleetHost | null; readonly addresses: readonly string[] };

/** Nobody's, one a family, who stand for everyone that the inventory does not know: TEST-NET-1 (RFC 5737), 2001:db8::/32 (RFC 3849). */
const STRANGERS = ['192.0.2.1', '2001:db8::1'];

/**
 * Who is meant by a host's name, an address, or what may stand at an end of a rule (a selector, zone:NAME, a network, iplist:NAME, any); never
 * empty. Of networks the hosts inside, and their first and last address. Issues: unknown names, and ends that are nobody.
 */
export function findEnds(text: string, policy: Policy, hosts: readonly FleetHost[]): Parsed<readonly ConnectionEnd[]> {
  const name = text.trim();
  const host = hosts.find((candidate) => candidate.name === name || `host:${candidate.name}` === name);
  if (host) return host.addresses.length > 0 ? parsed([{ name: host.name, host, addresses: host.addresses }]) : failed(`${host.name} has no known address; collect from it first`);
  const address = parseAddress(name);
  if (address.ok) return parsed([endAt(printAddress(address.value), hosts)]);
  const peer = parsePeer(name);
  if (!peer.ok) return /[=:/,]/.test(name) ? failedWith(peer.issues) : failed(`“${name}” is neither a host of this workspace nor an address; several at once are role=web, zone:NAME, iplist:NAME, a network or any`);
  const end = peer.value;
  if (end.kind === 'zone' && !policy.zones.some((zone) => zone.name === end.zone)) return failed(`there is no ${printPeer(end)} (known: ${policy.zones.map((zone) => zone.name).join(', ') || 'none'})`);
  if (end.kind === 'iplist' && !policy.ipLists.some((list) => list.name === end.ipList)) return failed(`there is no ${printPeer(end)} (known: ${policy.ipLists.map((list) => list.name).join(', ') || 'none'})`);
  const ends = endsOf(createResolver(policy, hosts).resolvePeer(end), hosts);
  return ends.length > 0 ? parsed(ends) : failed(`${printPeer(end)} is nobody with a known address`);
}

function endsOf({ covers, match }: ReturnType<ReturnType<typeof createResolver>['resolvePeer']>, hosts: readonly FleetHost[]): ConnectionEnd[] {
  const whole = (host: FleetHost): ConnectionEnd => ({ name: host.name, host, addresses: host.addresses });
  if (covers.kind === 'everyone') return [...hosts.filter((host) => host.addresses.length > 0).map(whole), ...STRANGERS.map((address) => endAt(address, hosts))];
  if (covers.kind === 'hosts') return hosts.filter((host) => covers.ids.has(host.id) && host.addresses.length > 0).map(whole);
  const inside = hosts.flatMap((host): ConnectionEnd[] => {
    const addresses = host.addresses.filter((address) => containsAddress(covers.ranges, getAddress(address)));
    return addresses.length === 0 ? [] : [{ name: host.name, host, addresses }];
  });
  const edges = match.kind === 'in' ? match.ranges.flatMap(({ family, first, last }) => [first, last].map((value) => printAddress({ family, value }))) : [];
  return [...inside, ...[...new Set(edges)].map((address) => endAt(address, hosts)).filter((end) => end.host === null)];
}

const endAt = (address: string, hosts: readonly FleetHost[]): ConnectionEnd => ({ name: address, host: hosts.find((candidate) => candidate.addresses.includes(address)) ?? null, addresses: [address] });
