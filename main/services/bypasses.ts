import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import { TransportProtocol } from '../../shared/model/service.ts';
import type { HostPassages } from '../db/host-state-store.ts';
import { canonicalAddress } from './host-addresses.ts';

type Redirection = NonNullable<AgentFacts['published']>[number];

/**
 * The ports of the host that lead into a container, as the policy sees them, and sentences on how traffic may pass unjudged, worst first. Rules that cannot be read
 * as plain ports are not among the former: they are enforced all the same. Pure.
 */
export function readPassages(facts: Pick<AgentFacts, 'addresses' | 'published' | 'bypasses'>): HostPassages {
  const own = new Set(facts.addresses.map(({ address }) => canonicalAddress(address)));
  const [forOthers, ofItsOwn] = partition((facts.published ?? []).filter(({ address }) => !isLoopback(address)), ({ address }) => address !== null && !isHere(address, own));
  const published = ofItsOwn.flatMap(({ protocol, port, portEnd, to }) => {
    const transport = TransportProtocol.safeParse(protocol);
    // To another port of the host itself: that comes in by the input hook, and is judged there by the port that it is redirected to.
    if (!transport.success || port === null || isHere(addressOf(to), own)) return [];
    return [{ protocol: transport.data, from: port, to: Math.max(port, portEnd ?? port) }];
  });
  const byKind = Map.groupBy(facts.bypasses ?? [], ({ kind }) => kind);
  const unseen = Object.entries(TEXTS).flatMap(([kind, text]) => (byKind.has(kind) ? [`${text}: ${cut((byKind.get(kind) ?? []).map(({ name }) => name))}`] : []));
  // Of a newer agent: what is not understood is not nothing.
  const unknown = [...byKind].filter(([kind]) => !Object.hasOwn(TEXTS, kind)).map(([kind, of]) => `Traffic may pass in a way that this console does not know (${kind}): ${cut(of.map(({ name }) => name))}`);
  const others = forOthers.length === 0 ? [] : [`Redirected for addresses that are not its own, and so recorded and not judged: ${cut(forOthers.map(printRedirection))}`];
  // An IPv4 and an IPv6 rule for one port are one published port.
  const unique = [...new Map(published.map((port) => [JSON.stringify(port), port])).values()];
  return { published: unique, bypasses: [...unseen, ...unknown, ...others] };
}

function partition<T>(list: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [list.filter(isFirst), list.filter((one) => !isFirst(one))];
}

const TEXTS: Readonly<Record<string, string>> = {
  macvlan: 'On the network by macvlan, past every rule of the host',
  macvtap: 'On the network by macvtap, past every rule of the host',
  ipvlan: 'On the network by ipvlan, past every rule of the host',
  ipvtap: 'On the network by ipvtap, past every rule of the host',
  hardware: 'On the network by a device of its own, past every rule of the host',
  bridged: 'Guests and the network share a bridge, so that what they exchange is not judged',
  xdp: 'A program of somebody else’s takes packets before any rule (XDP)',
  'netdev-forward': 'Packets are passed on from device to device before any rule (netdev tables)',
  'not-looked': 'Whether containers get past the rules is not known',
};

const addressOf = (target: string): string => (target.startsWith('[') ? target.slice(1).replace(/\].*$/, '') : target.replace(/:\d+(-\d+)?$/, ''));

/** What is redirected on loopback only, nobody but the host itself can reach. */
function isLoopback(text: string | null): boolean {
  const canonical = text === null ? null : canonicalAddress(text);
  return canonical !== null && (canonical.startsWith('127.') || canonical === '::1');
}

/** One address of the host, loopback too. Networks and what is no address are nobody’s. */
function isHere(text: string, own: ReadonlySet<string | null>): boolean {
  const canonical = canonicalAddress(text);
  return canonical !== null && (own.has(canonical) || isLoopback(text));
}

const printRedirection = ({ protocol, port, address, to }: Redirection): string => [address ?? 'any', ...(protocol === null ? [] : [port === null ? protocol : `${protocol}/${port}`]), 'to', to].join(' ');

const MAX_NAMED = 5;
const cut = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
