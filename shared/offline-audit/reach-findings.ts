import { printRange } from '../net/print-range.ts';
import { printAddress } from '../net/address.ts';
import type { Grants } from '../rule-files/list-grants.ts';
import { isWorld, serviceText } from './admitted.ts';
import type { OfflineFinding, OfflineFlow, OfflineHost } from './offline-audit.ts';

/** Fewer hosts make no fleet in which somebody reaches everything. */
const MIN_HOSTS = 5;
const BY_RULES = 0.5;
const BY_FLOWS = 0.5;
const MAX_SHOWN = 6;

type Reach = { readonly hosts: Set<string>; readonly services: Map<string, number>; readonly text: string };

/** Addresses and networks that most hosts let in where they do not let in everyone; and who spoke to most of them. Most hosts first. */
export function findReach(hosts: readonly OfflineHost[], grantsOf: ReadonlyMap<string, Grants>, flows: readonly OfflineFlow[]): OfflineFinding[] {
  return [...byRules(hosts, grantsOf), ...byFlows(hosts, flows)];
}

function byRules(hosts: readonly OfflineHost[], grantsOf: ReadonlyMap<string, Grants>): OfflineFinding[] {
  const judged = hosts.filter(({ name, files }) => files.length > 0 && grantsOf.get(name)?.isWhole === true);
  if (judged.length < MIN_HOSTS) return [];
  const reach = new Map<string, Reach>();
  for (const { name } of judged) {
    for (const { from, protocol, ports } of grantsOf.get(name)?.grants ?? []) {
      if (isWorld(from)) continue;
      for (const range of from) {
        const text = printRange(range);
        const one = reach.get(text) ?? { hosts: new Set<string>(), services: new Map<string, number>(), text };
        one.hosts.add(name);
        const service = serviceText(protocol, ports);
        one.services.set(service, (one.services.get(service) ?? 0) + 1);
        reach.set(text, one);
      }
    }
  }
  const nameOf = (text: string) => hosts.find(({ addresses }) => addresses.some((address) => printAddress(address) === text))?.name;
  return [...reach.values()]
    .filter((one) => one.hosts.size >= judged.length * BY_RULES)
    .sort((a, b) => b.hosts.size - a.hosts.size || (a.text < b.text ? -1 : 1))
    .map(({ text, hosts: reached, services }) => {
      const name = nameOf(text);
      return { code: 'REACHES_EVERYTHING', host: '', subject: name === undefined ? text : `${name} (${text})`, sentence: `The rules of ${reached.size} of ${judged.length} hosts let it in where they do not let in everyone: ${mostOf(services)}. Who takes it over reaches them all.`, rule: null, connections: 0 };
    });
}

function mostOf(services: ReadonlyMap<string, number>): string {
  const sorted = [...services].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, MAX_SHOWN).map(([service, count]) => `${service} on ${count}`).join(', ');
  return sorted.length > MAX_SHOWN ? `${shown} and ${sorted.length - MAX_SHOWN} more services` : shown;
}

function byFlows(hosts: readonly OfflineHost[], flows: readonly OfflineFlow[]): OfflineFinding[] {
  const placed = hosts.flatMap(({ name, addresses }) => addresses.map((address) => [printAddress(address), name] as const));
  const hostOf = new Map(placed);
  if (hosts.length < MIN_HOSTS) return [];
  const reached = new Map<string, { hosts: Set<string>; connections: number }>();
  for (const { from, to, connections } of flows) {
    const host = hostOf.get(printAddress(to));
    if (host === undefined) continue;
    const peer = printAddress(from);
    const one = reached.get(peer) ?? { hosts: new Set<string>(), connections: 0 };
    one.hosts.add(host);
    one.connections += connections;
    reached.set(peer, one);
  }
  return [...reached]
    .filter(([, one]) => one.hosts.size >= Math.max(MIN_HOSTS, hosts.length * BY_FLOWS))
    .sort((a, b) => b[1].hosts.size - a[1].hosts.size || (a[0] < b[0] ? -1 : 1))
    .map(([peer, one]) => ({ code: 'REACHES_EVERYTHING', host: '', subject: hostOf.has(peer) ? `${hostOf.get(peer) ?? ''} (${peer})` : peer, sentence: `It spoke to ${one.hosts.size} of ${hosts.length} hosts.`, rule: null, connections: one.connections }));
}
