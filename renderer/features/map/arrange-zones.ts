import { arrangementCost, type Ends } from './arrangement-cost.ts';
import { zoneNodeId } from './bundle-edges.ts';
import { isOutside } from './map-geometry.ts';
import type { DrawnNode } from './map-model.ts';
import { rankNodes } from './rank-nodes.ts';
import { type Arrangement, placeUnits, type Unit } from './zone-units.ts';

type Site = { readonly nodes: readonly DrawnNode[]; readonly edges: readonly Ends[]; readonly titles: ReadonlyMap<string, string> };

/** Arrangements tried from each start, then from the best of them. Bounds the time: a quarter of a second for 25 hosts. */
const FIRST_TRIES = 300;
const LAST_TRIES = 1000;
const FINALISTS = 4;
/** A zone that calls more than this part of the other zones (monitoring, backup, jump hosts) starts in a row of its own. */
const HUB_PART = 0.67;
/** Columns inside that the search starts from, at most: many for traffic from left to right, few for a picture that is not too wide. */
const COLUMN_COUNTS = [9, 3, 2];
const ROW_SIDES = ['top', 'bottom'] as const;

/**
 * The best arrangements found, at most four, the cheapest first: from several starts (few columns or many, hubs above or below), each improved by
 * swapping hosts within a zone, reshaping zones and moving units, in a fixed order. Pure and the same every time; never empty.
 */
export function arrangeZones(site: Site): readonly Arrangement[] {
  const costOf = (arrangement: Arrangement) => arrangementCost(placeUnits(arrangement), site.nodes, site.edges);
  const cheapest = (found: readonly Costed[]) => found.toSorted((a, b) => a.cost - b.cost).slice(0, FINALISTS);
  const first = cheapest(startsOf(site).map((start) => improve(start, costOf, FIRST_TRIES)));
  return cheapest(first.map(({ arrangement }) => improve(arrangement, costOf, LAST_TRIES))).map(({ arrangement }) => arrangement);
}

type Costed = { readonly arrangement: Arrangement; readonly cost: number };

function improve(start: Arrangement, costOf: (arrangement: Arrangement) => number, maxTries: number): Costed {
  let [arrangement, cost, tries, isBetter] = [start, costOf(start), 0, true];
  while (isBetter && tries < maxTries) {
    isBetter = false;
    for (const move of movesOf(arrangement)) {
      const next = move(arrangement);
      tries += 1;
      const nextCost = next === null ? Number.POSITIVE_INFINITY : costOf(next);
      if (next === null || nextCost >= cost - 0.01) continue;
      [arrangement, cost, isBetter] = [next, nextCost, true];
      if (tries >= maxTries) break;
    }
  }
  return { arrangement, cost };
}

type Move = (arrangement: Arrangement) => Arrangement | null;

const unitsOf = ({ columns, row }: Arrangement): readonly Unit[] => [...columns.flat(), ...row];

/** Every small change of an arrangement, by the ids of what it changes: a move taken earlier in the round may have made one void (null). */
function movesOf(arrangement: Arrangement): readonly Move[] {
  const units = unitsOf(arrangement);
  const shapes = units.flatMap((unit) =>
    unit.hosts.map(
      (_, index): Move =>
        (now) =>
          reshape(now, unit.id, index + 1),
    ),
  );
  const swaps = units.flatMap((unit) =>
    unit.hosts.flatMap((a, index) =>
      unit.hosts.slice(index + 1).map(
        (b): Move =>
          (now) =>
            swapHosts(now, unit.id, a.id, b.id),
      ),
    ),
  );
  const places = units.flatMap((unit) => [
    ...arrangement.columns.flatMap((column, columnIndex) =>
      [...column.keys(), column.length].map(
        (at): Move =>
          (now) =>
            moveUnit(now, unit.id, { column: columnIndex, at }),
      ),
    ),
    ...[...arrangement.columns.keys(), arrangement.columns.length].map(
      (before): Move =>
        (now) =>
          moveUnit(now, unit.id, { before }),
    ),
    ...[...arrangement.row.keys(), arrangement.row.length].map(
      (at): Move =>
        (now) =>
          moveUnit(now, unit.id, { row: at }),
    ),
  ]);
  const exchanges = units.flatMap((a, index) =>
    units.slice(index + 1).map(
      (b): Move =>
        (now) =>
          exchange(now, a, b),
    ),
  );
  return [...shapes, ...places, ...exchanges, ...swaps, (now) => ({ ...now, rowAt: now.rowAt === 'top' ? 'bottom' : 'top' })];
}

const mapUnit = ({ columns, row, rowAt }: Arrangement, id: string, change: (unit: Unit) => Unit): Arrangement => {
  const each = (unit: Unit) => (unit.id === id ? change(unit) : unit);
  return { columns: columns.map((column) => column.map(each)), row: row.map(each), rowAt };
};

/** Two units in each other's place; peers stay out of it. */
function exchange(now: Arrangement, a: Unit, b: Unit): Arrangement | null {
  const [first, second] = [unitsOf(now).find((unit) => unit.id === a.id), unitsOf(now).find((unit) => unit.id === b.id)];
  if (first === undefined || second === undefined || isPeer(first) || isPeer(second) || first.isHub !== second.isHub) return null;
  const each = (unit: Unit) => (unit === first ? second : unit === second ? first : unit);
  return { ...now, columns: now.columns.map((column) => column.map(each)), row: now.row.map(each) };
}

const reshape = (now: Arrangement, id: string, columns: number) => mapUnit(now, id, (unit) => ({ ...unit, columns }));

