import type { ResolveNamesInput } from '../../shared/contract/name-views.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { DnsName } from '../../shared/model/dns-name.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { listConcernedHosts } from '../../shared/policy/concerned-hosts.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { saveNameAnswers } from '../db/name-ledger-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { type ManyHosts, overHosts, type ProgressEvent } from './agent-many.ts';
import { describeFailure } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { listChosenHosts } from './find-host.ts';
import { listFleet } from './fleet.ts';
import { lookUpOnHost } from './host-look-up.ts';
import type { LookedUp } from './look-up.ts';
import { recordChange, recordObservation } from './record-change.ts';
import { readNameLedger } from './resolved-policy.ts';
import { resolveTarget } from './ssh-targets.ts';

/** An answer is asked for again after this time when a host is collected from. By hand, always. */
const FRESH_MS = 3_600_000;

/**
 * Asks the console's DNS, the concerned hosts' own resolvers, or both, for names of the draft's IP lists, and adds what they say to the ledger. One that fails
 * stops no other and takes nothing away. `names` are lists or host names in them; null is all. @throws NOT_FOUND for a name that no list has
 */
export async function* resolveNames(ctx: BackendContext, { names: chosen, from }: ResolveNamesInput): AsyncGenerator<ProgressEvent, void, void> {
  const { policy } = readDraft(ctx);
  const names = chooseNames(policy, chosen);
  const before = countAddresses(ctx);
  const own = from === 'hosts' || names.length === 0 ? [] : [{ hostName: 'this console', ok: true, text: describeAnswers(await askConsole(ctx, names)), error: null }];
  const byHost = from === 'console' ? new Map<HostId, readonly DnsName[]>() : namesByHost(ctx, policy, names);
  const stop = new AbortController();
  const hosts = listChosenHosts(ctx, { kind: 'all' }).filter((host) => byHost.has(host.id));
  const work = async (host: HostRecord) => describeAnswers(await askHost(ctx, host.id, resolveTarget(ctx, host.name), byHost.get(host.id) ?? [], stop.signal));
  for await (const event of overHosts(ctx, hosts, work, stop)) yield event.type === 'done' ? { type: 'done', result: withConsole(ctx, own, event.result, names, countAddresses(ctx) - before) } : event;
}

function withConsole(ctx: BackendContext, own: ManyHosts['hosts'], { hosts }: ManyHosts, names: readonly DnsName[], added: number): ManyHosts {
  const asked = [...own, ...hosts];
  const detail = `${asked.length} asked, ${asked.filter(({ ok }) => !ok).length} failed; ${Math.max(0, added)} addresses more than before`;
  recordChange(ctx, { action: 'policy.resolveNames', subject: names.slice(0, 5).join(' ') + (names.length > 5 ? ` and ${names.length - 5} more` : ''), detail, groups: [] }, () => undefined);
  return { hosts: asked };
}

/** The names that each host is to be asked for; looks at the whole fleet, so once for a whole collection. */
export function readNamesByHost(ctx: BackendContext): ReadonlyMap<HostId, readonly DnsName[]> {
  const { policy } = readDraft(ctx);
  const names = listNames(policy);
  return names.length === 0 ? new Map() : namesByHost(ctx, policy, names);
}

/** For a host that is being collected from: those of `names` that it was not asked for within the last hour. Why it could not be asked is stored as its answer. */
export async function resolveStaleOnHost(ctx: BackendContext, host: HostId, names: readonly DnsName[], { target, signal }: { target: ResolvedTarget; signal: AbortSignal }): Promise<void> {
  const due = staleOf(ctx, host, names);
  if (due.length === 0) return;
  save(ctx, host, await askOrSayWhyNot(ctx, target, due, signal));
}

async function askOrSayWhyNot(ctx: BackendContext, target: ResolvedTarget, names: readonly DnsName[], signal?: AbortSignal): Promise<Answers> {
  try {
    return await lookUpOnHost(ctx, target, names, signal);
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code === 'ABORTED') throw error;
    return names.map((name) => [name, { addresses: [], problem: `the host could not be asked: ${describeFailure(error).title}` }] as const);
  }
}

