import type { FlowQuery } from '../../shared/contract/views.ts';
import type { Issue } from '../../shared/errors.ts';
import type { Peer } from '../../shared/model/peer.ts';
import { getAddress } from '../../shared/net/address.ts';
import { containsAddress, type RangeSet } from '../../shared/net/range-set.ts';
import { parsePeer } from '../../shared/text/peer-text.ts';
import { type FlowEnd, type FlowFilter, listPeerAddresses } from '../db/flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPeer } from './check-policy.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { once } from './once.ts';

/** What people typed as what the database can look for. @throws INPUT_INVALID with the issues of both ends */
export function toFlowFilter(ctx: BackendContext, compiled: CompiledDraft, query: Omit<FlowQuery, 'limit' | 'offset'>): FlowFilter {
  const from = readEnd(compiled, query.from, 'from');
  const to = readEnd(compiled, query.to, 'to');
  assertNoIssues([...from.issues, ...to.issues]);
  const addresses = once(() => listPeerAddresses(ctx.workspace.read));
  const text = query.text?.trim() ?? '';
  return {
    sinceMs: query.sinceMs,
    untilMs: query.untilMs,
    verdict: query.verdict,
    consumer: from.peer === null ? null : endOf(compiled, from.peer, addresses),
    provider: to.peer === null ? null : endOf(compiled, to.peer, addresses),
    text: text === '' ? null : text,
    textEnds: text === '' ? null : endsNamed(compiled, text, addresses),
  };
}

type ReadEnd = { peer: Peer | null; issues: Issue[] };

/** A host's bare name is taken too: that is what people type first. */
function readEnd(compiled: CompiledDraft, text: string | null, path: string): ReadEnd {
  const typed = text?.trim() ?? '';
  if (typed === '' || typed === 'any') return { peer: null, issues: [] };
  if (compiled.fleet.some((h) => h.name === typed)) return { peer: { kind: 'host', host: typed }, issues: [] };
  const parsed = parsePeer(typed);
  if (!parsed.ok) return { peer: null, issues: parsed.issues.map((issue) => ({ ...issue, path })) };
  return checkPeer(parsed.value, path, { hosts: new Set(compiled.fleet.map((h) => h.name)), policy: compiled.policy });
}

function endOf(compiled: CompiledDraft, peer: Peer, addresses: () => readonly string[]): FlowEnd {
  const { covers } = compiled.resolver().resolvePeer(peer);
  switch (covers.kind) {
    case 'everyone':
      return { reporters: compiled.fleet.map((h) => h.id), addresses: addresses() };
    case 'hosts': {
      const hosts = compiled.fleet.filter((h) => covers.ids.has(h.id));
      return { reporters: hosts.map((h) => h.id), addresses: hosts.flatMap((h) => h.addresses) };
    }
    case 'addresses': {
      const isIn = (address: string) => containsAddress(covers.ranges, getAddress(address));
      return { reporters: compiled.fleet.filter((h) => h.addresses.some(isIn)).map((h) => h.id), addresses: addresses().filter(isIn) };
    }
  }
}

/** Hosts and addresses whose name (host, or IP list) contains the text. */
function endsNamed(compiled: CompiledDraft, text: string, addresses: () => readonly string[]): FlowEnd {
  const has = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const hosts = compiled.fleet.filter((h) => has(h.name));
  const lists = compiled.policy.ipLists
    .filter((l) => has(l.name))
    .map((l): RangeSet => {
      const { match } = compiled.resolver().resolvePeer({ kind: 'iplist', ipList: l.name });
      return match.kind === 'in' ? match.ranges : [];
    });
  const listed = lists.length === 0 ? [] : addresses().filter((a) => lists.some((ranges) => containsAddress(ranges, getAddress(a))));
  return { reporters: hosts.map((h) => h.id), addresses: [...hosts.flatMap((h) => h.addresses), ...listed] };
}
