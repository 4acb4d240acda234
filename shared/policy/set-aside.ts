import type { FleetHost } from '../model/host.ts';
import { Cidr, type Peer } from '../model/peer.ts';
import { getAddress, parseAddress } from '../net/address.ts';
import { containsAddress } from '../net/range-set.ts';
import { countText } from '../text/amount-text.ts';
import { printPeer } from '../text/peer-text.ts';
import type { ConsumerExchanges, Exchange } from './exchanges.ts';
import { findScan } from './find-scanners.ts';
import type { Resolver } from './resolve.ts';
import type { SuggestOptions } from './suggest-options.ts';

/** A consumer whose flows are no reason for a rule. `peer` names it so that it can be asked for, or kept, by itself. */
export type SetAside = {
  readonly peer: Peer;
  readonly why: 'asked' | 'scan';
  readonly text: string;
  /** How many of its services of a provider would else have been looked at. */
  readonly exchanges: number;
  readonly connections: number;
};

/** Why the consumer is set aside, or null: asked for by a peer, or looking like a port scan where these are not kept. */
export function createAsideReader(options: SuggestOptions, resolver: () => Resolver): (consumer: ConsumerExchanges) => { why: SetAside['why']; text: string } | null {
  const asked = (options.setAside ?? []).map((peer) => ({ text: printPeer(peer), isAmong: createMembership(peer, resolver()) }));
  return (consumer) => {
    const peer = asked.find(({ isAmong }) => isAmong(consumer));
    if (peer) return { why: 'asked', text: `set aside as asked (${peer.text})` };
    const scan = options.keepScanners === true ? null : findScan(consumer);
    if (!scan) return null;
    const tried = `tried ${countText(scan.tried, 'port')} on ${countText(scan.hosts, 'host')}, ${scan.listened} listened`;
    return { why: 'scan', text: scan.listened === 0 ? tried : `${tried}: ${listOpen(consumer.exchanges)}` };
  };
}

export function toSetAside(consumer: ConsumerExchanges, { why, text }: { why: SetAside['why']; text: string }, passed: readonly Exchange[]): SetAside {
  const { host, address } = consumer;
  const connections = passed.reduce((sum, { folds }) => sum + folds.reduce((all, fold) => all + fold.connections, 0), 0);
  return { peer: toPeer(host, address), why, text: `${host?.name ?? address} ${text}`, exchanges: passed.length, connections };
}

/** An address is written as a network of one, which is how Cidr writes it. */
function toPeer(host: FleetHost | null, address: string): Peer {
  return host ? { kind: 'host', host: host.name } : { kind: 'cidr', cidrs: [Cidr.parse(address)] };
}

function createMembership(peer: Peer, resolver: Resolver): (consumer: ConsumerExchanges) => boolean {
  const { covers } = resolver.resolvePeer(peer);
  if (covers.kind === 'everyone') return () => true;
  if (covers.kind === 'hosts') return ({ host }) => host !== null && covers.ids.has(host.id);
  return ({ host, address }) => {
    if (host) return host.addresses.some((own) => containsAddress(covers.ranges, getAddress(own)));
    const parsed = parseAddress(address);
    return parsed.ok && containsAddress(covers.ranges, parsed.value);
  };
}

/** So that nobody misses one of them when enforcing. */
function listOpen(exchanges: readonly Exchange[]): string {
  const open = exchanges.filter(({ listening }) => listening === 'open').map(({ provider, folds: [first] }) => `${provider?.name ?? ''} ${first?.flow.protocol}/${first?.flow.port}`);
  return open.sort().slice(0, 5).join(', ') + (open.length > 5 ? ` and ${open.length - 5} more` : '');
}

