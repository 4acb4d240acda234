import type { SearchHit, SearchQuery } from '../../shared/contract/search.ts';
import { matchScore } from '../../shared/search/match-score.ts';
import { printLabels } from '../../shared/text/label-text.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { printSelectorSet } from '../../shared/text/selector-text.ts';
import { printServiceEntry, printServiceRefs } from '../../shared/text/service-text.ts';
import { listFlowViews } from '../db/flow-view-store.ts';
import { findKnownPeers } from '../db/flow-values.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames, peerNameOf } from './flow-names.ts';
import { readFlowPage } from './flow-pages.ts';

type Found = Omit<SearchHit, 'score'> & { readonly fields: readonly string[] };

/** An address is seldom what is meant where something with a name fits as well; a single flow hardly ever. */
const ADDRESS_WORTH = 0.8;
const MOST_ADDRESSES = 200;
const MOST_FLOWS = 5;
const FLOW_SCORE = 0.05;

/** What fits the text, best first: everything of the workspace with a name, every address, and the newest flows. @throws the signal's reason when it aborts */
export async function findAnything(ctx: BackendContext, { text, limit }: SearchQuery, signal?: AbortSignal): Promise<SearchHit[]> {
  const compiled = readCompiledDraft(ctx);
  const hits: SearchHit[] = [];
  for (const { fields, ...found } of namedThings(ctx, compiled)) {
    const score = matchScore(text, [found.title, ...fields]);
    if (score > 0) hits.push({ ...found, score });
  }
  for (const found of addressesWith(ctx, createFlowNames(compiled), text)) hits.push({ ...found, score: ADDRESS_WORTH * matchScore(text, [found.title]) });
  const best = hits.toSorted((a, b) => b.score - a.score || a.title.localeCompare(b.title, 'en', { numeric: true })).slice(0, limit);
  return [...best, ...(await flowsWith(ctx, text, signal))].slice(0, limit);
}

function* namedThings(ctx: BackendContext, { fleet, written, zones }: CompiledDraft): Generator<Found, void, void> {
  for (const host of fleet) {
    const zone = zones.get(host.id)?.zone?.name;
    const detail = [zone === undefined ? null : `zone ${zone}`, printLabels(host.labels), host.addresses[0] ?? null].filter((part) => part !== null && part !== '');
    yield { kind: 'host', name: host.name, title: host.name, detail: detail.join(' · '), fields: [printLabels(host.labels), zone ?? '', ...host.addresses] };
  }
  for (const zone of written.zones) yield { kind: 'zone', name: zone.name, title: zone.name, detail: `${zone.mode} · ${printSelectorSet(zone.select)}`, fields: [printSelectorSet(zone.select), zone.note] };
  for (const rule of written.rules) {
    const title = `${rule.action === 'deny' ? 'Deny ' : ''}${printPeer(rule.from)} → ${printPeer(rule.to)} ${printServiceRefs(rule.services)}`;
    yield { kind: 'rule', name: rule.id, title, detail: [rule.id, rule.reason].filter((part) => part !== '').join(' · '), fields: [rule.id, rule.reason, rule.owner, rule.ticket] };
  }
  for (const { name, entries, note } of written.services) yield { kind: 'service', name, title: name, detail: entries.map(printServiceEntry).join(', '), fields: [entries.map(printServiceEntry).join(' '), note] };
  for (const { name, cidrs, names, note } of written.ipLists) yield { kind: 'iplist', name, title: name, detail: [...cidrs, ...(names ?? [])].slice(0, 4).join(', '), fields: [[...cidrs, ...(names ?? [])].join(' '), note] };
  for (const { name, savedBy } of listFlowViews(ctx.workspace.read)) yield { kind: 'view', name, title: name, detail: `view of flows, saved by ${savedBy}`, fields: [] };
}

/** Those of hosts are found with their hosts. */
function addressesWith(ctx: BackendContext, names: FlowNames, text: string): Omit<SearchHit, 'score'>[] {
  if (!/^[\da-f:.]+$/i.test(text)) return [];
  return findKnownPeers(ctx.workspace.read, text, MOST_ADDRESSES)
    .filter((address) => names.address(address).host === null)
    .map((address) => {
      const name = peerNameOf(names, address);
      return { kind: 'address', name: address, title: address, detail: name === address ? 'a peer that is no host of the workspace' : name };
    });
}

/** The newest that the list of flows would show for the text; they rank after everything with a name. */
async function flowsWith(ctx: BackendContext, text: string, signal: AbortSignal | undefined): Promise<SearchHit[]> {
  const { rows } = await readFlowPage(ctx, { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text, order: 'newest', cursor: null, limit: MOST_FLOWS }, signal);
  return rows.map((row) => {
    const [from, to] = row.direction === 'out' ? [row.reporterName, row.peerName] : [row.peerName, row.reporterName];
    const service = row.port === 0 ? row.protocol : `${row.protocol}/${row.port}`;
    return { kind: 'flow', name: text, title: `${from} → ${to} ${service}`, detail: [row.verdict, row.user, row.unit].filter((part) => part !== null).join(' · '), score: FLOW_SCORE };
  });
}
