import { type Address, canonicalText, parseAddress } from '../../shared/net/address.ts';
import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostRecord } from '../db/host-store.ts';

/** Interfaces whose addresses are the same on every host that runs the software, so that they name nobody. */
const SHARED_INTERFACES = /^(lo|docker\d*|br-[0-9a-f]{12}|virbr\d*|lxcbr\d*|lxdbr\d*|incusbr\d*|cni\d*|cali.*|flannel.*|veth.*|podman\d*)$/;

/** Canonical text, or null where it is no address that other hosts could be reached under. */
export const canonicalAddress = canonicalText;

const startsWith = ({ family, value }: Address, bitsOfFamily: number, prefix: bigint, prefixBits: number): boolean =>
  family === (bitsOfFamily === 32 ? 4 : 6) && value >> BigInt(bitsOfFamily - prefixBits) === prefix;

/** Loopback (127/8, ::1), link-local (169.254/16, fe80::/10), multicast and unspecified addresses mean something else on every host. */
export function isReachableAddress(text: string): boolean {
  const parsed = parseAddress(text);
  if (!parsed.ok) return false;
  const a = parsed.value;
  const special =
    startsWith(a, 32, 127n, 8) ||
    startsWith(a, 32, 0xa9fen, 16) ||
    startsWith(a, 32, 0xen, 4) ||
    startsWith(a, 32, 0n, 8) ||
    startsWith(a, 128, 0x3fan, 10) ||
    startsWith(a, 128, 0xffn, 8) ||
    (a.family === 6 && a.value <= 1n);
  return !special;
}

/** What facts say about the host's own addresses: canonical, unique, sorted; those that are the same everywhere left out. */
export function listDiscoveredAddresses(facts: AgentFacts): string[] {
  const own = facts.addresses
    .filter((a) => !SHARED_INTERFACES.test(a.interface))
    .map((a) => canonicalAddress(a.address))
    .filter((a): a is string => a !== null && isReachableAddress(a));
  return [...new Set(own)].sort();
}

/**
 * The addresses that stand for the host in policies and flows. By hand or from facts; until facts are there the SSH address too,
 * when it is an address. Afterwards not: behind address translation it is not the host's own.
 */
export function listHostAddresses(host: Pick<HostRecord, 'ssh' | 'addresses'>): string[] {
  const stored = host.addresses.map((a) => a.address);
  if (host.addresses.some((a) => a.source === 'facts') || host.ssh === null) return stored;
  const ssh = canonicalAddress(host.ssh.address);
  return ssh === null || !isReachableAddress(ssh) || stored.includes(ssh) ? stored : [...stored, ssh];
}
