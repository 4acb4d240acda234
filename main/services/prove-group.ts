import type { AgentTries, AgentWitness } from '../../shared/contract/agent-replies.ts';
import type { ReachTry } from '../../shared/model/reach-proof.ts';
import type { ChosenTry } from '../../shared/reach-proof/choose-tries.ts';
import { createSightings } from '../../shared/reach-proof/read-sightings.ts';

/** What a group of tries needs of the world. `ready` says why a host cannot take part; '' where it can. Failures are told as one line. */
export type ProofDesk = {
  readonly ready: (host: string) => Promise<HostReadiness>;
  readonly witness: (host: string, order: { pairs: readonly string[]; ready: () => void; over: Promise<void> }) => Promise<AgentWitness | string>;
  readonly tryPairs: (host: string, pairs: readonly string[]) => Promise<AgentTries | string>;
};
/** `silent`: it does not answer. `unconfirmed`: it runs what nobody has confirmed, or what is not ours. */
export type HostReadiness = { readonly silent: string; readonly unconfirmed: string };

type Witnessed = { readonly witness: AgentWitness | null; readonly silent: string };

/** Hosts that witness at once: each holds a connection of the pool as long as the group lasts. */
const MAX_HOSTS = 16;
const MAX_GROUP = 24;
/** In one command: none is long, and stopping waits for one at most. */
const AT_ONCE = 4;

/** Tries in their order, cut so that few hosts take part in each group. Those that are not to be tried are in none. */
export function groupTries(tries: readonly ChosenTry[]): ChosenTry[][] {
  const groups: { hosts: Set<string>; tries: ChosenTry[] }[] = [];
  for (const one of tries.filter(({ untried }) => untried === '')) {
    const last = groups.at(-1);
    const fits = last !== undefined && last.tries.length < MAX_GROUP && new Set([...last.hosts, one.from, one.to]).size <= MAX_HOSTS;
    const group = fits ? last : { hosts: new Set<string>(), tries: [] };
    if (!fits) groups.push(group);
    group.hosts.add(one.from).add(one.to);
    group.tries.push(one);
  }
  return groups.map((group) => group.tries);
}

export const asUntried = (one: ChosenTry, untried: string): ReachTry => ({ ...one, untried, user: '', tool: '', answer: '', sent: 'unknown', left: 'unknown', arrived: 'unknown', entered: 'unknown', sourceSilent: '', destinationSilent: '' });

/** Both ends of every try witness while all are tried: hosts at the same time, connections of one host one after the other. In the order of `tries`. */
export async function proveGroup(desk: ProofDesk, tries: readonly ChosenTry[]): Promise<ReachTry[]> {
  const names = [...new Set(tries.flatMap(({ from, to }) => [from, to]))];
  const ready = new Map(await Promise.all(names.map(async (name) => [name, await desk.ready(name)] as const)));
  const reasonOf = ({ from, to }: ChosenTry): string => ready.get(from)?.unconfirmed || ready.get(to)?.unconfirmed || ready.get(from)?.silent || '';
  const able = tries.filter((one) => reasonOf(one) === '');
  const opened = new Map(await Promise.all(names.map(async (name) => [name, await openWitness(desk, name, able, ready.get(name)?.silent ?? '')] as const)));
  const tried = new Map<ChosenTry, Tried>();
  try {
    await Promise.all([...Map.groupBy(able, ({ from }) => from)].map(([name, own]) => tryFrom(desk, name, own, tried)));
  } finally {
    for (const { end } of opened.values()) end();
  }
  const witnessed = new Map(await Promise.all([...opened].map(async ([name, { ended }]) => [name, await ended] as const)));
  return tries.map((one) => {
    const reason = reasonOf(one);
    const seen = tried.get(one);
    if (reason !== '' || seen === undefined || seen.failed !== '') return asUntried(one, reason !== '' ? reason : (seen?.failed ?? 'it was not tried'));
    const [source, destination] = [witnessed.get(one.from) ?? NOBODY, witnessed.get(one.to) ?? NOBODY];
    const sightings = createSightings(source.witness, destination.witness)({ ...one, ownPort: seen.ownPort });
    return { ...one, user: seen.user, tool: seen.tool, answer: seen.answer, ...sightings, sourceSilent: source.silent, destinationSilent: destination.silent };
  });
}

const NOBODY: Witnessed = { witness: null, silent: 'it was not asked' };
const FULL = 'it saw more connections between the same ends than it can remember';
const lineOf = ({ source, destination, port }: ChosenTry): string => `${source} ${destination} ${port}`;

type Opened = { readonly end: () => void; readonly ended: Promise<Witnessed> };

/** Resolves once the witness sees, or cannot. */
async function openWitness(desk: ProofDesk, name: string, tries: readonly ChosenTry[], silent: string): Promise<Opened> {
  const pairs = [...new Set(tries.filter(({ from, to }) => from === name || to === name).map(lineOf))];
  if (silent !== '' || pairs.length === 0) return { end: () => undefined, ended: Promise.resolve({ witness: null, silent: silent === '' ? NOBODY.silent : silent }) };
  const over = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  const ended = desk.witness(name, { pairs, ready: ready.resolve, over: over.promise }).then((said): Witnessed => {
    if (typeof said === 'string') return { witness: null, silent: said };
    return said.full ? { witness: null, silent: FULL } : { witness: said, silent: '' };
  });
  await Promise.race([ready.promise, ended]);
  return { end: over.resolve, ended };
}

type Tried = { readonly failed: string } & Pick<ReachTry, 'user' | 'tool' | 'answer'> & { readonly ownPort: number | null };

async function tryFrom(desk: ProofDesk, name: string, tries: readonly ChosenTry[], into: Map<ChosenTry, Tried>): Promise<void> {
  for (let i = 0; i < tries.length; i += AT_ONCE) {
    const part = tries.slice(i, i + AT_ONCE);
    const said = await desk.tryPairs(name, part.map(lineOf));
    part.forEach((one, j) => {
      const own = typeof said === 'string' ? undefined : said.tries[j];
      if (typeof said === 'string' || own === undefined) into.set(one, { failed: typeof said === 'string' ? said : 'the agent gave no answer for it', user: '', tool: '', answer: '', ownPort: null });
      else into.set(one, { failed: '', user: said.user, tool: said.tool ?? '', answer: own.answer, ownPort: own.port });
    });
  }
}
