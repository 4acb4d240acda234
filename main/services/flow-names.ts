import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { NameSighting } from '../../shared/model/name-ledger.ts';
import { getAddress, parseAddress } from '../../shared/net/address.ts';
import { containsAddress, type RangeSet } from '../../shared/net/range-set.ts';
import { readIpList } from '../../shared/policy/resolve.ts';
import { findSpecialUse } from '../../shared/net/special-networks.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { askerNames } from './names-view.ts';

/** Who an address is now. At most one of `host` and `ipList` is set; neither: nobody that the workspace knows. `seenAs`: the name that it is an answer to, and by whose word. */
export type NamedAddress = { host: FleetHost | null; ipList: string | null; seenAs?: string };
export type FlowNames = { host(id: HostId): FleetHost | undefined; address(text: string): NamedAddress };

const NOBODY: NamedAddress = { host: null, ipList: null };

/**
 * Resolves peers at read time: hosts first, then the first IP list (by name) that contains the address; names of IP lists by the ledger beside that.
 * Answers are kept for the life of the object. `sayWhen`: how people read when a name was last seen.
 */
export function createFlowNames(compiled: CompiledDraft, sayWhen: (atMs: number) => string = utcText): FlowNames {
  const seenAs = readSeenNames(compiled, sayWhen);
  const byAddress = new Map(compiled.fleet.flatMap((host) => host.addresses.map((address): [string, NamedAddress] => [address, { host, ipList: null }])));
  const lists = compiled.policy.ipLists
    .map((list) => list.name)
    .toSorted()
    .map((name): [string, RangeSet] => [name, readIpList(compiled.policy, name)]);
  return {
    host: (id) => compiled.hosts.get(id),
    address: (text) => {
      const known = byAddress.get(text);
      if (known !== undefined) return known;
      const parsed = parseAddress(text);
      const list = parsed.ok ? lists.find(([, ranges]) => containsAddress(ranges, parsed.value)) : undefined;
      const seen = seenAs.get(text);
      const named = { ...(list === undefined ? NOBODY : { host: null, ipList: list[0] }), ...(seen === undefined ? {} : { seenAs: seen }) };
      byAddress.set(text, named);
      return named;
    },
  };
}

/** Host name, else the name that the ledger knows, else IP list name, else the address itself. */
export const peerNameOf = (names: FlowNames, address: string): string => {
  const { host, ipList, seenAs } = names.address(address);
  return host?.name ?? seenAs ?? ipList ?? address;
};

/** `deb.debian.org (seen by web-1, 2 h ago)`: an address can be an answer to several names; the newest sighting is told. What must not be let in names nobody. */
function readSeenNames(compiled: CompiledDraft, sayWhen: (atMs: number) => string): Map<string, string> {
  const nameOf = askerNames(compiled);
  const newest = new Map<string, NameSighting>();
  for (const { answers } of compiled.names) {
    for (const { address, state, sightings } of answers) {
      const [sighting] = sightings;
      // What is too old is not judged any more; a name for an address inside would be whatever some host once said.
      const isNamed = state === 'old' ? findSpecialUse(getAddress(address)) === null : state !== 'refused';
      if (isNamed && sighting !== undefined && sighting.lastSeenAtMs > (newest.get(address)?.lastSeenAtMs ?? 0)) newest.set(address, sighting);
    }
  }
  return new Map([...newest].map(([address, { name, seenBy, lastSeenAtMs }]) => [address, `${name} (seen by ${nameOf(seenBy) ?? 'the console'}, ${sayWhen(lastSeenAtMs)})`]));
}

const utcText = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
