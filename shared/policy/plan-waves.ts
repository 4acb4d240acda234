import type { Waves } from '../model/waves.ts';

/** What a wave needs to know of a host. */
export type WaveHost = { readonly hostName: string; readonly zone: string | null };

/**
 * Who goes when: those that were named `first` in that order, then the zones of `zones` one after another, then the other zones in turns, so that early waves meet as many of the changed policies as they can; by name within a zone. The first wave holds at least all that were named.
 * A wave ends where a zone of `zones` does, so that the next begins only when that zone has confirmed. No wave is empty; together they are all hosts, each once. Deterministic. Pure.
 */
export function planWaves<Host extends WaveHost>(hosts: readonly Host[], waves: Waves, first: readonly string[], zones: readonly string[] = []): Host[][] {
  if (hosts.length === 0) return [];
  const named = first.flatMap((name) => hosts.find(({ hostName }) => hostName === name) ?? []);
  const ahead = new Set(named);
  const groups = groupByZones(hosts.filter((host) => !ahead.has(host)), zones).filter((group) => group.length > 0);
  const order = [...ahead, ...groups.flat()];
  // Those that were named may be of any zone; the first group goes on behind them.
  const ends = groups.reduce<number[]>((found, group) => [...found, (found.at(-1) ?? ahead.size) + group.length], []);
  const sizes = waves.length === 0 && ahead.size > 0 ? [{ hosts: ahead.size }] : waves;
  const planned: Host[][] = [];
  for (let begin = 0; begin < order.length; ) {
    const size = sizes[planned.length];
    const wanted = size === undefined ? order.length : 'hosts' in size ? size.hosts : Math.max(1, Math.ceil((hosts.length * size.percent) / 100));
    const least = begin === 0 ? ahead.size : 0;
    const border = ends.find((end) => end > Math.max(begin, least - 1)) ?? order.length;
    const end = Math.max(least, Math.min(begin + wanted, border));
    planned.push(order.slice(begin, end));
    begin = end;
  }
  return planned;
}

/** The hosts of each named zone, and those of all others in turns. */
function groupByZones<Host extends WaveHost>(hosts: readonly Host[], zones: readonly string[]): Host[][] {
  const named = [...new Set(zones)].map((zone) => inTurns(hosts.filter((host) => host.zone === zone)));
  return [...named, inTurns(hosts.filter(({ zone }) => zone === null || !zones.includes(zone)))];
}

function inTurns<Host extends WaveHost>(hosts: readonly Host[]): Host[] {
  const byZone = Map.groupBy(hosts.toSorted((a, b) => compare(a.hostName, b.hostName)), ({ zone }) => zone ?? '');
  const zones = [...byZone].toSorted(([a], [b]) => compare(a, b)).map(([, members]) => members);
  const longest = Math.max(0, ...zones.map((members) => members.length));
  return Array.from({ length: longest }, (_, turn) => zones.flatMap((members) => members[turn] ?? [])).flat();
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
