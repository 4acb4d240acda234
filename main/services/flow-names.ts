import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { parseAddress } from '../../shared/net/address.ts';
import { containsAddress, type RangeSet } from '../../shared/net/range-set.ts';
import type { CompiledDraft } from './draft-compiled.ts';

/** Who an address is now. At most one of `host` and `ipList` is set; neither: nobody that the workspace knows. */
export type NamedAddress = { host: FleetHost | null; ipList: string | null };
export type FlowNames = { host(id: HostId): FleetHost | undefined; address(text: string): NamedAddress };

const NOBODY: NamedAddress = { host: null, ipList: null };

/** Resolves peers at read time: hosts first, then the first IP list (by name) that contains the address. Answers are kept for the life of the object. */
export function createFlowNames(compiled: CompiledDraft): FlowNames {
  const byAddress = new Map(compiled.fleet.flatMap((host) => host.addresses.map((address): [string, NamedAddress] => [address, { host, ipList: null }])));
  const lists = compiled.policy.ipLists
    .map((list) => list.name)
    .toSorted()
    .map((name): [string, RangeSet] => [name, rangesOfIpList(compiled, name)]);
  return {
    host: (id) => compiled.hosts.get(id),
    address: (text) => {
      const known = byAddress.get(text);
      if (known !== undefined) return known;
      const parsed = parseAddress(text);
      const list = parsed.ok ? lists.find(([, ranges]) => containsAddress(ranges, parsed.value)) : undefined;
      const named = list === undefined ? NOBODY : { host: null, ipList: list[0] };
      byAddress.set(text, named);
      return named;
    },
  };
}

function rangesOfIpList(compiled: CompiledDraft, ipList: string): RangeSet {
  const { match } = compiled.resolver().resolvePeer({ kind: 'iplist', ipList });
  return match.kind === 'in' ? match.ranges : [];
}

/** Host name, else IP list name, else the address itself. */
export const peerNameOf = (names: FlowNames, address: string): string => {
  const { host, ipList } = names.address(address);
  return host?.name ?? ipList ?? address;
};
