import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import { parseAddress } from '../../shared/net/address.ts';
import type { LogRead, OfflineFlow, OfflineHost } from '../../shared/offline-audit/offline-audit.ts';
import { readRuleFile } from '../../shared/rule-files/read-rule-file.ts';
import { readProtocol } from '../../shared/rule-files/read-values.ts';
import { inert } from '../../shared/text/inert.ts';
import { type Collection, getCollectionFacts, listCollections, listRuleTexts } from '../db/collection-store.ts';
import { listFlowSources } from '../db/flow-source-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { iterateJoinedImports } from '../db/imported-flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { listHostAddresses } from './host-addresses.ts';

/** What a workspace has of sites that no cable reaches, for an audit: hosts with the rules that their bundles list, and every imported flow once. */
export type CarriedHosts = { readonly hosts: readonly OfflineHost[]; readonly flows: readonly OfflineFlow[]; readonly logs: readonly LogRead[]; readonly limits: readonly string[] };

/** Of each host the bundle by which it is known, else its newest. Nothing is written. */
export function readCarriedHosts(ctx: BackendContext): CarriedHosts {
  const { read } = ctx.workspace;
  const byHost = Map.groupBy(listCollections(read), ({ host }) => host);
  const hosts = listHosts(read).flatMap((host) => {
    const own = byHost.get(host.id) ?? [];
    const chosen = own.find(({ usesFacts }) => usesFacts) ?? own[0];
    return chosen === undefined ? [] : [toHost(ctx, host, chosen)];
  });
  const flows: OfflineFlow[] = [];
  for (const flow of iterateJoinedImports(read, null)) flows.push(...toOfflineFlow(flow));
  const logs = listFlowSources(read).map(({ name, figures }): LogRead => ({ path: name, format: figures.format, rows: figures.read, taken: figures.taken, leftOut: figures.leftOut.map(({ kind, reason, rows }) => ({ kind, reason, rows })) }));
  const unsigned = hosts.filter(({ origin }) => origin?.isSigned === false).length;
  const ruleless = hosts.filter(({ files }) => files.length === 0).length;
  const limits = [
    ...(hosts.length === 0 ? [] : [`${hosts.length} hosts are known by bundles that were carried here: what they say of themselves (addresses, rules, what listens) was true when each was made, if its host was honest.`]),
    ...(unsigned === 0 ? [] : [`${unsigned} of them by bundles that nobody SIGNED: anybody may have made or changed these. They are marked wherever they show.`]),
    ...(ruleless === 0 ? [] : [`The bundles of ${ruleless} of them list no rules (no nft there, or it was not asked as root).`]),
    ...(hosts.length === 0 ? [] : ['Connections in bundles are what was open, or still remembered by the kernel, when each was made: what happens once a week is not among them.']),
  ];
  return { hosts, flows, logs, limits };
}

function toHost({ workspace: { read } }: BackendContext, host: HostRecord, { id, kit, collectedAtMs }: Collection): OfflineHost {
  const facts: AgentFacts = getCollectionFacts(read, id);
  const bundle = `bundle ${id}, made ${new Date(collectedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const files = listRuleTexts(read, id).flatMap(({ file, text }) => {
    const rules = readRuleFile(text, file === 'ip6tables.txt' ? 6 : 4);
    return rules.ok ? [{ path: `${host.name}/${file}`, rules: rules.value }] : [];
  });
  return {
    name: host.name,
    addresses: listHostAddresses(host).flatMap((text) => {
      const address = parseAddress(text);
      return address.ok ? [address.value] : [];
    }),
    labels: host.handLabels,
    files,
    origin: { bundle, isSigned: kit !== null },
    listening: facts.listening.map(({ protocol, port, address, process }) => ({ protocol: inert(protocol), port, address: inert(address), process: process === null ? null : inert(process) })),
  };
}

/** Nothing for what has no address or protocol that rules could be asked about. */
export function toOfflineFlow({ consumer, provider, protocol, port, connections }: { consumer: string; provider: string; protocol: string; port: number; connections: number }): OfflineFlow[] {
  const [from, to, number] = [parseAddress(consumer), parseAddress(provider), readProtocol(protocol)];
  return from.ok && to.ok && number !== null ? [{ from: from.value, to: to.value, protocol: number, port, connections }] : [];
}
