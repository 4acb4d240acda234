import type { ReachFigure, ReachQuery, ReachRow, ReachView } from '../../shared/contract/reach-views.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Party } from '../../shared/policy/reach/parties.ts';
import { listOpenings, type ReachIndex } from '../../shared/policy/reach/reach-index.ts';
import { openingsBetween, type Reached, type ReachDirection, spread } from '../../shared/policy/reach/spread.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { listReachNotes } from './reach-notes.ts';
import { readReachIndexes } from './reach-indexes.ts';
import { toReachServices } from './reach-words.ts';

/** Who gets how far from a host or a zone, or to it: figures for the live policy and the draft, and the hosts in the one that was asked about. @throws NOT_FOUND for a host or zone that is not there */
export function readReach(ctx: BackendContext, query: ReachQuery): ReachView {
  const indexes = readReachIndexes(ctx);
  const { compiled } = indexes;
  const [live, draft] = [indexes.live(), indexes.draft()];
  const index = query.policy === 'live' ? live : draft;
  const starts = findStarts(index, compiled, query.of);
  const spreadIn = (one: ReachIndex) => spread(one, findStarts(one, compiled, query.of), { direction: query.direction, maxHops: query.hops });
  const reached = { live: spreadIn(live), draft: spreadIn(draft) };
  return {
    starts: starts.map(({ name }) => name),
    total: compiled.fleet.length - starts.length,
    live: toFigure(reached.live),
    draft: toFigure(reached.draft),
    rows: reached[query.policy].map((one) => toRow(index, compiled, one, query.direction)),
    outside: readOutside(index, starts, query.direction),
    notes: listReachNotes(indexes, query.policy),
  };
}

/** The party of a host by name, or of every host of `zone:NAME` by the draft. @throws NOT_FOUND */
export function findStarts({ parties }: ReachIndex, compiled: CompiledDraft, of: string): Party[] {
  const zone = /^zone:(.+)$/.exec(of)?.[1];
  if (zone === undefined) {
    const host = parties.filter((party) => party.host?.name === of);
    if (host.length > 0) return host;
    throw new FirebreakError('NOT_FOUND', { what: 'host', name: of, known: compiled.fleet.map(({ name }) => name) });
  }
  if (!compiled.policy.zones.some(({ name }) => name === zone)) throw new FirebreakError('NOT_FOUND', { what: 'zone', name: zone, known: compiled.policy.zones.map(({ name }) => name) });
  return parties.filter(({ host }) => host !== null && compiled.zones.get(host.id)?.zone?.name === zone);
}

function toFigure(reached: readonly Reached[]): ReachFigure {
  const certain = reached.filter(({ isCertain }) => isCertain);
  const hops = certain.reduce((most, { hop }) => Math.max(most, hop), 0);
  return { reachable: certain.length, possible: reached.length - certain.length, byHop: Array.from({ length: hops }, (_, i) => certain.filter(({ hop }) => hop === i + 1).length) };
}

function toRow(index: ReachIndex, compiled: CompiledDraft, { party, via, hop, isCertain }: Reached, direction: ReachDirection): ReachRow {
  const [consumer, provider] = direction === 'out' ? [via, party] : [party, via];
  const zone = party.host === null ? null : (compiled.zones.get(party.host.id)?.zone?.name ?? null);
  return { host: party.name, zone, managed: party.host?.managed ?? false, hop, via: via.name, certain: isCertain, ...toReachServices(openingsBetween(index, consumer, provider), consumer, provider) };
}

/** Between the first start that has any, and everybody whom no list and no network of a rule names. */
function readOutside(index: ReachIndex, starts: readonly Party[], direction: ReachDirection): ReachView['outside'] {
  const stranger = index.parties.find(({ host }) => host === null);
  if (stranger === undefined) return [];
  for (const start of starts) {
    const [consumer, provider] = direction === 'out' ? [start, stranger] : [stranger, start];
    const asked = direction === 'out' || !index.isKnown(start) ? index.supposed(provider) : index.listening(start);
    const { services } = toReachServices(listOpenings(index, consumer, provider, asked), consumer, provider);
    if (services.length > 0) return services;
  }
  return [];
}
