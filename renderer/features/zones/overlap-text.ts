type Overlap = { readonly host: string; readonly zones: readonly string[] };

const NAMED = 6;

/** One text for each order of zones that hosts are in, with the first of these hosts. */
export function groupOverlaps(overlaps: readonly Overlap[]): string[] {
  return [...Map.groupBy(overlaps, ({ zones }) => zones.join(' before '))].map(([order, hosts]) => {
    const names = hosts.slice(0, NAMED).map(({ host }) => host);
    return `${order}: ${names.join(', ')}${hosts.length > NAMED ? ` and ${hosts.length - NAMED} more` : ''}`;
  });
}