const swapHosts = (now: Arrangement, id: string, a: string, b: string) =>
  mapUnit(now, id, (unit) => {
    const [first, second] = [unit.hosts.find((host) => host.id === a), unit.hosts.find((host) => host.id === b)];
    if (first === undefined || second === undefined) return unit;
    return { ...unit, hosts: unit.hosts.map((host) => (host === first ? second : host === second ? first : host)) };
  });

type Spot = { readonly column: number; readonly at: number } | { readonly before: number } | { readonly row: number };

const isPeer = (unit: Unit): boolean => unit.hosts.some((host) => isOutside(host.kind));
const isPeers = (column: readonly Unit[] | undefined): boolean => column?.some(isPeer) ?? false;

/** The unit at another spot; null where it may not be: peers stay in the column that their direction gives them, and no zone goes in among them. */
function moveUnit(now: Arrangement, id: string, spot: Spot): Arrangement | null {
  const unit = unitsOf(now).find((each) => each.id === id);
  if (unit === undefined) return null;
  if (isPeer(unit) && !('column' in spot && now.columns[spot.column]?.includes(unit) === true)) return null;
  const without = { ...now, columns: now.columns.map((column) => column.filter((each) => each !== unit)), row: now.row.filter((each) => each !== unit) };
  if ('row' in spot !== unit.isHub) return null;
  if ('row' in spot) return { ...tidy(without), row: without.row.toSpliced(spot.row, 0, unit) };
  if ('before' in spot) {
    if ((spot.before === 0 && isPeers(now.columns[0])) || (spot.before === now.columns.length && isPeers(now.columns.at(-1)))) return null;
    return tidy({ ...without, columns: without.columns.toSpliced(spot.before, 0, [unit]) });
  }
  const column = now.columns[spot.column];
  if (column === undefined || (unit.title !== null && isPeers(column))) return null;
  return tidy({ ...without, columns: without.columns.map((each, index) => (index === spot.column ? each.toSpliced(spot.at, 0, unit) : each)) });
}

const tidy = (arrangement: Arrangement): Arrangement => ({ ...arrangement, columns: arrangement.columns.filter((column) => column.length > 0) });

function startsOf(site: Site): readonly Arrangement[] {
  const inside = unitsOfSite(site);
  const unitOf = new Map(inside.flatMap((unit) => [[unit.id, unit.id] as const, ...unit.hosts.map((host) => [host.id, unit.id] as const)]));
  const links = site.edges.flatMap((edge) => {
    const [source, target] = [unitOf.get(edge.source), unitOf.get(edge.target)];
    return source === undefined || target === undefined || source === target ? [] : [{ source, target }];
  });
  const zones = inside.filter((unit) => unit.title !== null).map((unit) => unit.id);
  const calledBy = (id: string) => new Set(links.filter((link) => link.source === id && zones.includes(link.target)).map((link) => link.target)).size;
  const hubs = new Set(zones.filter((id) => zones.length > 2 && calledBy(id) > HUB_PART * (zones.length - 1)));
  const isHub = (unit: Unit) => hubs.has(unit.id);
  const callers = new Set(site.edges.map((edge) => edge.source));
  const peers = site.nodes.filter((node) => isOutside(node.kind)).map(alone);
  const ends = [peers.filter((unit) => callers.has(unit.id)), peers.filter((unit) => !callers.has(unit.id))] as const;
  const around = (columns: readonly (readonly Unit[])[]) => [ends[0], ...columns, ends[1]].filter((column) => column.length > 0);
  const row = inside.filter(isHub).map((unit) => ({ ...unit, columns: unit.hosts.length, isHub: true }));
  const ranked = byRank(
    inside.filter((unit) => !isHub(unit)),
    links,
  );
  return COLUMN_COUNTS.flatMap((count) => {
    const columns = around(merged(ranked, count));
    return row.length === 0 ? [{ columns, row, rowAt: 'bottom' }] : ROW_SIDES.map((rowAt) => ({ columns, row, rowAt }));
  });
}

const merged = (columns: readonly (readonly Unit[])[], count: number): readonly (readonly Unit[])[] =>
  columns.length <= count
    ? columns
    : Array.from({ length: count }, (_, index) =>
        columns.slice(Math.ceil((index * columns.length) / count), Math.ceil(((index + 1) * columns.length) / count)).flat(),
      );

const alone = (node: DrawnNode): Unit => ({ id: node.id, title: null, hosts: [node], columns: 1, isHub: false });

/** Zones with their hosts in the order of traffic, and every host of no zone by itself. */
function unitsOfSite({ nodes, edges, titles }: Site): readonly Unit[] {
  const inside = nodes.filter((node) => !isOutside(node.kind));
  const ids = new Set(inside.map((node) => node.id));
  const ranks = rankNodes(
    [...ids],
    edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
  );
  const inOrder = (hosts: readonly DrawnNode[]) =>
    hosts.toSorted((a, b) => (ranks.get(a.id) ?? 0) - (ranks.get(b.id) ?? 0) || a.label.localeCompare(b.label, 'en', { numeric: true }));
  return [...Map.groupBy(inside, (node) => node.zone)].flatMap(([zone, hosts]) => {
    const title = zone === null ? undefined : titles.get(zone);
    if (zone === null || title === undefined) return hosts.map(alone);
    return [{ id: zoneNodeId(zone), title, hosts: inOrder(hosts), columns: Math.ceil(hosts.length / 4), isHub: false }];
  });
}

function byRank(units: readonly Unit[], links: readonly Ends[]): readonly (readonly Unit[])[] {
  const ids = new Set(units.map((unit) => unit.id));
  const ranks = rankNodes(
    [...ids],
    links.filter((link) => ids.has(link.source) && ids.has(link.target)),
  );
  const groups = Map.groupBy(units, (unit) => ranks.get(unit.id) ?? 0);
  return [...groups.keys()].toSorted((a, b) => a - b).map((rank) => groups.get(rank) ?? []);
}
