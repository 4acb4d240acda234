import type { FlowQuery } from '../../shared/contract/views.ts';
import type { Issue } from '../../shared/errors.ts';
import type { Peer } from '../../shared/model/peer.ts';
import type { ServiceEntry } from '../../shared/model/service.ts';
import { type Address, getAddress } from '../../shared/net/address.ts';
import { containsAddress, type RangeSet } from '../../shared/net/range-set.ts';
import { parsePeer } from '../../shared/text/peer-text.ts';
import { parseServiceRefs } from '../../shared/text/service-text.ts';
import type { FlowEnd, FlowFilter, TextValues } from '../db/flow-query.ts';
import { findKnownPeers, listFlowServices, listFlowValues, listKnownPeers } from '../db/flow-values.ts';
import { listImportedAddresses } from '../db/imported-flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPeer } from './check-policy.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { once } from './once.ts';

const MOST_READ = 1_000_000;
const alreadyRead = new Map<string, Address>();

/** Reading 60,000 peers for each page of a network's flows took a third of a second. */
function readOnce(text: string): Address {
  const known = alreadyRead.get(text);
  if (known !== undefined) return known;
  if (alreadyRead.size >= MOST_READ) alreadyRead.clear();
  const address = getAddress(text);
  alreadyRead.set(text, address);
  return address;
}

/** What people typed as what the database can look for. @throws INPUT_INVALID with the issues of both ends */
export function toFlowFilter(ctx: BackendContext, compiled: CompiledDraft, query: Omit<FlowQuery, 'limit' | 'offset'>): FlowFilter {
  const from = readTypedEnd(compiled, query.from, 'from');
  const to = readTypedEnd(compiled, query.to, 'to');
  const service = readServices(compiled, query.service ?? null);
  assertNoIssues([...from.issues, ...to.issues, ...service.issues]);
  const addresses = once(() => [...new Set([...listKnownPeers(ctx.workspace.read), ...listImportedAddresses(ctx.workspace.read)])]);
  const text = query.text?.trim() ?? '';
  return {
    sinceMs: query.sinceMs,
    untilMs: query.untilMs,
    verdict: query.verdict,
    consumer: from.peer === null ? null : endOf(compiled, from.peer, addresses),
    provider: to.peer === null ? null : endOf(compiled, to.peer, addresses),
    text: text === '' ? null : text,
    textEnds: text === '' ? null : endsNamed(compiled, text, addresses),
    ...(text === '' ? {} : { textValues: valuesWith(ctx, text) }),
    ...(service.entries === null ? {} : { services: service.entries }),
    ...containing(ctx, 'users', query.user),
    ...containing(ctx, 'units', query.unit),
  };
}

/** Beyond so many addresses each row is compared with the text itself. */
const MOST_PEERS = 20_000;

/** The few different values of each column that contain the text, so that a walk over millions of rows compares no text. */
function valuesWith(ctx: BackendContext, text: string): TextValues {
  const db = ctx.workspace.read;
  const has = (value: string) => value.toLowerCase().includes(text.toLowerCase());
  const peers = findKnownPeers(db, text, MOST_PEERS + 1);
  return {
    peers: peers.length > MOST_PEERS ? null : peers,
    users: listFlowValues(db, 'user_name').filter(has),
    units: listFlowValues(db, 'unit').filter(has),
    zones: listFlowValues(db, 'zone').filter(has),
    services: listFlowServices(db).map(({ protocol, port }) => `${protocol}/${port}`).filter(has),
  };
}

/** The stored names that contain the text, as a part of the filter; nothing where there is no text. */
function containing(ctx: BackendContext, field: 'users' | 'units', text: string | null | undefined): Pick<FlowFilter, 'users' | 'units'> {
  const typed = text?.trim().toLowerCase() ?? '';
  if (typed === '') return {};
  return { [field]: listFlowValues(ctx.workspace.read, field === 'users' ? 'user_name' : 'unit').filter((value) => value.toLowerCase().includes(typed)) };
}

/** null: every service. */
function readServices(compiled: CompiledDraft, text: string | null): { entries: ServiceEntry[] | null; issues: Issue[] } {
  const typed = text?.trim() ?? '';
  if (typed === '') return { entries: null, issues: [] };
  // A bare number is what people type first.
  const parsed = parseServiceRefs(/^\d+$/.test(typed) ? `tcp/${typed},udp/${typed}` : typed);
  if (!parsed.ok) return { entries: [], issues: parsed.issues.map((issue) => ({ ...issue, path: 'service' })) };
  const issues: Issue[] = [];
  const entries = parsed.value.flatMap((ref) => {
    if (ref.kind === 'any') return [];
    if (ref.kind === 'inline') return [ref.entry];
    const known = compiled.policy.services.find((service) => service.name === ref.name);
    if (known === undefined) issues.push({ path: 'service', message: `there is no service “${ref.name}”; write tcp/5432, or the name of a service of the draft` });
    return known?.entries ?? [];
  });
  return { entries: parsed.value.some((ref) => ref.kind === 'any') ? null : entries, issues };
}

export type ReadEnd = { peer: Peer | null; issues: Issue[] };

/** One end as people type it; '' and any are no filter. A host's bare name is taken too: that is what people type first. */
export function readTypedEnd(compiled: CompiledDraft, text: string | null, path: string): ReadEnd {
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
      const isIn = (address: string) => containsAddress(covers.ranges, readOnce(address));
      return { reporters: compiled.fleet.filter((h) => h.addresses.some(isIn)).map((h) => h.id), addresses: addresses().filter(isIn) };
    }
  }
}

/** Hosts and addresses whose name (host, IP list, or a name that the ledger knows) contains the text. */
function endsNamed(compiled: CompiledDraft, text: string, addresses: () => readonly string[]): FlowEnd {
  const has = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const hosts = compiled.fleet.filter((h) => has(h.name));
  const lists = compiled.policy.ipLists
    .filter((l) => has(l.name))
    .map((l): RangeSet => {
      const { match } = compiled.resolver().resolvePeer({ kind: 'iplist', ipList: l.name });
      return match.kind === 'in' ? match.ranges : [];
    });
  const listed = lists.length === 0 ? [] : addresses().filter((a) => lists.some((ranges) => containsAddress(ranges, readOnce(a))));
  const resolved = compiled.names.filter(({ name }) => has(name)).flatMap(({ answers }) => answers.filter(({ state }) => state === 'used' || state === 'over' || state === 'others').map(({ address }) => address));
  return { reporters: hosts.map((h) => h.id), addresses: [...hosts.flatMap((h) => h.addresses), ...listed, ...resolved] };
}
