/** Ports from `from` to `to`, both included. */
export type PortRange = { readonly from: number; readonly to: number };

/** Sorted, disjoint, not adjacent. May be empty, which is no port at all. */
export type PortSet = readonly PortRange[];

export const LAST_PORT = 65_535;

export function toPortSet(ranges: Iterable<PortRange>): PortSet {
  const merged: { from: number; to: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const before = merged.at(-1);
    if (before && range.from <= before.to + 1) before.to = Math.max(before.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

export const isAllPorts = ([first, ...rest]: PortSet): boolean => rest.length === 0 && first?.from === 0 && first.to === LAST_PORT;

export const printPortRange = (range: PortRange): string => (range.from === range.to ? String(range.from) : `${range.from}-${range.to}`);
