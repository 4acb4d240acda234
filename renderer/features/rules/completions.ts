import type { HostView } from '../../../shared/contract/views.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { isPostureKey, listPostureValues, POSTURE_FACTS, POSTURE_PREFIX } from '../../../shared/model/posture.ts';
import { printSchedule } from '../../../shared/text/schedule-text.ts';

/** What a cell can be completed with, made once from the draft and the fleet. */
export type Words = {
  /** By key, the values in use; those of posture all. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  readonly zones: readonly string[];
  readonly hosts: readonly string[];
  readonly ipLists: readonly string[];
  readonly services: readonly string[];
  readonly owners: readonly string[];
  readonly schedules: readonly string[];
  /** YYYY-MM-DD, UTC. */
  readonly today: string;
};
/** `text` is the whole cell with it put in; `shown` is what the list says, and `note` what that means. */
export type Completion = { readonly text: string; readonly shown: string; readonly note: string };

const MOST = 12;
const DAY_MS = 86_400_000;
const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].filter((text) => text !== '').toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));

export function readWords(policy: Policy, hosts: readonly HostView[], nowMs: number): Words {
  const pairs = hosts.flatMap(({ labels }) => Object.entries(labels));
  const inUse = policy.rules.flatMap((rule) => rule.services.flatMap((ref) => (ref.kind === 'inline' && ref.entry.kind === 'ports' && ref.entry.from === ref.entry.to ? [`${ref.entry.protocol}/${ref.entry.from}`] : [])));
  return {
    labels: new Map([
      ...distinct(pairs.map(([key]) => key)).map((key) => [key, distinct(pairs.filter(([k]) => k === key).map(([, value]) => value))] as const),
      ...POSTURE_FACTS.map((fact) => [`${POSTURE_PREFIX}${fact}`, listPostureValues(fact)] as const),
    ]),
    zones: policy.zones.map((zone) => zone.name),
    hosts: distinct(hosts.map((host) => host.name)),
    ipLists: policy.ipLists.map((list) => list.name),
    services: distinct([...policy.services.map((service) => service.name), ...inUse, 'any', 'icmp']),
    owners: distinct(policy.rules.map((rule) => rule.owner)),
    schedules: distinct(policy.rules.map((rule) => (rule.schedule === null ? '' : printSchedule(rule.schedule)))),
    today: new Date(nowMs).toISOString().slice(0, 10),
  };
}

/** For the end of a rule: the word after the last separator is completed, what stands before it stays. */
export function completePeer(typed: string, words: Words): Completion[] {
  const named = /^(zone|host|iplist):(.*)$/.exec(typed.trimStart());
  if (named) return completeNamed(named[1] ?? '', named[2] ?? '', words);
  const start = Math.max(...[',', '+', '!', '|', '='].map((mark) => typed.lastIndexOf(mark))) + 1;
  const [before, part] = [typed.slice(0, start), typed.slice(start).trimStart()];
  const key = /([^,+!|=\s]+)\s*!?=(?:[^,+!]*\|)?\s*$/.exec(before)?.[1];
  if (key !== undefined) return pick(words.labels.get(key) ?? [], part).map((value) => ({ text: `${before}${value}`, shown: `${key}=${value}`, note: 'label' }));
  const gap = /[,+!]$/.test(before) && !before.endsWith(',') ? ' ' : '';
  const keys = pick([...words.labels.keys()], part).map((name) => ({ text: `${before}${gap}${name}=`, shown: `${name}=`, note: 'label key' }));
  if (before !== '') return keys;
  const others = [
    ...pick(words.zones, part).map((name) => ({ text: `zone:${name}`, shown: `zone:${name}`, note: 'zone' })),
    ...pick(words.ipLists, part).map((name) => ({ text: `iplist:${name}`, shown: `iplist:${name}`, note: 'IP list' })),
    ...pick(['any'], part).map((text) => ({ text, shown: text, note: 'everyone' })),
    ...(part === '' ? [] : pick(words.hosts, part).map((name) => ({ text: `host:${name}`, shown: `host:${name}`, note: 'host' }))),
  ];
  // What people gave comes first, so that zones and lists are not pushed out.
  const [given, derived] = [keys.filter(({ shown }) => !isPostureKey(shown)), keys.filter(({ shown }) => isPostureKey(shown))];
  return [...given, ...others, ...derived].slice(0, MOST);
}

function completeNamed(kind: string, part: string, words: Words): Completion[] {
  const [names, note] = kind === 'zone' ? ([words.zones, 'zone'] as const) : kind === 'host' ? ([words.hosts, 'host'] as const) : ([words.ipLists, 'IP list'] as const);
  return pick(names, part).map((name) => ({ text: `${kind}:${name}`, shown: `${kind}:${name}`, note }));
}

export function completeServices(typed: string, words: Words): Completion[] {
  const start = typed.lastIndexOf(',') + 1;
  const taken = new Set(typed.slice(0, start).split(','));
  const names = words.services.filter((name) => !taken.has(name));
  return pick(names, typed.slice(start).trimStart()).map((name) => ({ text: typed.slice(0, start) + name, shown: name, note: name.includes('/') ? 'in use' : 'service' }));
}

/** `DAYS` days from today; what is typed is not looked at, as nobody searches for a date by its digits. */
export const completeDate = (words: Words, days: readonly number[]): Completion[] =>
  days.map((count) => {
    const text = new Date(Date.parse(words.today) + count * DAY_MS).toISOString().slice(0, 10);
    return { text, shown: text, note: `in ${count} days` };
  });

export const completeFrom = (typed: string, texts: readonly string[], note: string): Completion[] => pick(texts, typed).map((text) => ({ text, shown: text, note }));

/** Those that begin with the part first, then those that contain it; all of them while nothing is typed, and none that is typed in full. */
function pick(names: readonly string[], part: string): string[] {
  const wanted = part.trim().toLowerCase();
  const begins = names.filter((name) => name.toLowerCase().startsWith(wanted) && name.toLowerCase() !== wanted);
  const contains = wanted === '' ? [] : names.filter((name) => name.toLowerCase().includes(wanted) && !name.toLowerCase().startsWith(wanted));
  return [...begins, ...contains].slice(0, MOST);
}