/** The same for the console, once for a whole collection. */
export async function resolveStaleByConsole(ctx: BackendContext, signal?: AbortSignal): Promise<void> {
  const due = staleOf(ctx, null, listNames(readDraft(ctx).policy));
  if (due.length > 0) await askConsole(ctx, due, signal);
}

function staleOf(ctx: BackendContext, seenBy: HostId | null, names: readonly DnsName[]): DnsName[] {
  if (names.length === 0) return [];
  const fresh = new Set(readNameLedger(ctx).questions.filter((question) => question.seenBy === seenBy && question.askedAtMs > ctx.nowMs() - FRESH_MS).map(({ name }) => name));
  return names.filter((name) => !fresh.has(name));
}

type Answers = readonly (readonly [DnsName, LookedUp])[];

async function askConsole(ctx: BackendContext, names: readonly DnsName[], signal?: AbortSignal): Promise<Answers> {
  const answers = await Promise.all(names.map(async (name) => [name, await ctx.lookUp(name, signal)] as const));
  // What was stopped on purpose is no answer: stored as one, it would keep the next collect from asking for an hour.
  if (signal?.aborted !== true) save(ctx, null, answers);
  return answers;
}

async function askHost(ctx: BackendContext, host: HostId, target: ResolvedTarget, names: readonly DnsName[], signal?: AbortSignal): Promise<Answers> {
  const answers = await lookUpOnHost(ctx, target, names, signal);
  save(ctx, host, answers);
  return answers;
}

function save(ctx: BackendContext, seenBy: HostId | null, answers: Answers): void {
  recordObservation(ctx, ['policy', 'hosts', 'flows'], (tx) => saveNameAnswers(tx, answers.map(([name, { addresses, problem }]) => ({ name, seenBy, addresses, problem })), ctx.nowMs()));
}

function describeAnswers(answers: Answers): string {
  const found = answers.reduce((sum, [, { addresses }]) => sum + addresses.length, 0);
  const problems = answers.flatMap(([name, { problem }]) => (problem === null ? [] : [`${name}: ${problem}`]));
  return [`${countText(found, 'address')} for ${countText(answers.length, 'name')}`, ...problems.slice(0, 3), ...(problems.length > 3 ? [`${problems.length - 3} more problems`] : [])].join('; ');
}

const listNames = ({ ipLists }: Policy): DnsName[] => [...new Set(ipLists.flatMap((list) => list.names ?? []))];

function chooseNames(policy: Policy, chosen: readonly string[] | null): DnsName[] {
  if (chosen === null) return listNames(policy);
  const lists = policy.ipLists.filter((list) => list.names !== undefined);
  const found = chosen.flatMap((word) => {
    const typed = word.toLowerCase().replace(/\.$/, '');
    const names = lists.flatMap((list) => (list.name === word ? (list.names ?? []) : (list.names ?? []).filter((name) => name === typed)));
    if (names.length === 0) throw new FirebreakError('NOT_FOUND', { what: 'IP list with names, or name in one,', name: word, known: [...lists.map((list) => list.name), ...listNames(policy)] });
    return names;
  });
  return [...new Set(found)];
}

/** Which of the names each host is to be asked for: those of lists that rules about it use. Hosts without any are left out. */
function namesByHost(ctx: BackendContext, policy: Policy, wanted: readonly DnsName[]): Map<HostId, readonly DnsName[]> {
  const byHost = new Map<HostId, Set<DnsName>>();
  for (const [listName, hosts] of listConcernedHosts(policy, listFleet(ctx))) {
    const names = policy.ipLists.find((list) => list.name === listName)?.names?.filter((name) => wanted.includes(name)) ?? [];
    for (const host of names.length === 0 ? [] : hosts) byHost.set(host, new Set([...(byHost.get(host) ?? []), ...names]));
  }
  return new Map([...byHost].map(([host, names]) => [host, [...names]]));
}

const countAddresses = (ctx: BackendContext): number => new Set(readNameLedger(ctx).sightings.map(({ name, address }) => `${name} ${address}`)).size;
