import type { AskedService } from './asked-services.ts';
import type { Party } from './parties.ts';
import type { EndVerdict, Passage } from './passages.ts';
import type { ReachIndex } from './reach-index.ts';

/** One row and column of a matrix. */
export type PartyGroup = { readonly key: string; readonly members: readonly Party[] };

export type PermittedService = {
  readonly text: string;
  readonly basis: AskedService['basis'];
  /** Pairs of hosts between which it was asked, those between which it passes, and of these where it passes only because an end tests. */
  readonly asked: number;
  readonly pairs: number;
  readonly wouldBlock: number;
  /** Ids of rules and containments by which it passes; sorted. */
  readonly rules: readonly string[];
  /** Why it passes where no rule says so; sorted. */
  readonly reasons: readonly EndVerdict['reason'][];
};

/** everything: all that was asked passes between all pairs, ports that nothing names too · services: some of it · nothing · nobody: no two ends that could speak. */
export type Permit = { readonly kind: 'everything' | 'services' | 'nothing' | 'nobody'; readonly wouldBlock: boolean; readonly services: readonly PermittedService[] };

type Tally = Omit<PermittedService, 'rules' | 'reasons' | 'asked' | 'pairs' | 'wouldBlock'> & { asked: number; pairs: number; wouldBlock: number; readonly rules: Set<string>; readonly reasons: Set<EndVerdict['reason']> };
export type Tallies = ReadonlyMap<string, Tally>;

/**
 * What passes from each group to each other, kind by kind of host: which services that listen, which that rules name where an end refuses the rest, and whether ports that nothing names do. Kept open, so that rows can
 * be added up. The cost is kinds of consumers × kinds of providers × services of a provider.
 */
export function tallyPassages(index: ReachIndex, from: PartyGroup, to: PartyGroup): Tallies {
  const tallies = new Map<string, Tally>();
  const consumers = [...Map.groupBy(from.members, ({ kind }) => kind).values()];
  for (const providers of groupProviders(index, to.members)) {
    const [provider] = providers;
    if (provider === undefined) continue;
    for (const service of listAsked(index, provider)) {
      const mayPass = index.filter.mayPass(provider, service);
      for (const members of consumers) {
        const [consumer] = members;
        const pairs = consumer === undefined ? 0 : countPairs(members, providers);
        if (consumer === undefined || pairs === 0 || isIdle(index, consumer, provider, service)) continue;
        addPassage(tallies, service, pairs, mayPass(consumer) ? index.judge(consumer, provider, service) : REFUSED);
      }
    }
  }
  return tallies;
}

/** Nothing of ours stands between two who are both outside; and what a rule names goes without saying where everything else passes, too. */
const isIdle = ({ filter }: ReachIndex, consumer: Party, provider: Party, { basis }: AskedService): boolean =>
  (consumer.host === null && provider.host === null) || (basis === 'named' && filter.isOpen(consumer, provider));

export function addTallies(all: readonly Tallies[]): Tallies {
  const sum = new Map<string, Tally>();
  for (const one of all.flatMap((tallies) => [...tallies.values()])) {
    const tally = tallyOf(sum, one);
    tally.asked += one.asked;
    tally.pairs += one.pairs;
    tally.wouldBlock += one.wouldBlock;
    for (const rule of one.rules) tally.rules.add(rule);
    for (const reason of one.reasons) tally.reasons.add(reason);
  }
  return sum;
}

/** Services that pass, those between most pairs first. */
export function readPermit(tallies: Tallies): Permit {
  const all = [...tallies.values()];
  const services = all
    .filter(({ pairs }) => pairs > 0)
    .map(({ rules, reasons, ...rest }): PermittedService => ({ ...rest, rules: [...rules].sort(), reasons: [...reasons].sort() }))
    .sort((a, b) => b.pairs - a.pairs || (a.text < b.text ? -1 : 1));
  const kind = all.length === 0 ? 'nobody' : services.length === 0 ? 'nothing' : all.every(({ asked, pairs }) => asked === pairs) ? 'everything' : 'services';
  return { kind, wouldBlock: services.some(({ wouldBlock }) => wouldBlock > 0), services };
}

/** Hosts of one kind on which the same is to be asked. */
function groupProviders(index: ReachIndex, members: readonly Party[]): Party[][] {
  return [...Map.groupBy(members, index.groupOf).values()];
}

/** What listens, what rules name beside that, and ports that nothing names; each text once. */
function listAsked(index: ReachIndex, provider: Party): AskedService[] {
  const listening = index.listening(provider);
  const texts = new Set(listening.map(({ text }) => text));
  return [...listening, ...index.supposed(provider).filter(({ text }) => !texts.has(text))];
}

/** Not a host with itself. */
function countPairs(consumers: readonly Party[], providers: readonly Party[]): number {
  return consumers.length * providers.length - providers.filter((party) => consumers.includes(party)).length;
}

function tallyOf(tallies: Map<string, Tally>, { text, basis }: Pick<Tally, 'text' | 'basis'>): Tally {
  const known = tallies.get(text);
  if (known) return known;
  const tally: Tally = { text, basis, asked: 0, pairs: 0, wouldBlock: 0, rules: new Set(), reasons: new Set() };
  tallies.set(text, tally);
  return tally;
}

/** By the default of one of the ends. */
const REFUSED = { passes: false } as const;

/** Null: they have no addresses of one family. */
function addPassage(tallies: Map<string, Tally>, service: AskedService, pairs: number, passage: Passage | typeof REFUSED | null): void {
  if (passage === null) return;
  // What the locked block lets through everywhere (ping) is no service that a rule opens.
  if (service.basis === 'named' && passage.passes && passage.in.by === 'essential') return;
  const tally = tallyOf(tallies, service);
  tally.asked += pairs;
  if (!passage.passes) return;
  tally.pairs += pairs;
  if (passage.wouldBlock) tally.wouldBlock += pairs;
  for (const { by, reason, wouldBlock } of [passage.in, passage.out]) {
    if (wouldBlock) continue;
    if (by !== null && by !== 'essential') tally.rules.add(by);
    else tally.reasons.add(reason);
  }
}
