import type { MapQuery } from '../../shared/contract/map-query.ts';
import type { MapEdge } from '../../shared/contract/views.ts';
import type { Issue } from '../../shared/errors.ts';
import type { Peer } from '../../shared/model/peer.ts';
import type { ServiceEntry } from '../../shared/model/service.ts';
import { getAddress } from '../../shared/net/address.ts';
import { parseCidr } from '../../shared/net/parse-cidr.ts';
import { containsAddress } from '../../shared/net/range-set.ts';
import { parseServiceRefs } from '../../shared/text/service-text.ts';
import { assertNoIssues } from './check-policy.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { readTypedEnd } from './flow-filter.ts';
import { externalNodeId } from './map-edges.ts';
import { hostNodeId } from './map-tree.ts';

/** `edges`: which conversations are shown. `nodes`: which hosts are shown though nothing of theirs is; null, all of them. */
export type MapFilter = { readonly edges: (edge: MapEdge) => boolean; readonly nodes: ((nodeId: string) => boolean) | null };

/** What people typed, read once. @throws INPUT_INVALID with the issues of every field */
export function readMapFilter(compiled: CompiledDraft, query: MapQuery, nameOf: (nodeId: string) => string): MapFilter {
  const who = readTypedEnd(compiled, query.who, 'who');
  const service = readServices(compiled, query.service);
  assertNoIssues([...who.issues, ...service.issues]);
  const isEnd = who.peer === null ? null : endTest(compiled, who.peer);
  const [text, process] = [lower(query.text), lower(query.process)];
  const verdicts = query.verdicts === null ? null : new Set(query.verdicts);
  const hasText = (edge: MapEdge) => [nameOf(edge.source), nameOf(edge.target), `${edge.protocol}/${edge.port}`, ...edge.users, ...edge.units, ...edge.processes].some((field) => field.toLowerCase().includes(text));
  const hasProcess = (edge: MapEdge) => [...edge.processes, ...edge.units].some((name) => name.toLowerCase().includes(process));
  const edges = (edge: MapEdge) =>
    (verdicts === null || verdicts.has(query.lens === 'live' ? edge.verdict : edge.draft)) &&
    (isEnd === null || isEnd(edge.source) || isEnd(edge.target)) &&
    (service.entries === null || service.entries.some((entry) => isOf(entry, edge))) &&
    (process === '' || hasProcess(edge)) &&
    (text === '' || hasText(edge));
  const isNarrowed = isEnd !== null || text !== '' || process !== '' || service.entries !== null || verdicts !== null;
  if (!isNarrowed) return { edges, nodes: null };
  // A host that was asked for by name is shown even where nothing was seen of it.
  const isAskedFor = (id: string) => verdicts === null && process === '' && service.entries === null && (isEnd === null || isEnd(id)) && (text === '' || nameOf(id).toLowerCase().includes(text));
  return { edges, nodes: isAskedFor };
}

const lower = (typed: string | null): string => typed?.trim().toLowerCase() ?? '';

function endTest(compiled: CompiledDraft, peer: Peer): (nodeId: string) => boolean {
  const { covers } = compiled.resolver().resolvePeer(peer);
  if (covers.kind === 'everyone') return () => true;
  if (covers.kind === 'hosts') {
    const ids = new Set(compiled.fleet.filter((host) => covers.ids.has(host.id)).map(hostNodeId));
    return (id) => ids.has(id);
  }
  const isIn = (address: string) => containsAddress(covers.ranges, getAddress(address));
  const hosts = new Set(compiled.fleet.filter((host) => host.addresses.some(isIn)).map(hostNodeId));
  const list = peer.kind === 'iplist' ? externalNodeId(peer.ipList) : null;
  return (id) => {
    if (hosts.has(id) || id === list) return true;
    const network = id.startsWith(externalNodeId('')) ? parseCidr(id.slice(externalNodeId('').length)) : null;
    return network?.ok === true && isIn(network.value.split('/')[0] ?? '');
  };
}

type ReadServices = { readonly entries: readonly ServiceEntry[] | null; readonly issues: readonly Issue[] };

/** A bare number is that port of any protocol. */
function readServices(compiled: CompiledDraft, typed: string | null): ReadServices {
  const text = typed?.trim() ?? '';
  if (text === '' || text === 'any') return { entries: null, issues: [] };
  const spelled = text.replaceAll(/(^|,)\s*(\d+(?:-\d+)?)\s*(?=,|$)/g, '$1tcp/$2,udp/$2');
  const parsed = parseServiceRefs(spelled);
  if (!parsed.ok) return { entries: null, issues: parsed.issues.map(({ message }) => ({ path: 'service', message })) };
  const issues: Issue[] = [];
  const entries = parsed.value.flatMap((ref): readonly ServiceEntry[] => {
    if (ref.kind === 'inline') return [ref.entry];
    if (ref.kind === 'any') return [];
    const named = compiled.policy.services.find(({ name }) => name === ref.name);
    if (named === undefined) issues.push({ path: 'service', message: `there is no service “${ref.name}” (write a port like 5432, tcp/5432, or the name of a service)` });
    return named?.entries ?? [];
  });
  return { entries, issues };
}

function isOf(entry: ServiceEntry, { protocol, port }: MapEdge): boolean {
  if (entry.kind === 'icmp') return protocol === (entry.family === 4 ? 'icmp' : 'icmpv6') || (entry.family === 6 && protocol === 'ipv6-icmp');
  return protocol === entry.protocol && port >= entry.from && port <= entry.to;
}
