type Link = { readonly source: string; readonly target: string };

/**
 * Ranks from 0: consumers before what they call, by the longest path. Cycles are broken by the greedy order of Eades,
 * Lin and Smyth (1993): sinks last, sources first, else whoever calls most more than it is called. Deterministic for the same input order.
 */
export function rankNodes(ids: readonly string[], links: readonly Link[]): ReadonlyMap<string, number> {
  const place = new Map(greedyOrder(ids, links).map((id, index) => [id, index]));
  const forward = links.filter((link) => (place.get(link.source) ?? 0) < (place.get(link.target) ?? 0));
  const ranks = new Map(ids.map((id) => [id, 0]));
  for (const link of forward.toSorted((a, b) => (place.get(a.source) ?? 0) - (place.get(b.source) ?? 0))) {
    ranks.set(link.target, Math.max(ranks.get(link.target) ?? 0, (ranks.get(link.source) ?? 0) + 1));
  }
  return ranks;
}

function greedyOrder(ids: readonly string[], links: readonly Link[]): readonly string[] {
  let left = new Set(ids);
  const front: string[] = [];
  const back: string[] = [];
  while (left.size > 0) {
    const open = links.filter((link) => left.has(link.source) && left.has(link.target));
    const calls = Map.groupBy(open, (link) => link.source);
    const called = Map.groupBy(open, (link) => link.target);
    const sinks = [...left].filter((id) => !calls.has(id) && called.has(id));
    const sources = [...left].filter((id) => !called.has(id));
    const surplus = (id: string) => (calls.get(id)?.length ?? 0) - (called.get(id)?.length ?? 0);
    const taken = sinks.length > 0 ? sinks : sources.length > 0 ? sources : [...left].toSorted((a, b) => surplus(b) - surplus(a)).slice(0, 1);
    if (sinks.length > 0) back.unshift(...sinks);
    else front.push(...taken);
    left = new Set([...left].filter((id) => !taken.includes(id)));
  }
  return [...front, ...back];
}
