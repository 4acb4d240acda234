import type { Waves } from '../model/waves.ts';

/** What a wave needs to know of a host. */
export type WaveHost = { readonly hostName: string; readonly zone: string | null };

/**
 * Who goes when: those that were named `first` in that order, then the zones in turns, so that early waves meet as many of the changed policies as they can; by name within a zone. The first wave holds at least all that were named. No wave is empty; together
 * they are all hosts, each once. Deterministic. Pure.
 */
export function planWaves<Host extends WaveHost>(hosts: readonly Host[], waves: Waves, first: readonly string[]): Host[][] {
  if (hosts.length === 0) return [];
  const named = first.flatMap((name) => hosts.find(({ hostName }) => hostName === name) ?? []);
  const order = [...new Set([...named, ...inTurns(hosts)])];
  if (waves.length === 0 && named.length === 0) return [order];
  const planned: Host[][] = [];
  let begin = 0;
  for (const size of waves.length === 0 ? [{ hosts: named.length }] : waves) {
    const wanted = 'hosts' in size ? size.hosts : Math.max(1, Math.ceil((hosts.length * size.percent) / 100));
    const end = begin + (begin === 0 ? Math.max(wanted, named.length) : wanted);
    if (begin < order.length) planned.push(order.slice(begin, end));
    begin = end;
  }
  if (begin < order.length) planned.push(order.slice(begin));
  return planned;
}

function inTurns<Host extends WaveHost>(hosts: readonly Host[]): Host[] {
  const byZone = Map.groupBy(hosts.toSorted((a, b) => compare(a.hostName, b.hostName)), ({ zone }) => zone ?? '');
  const zones = [...byZone].toSorted(([a], [b]) => compare(a, b)).map(([, members]) => members);
  const longest = Math.max(...zones.map((members) => members.length));
  return Array.from({ length: longest }, (_, turn) => zones.flatMap((members) => members[turn] ?? [])).flat();
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
