import type { ImportGraph } from './import-graph.ts';

/**
 * Groups of files that import each other round in a circle (strongly connected components of two and more, and files that
 * import themselves). Sorted within and among themselves. Source: Tarjan 1972; iterative, because a long chain must not end the stack.
 */
export function findCycles(graph: ImportGraph): string[][] {
  const next = (path: string) => (graph.get(path) ?? []).flatMap((found) => (found.path !== null && graph.has(found.path) ? [found.path] : []));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const cycles: string[][] = [];

  const enter = (path: string) => {
    index.set(path, index.size);
    low.set(path, index.size - 1);
    open.push(path);
    isOpen.add(path);
    return { path, targets: next(path), at: 0 };
  };
  const lower = (path: string, value: number) => low.set(path, Math.min(low.get(path) ?? value, value));
  const leave = (path: string) => {
    if (low.get(path) !== index.get(path)) return;
    const group = open.splice(open.indexOf(path));
    for (const member of group) isOpen.delete(member);
    if (group.length > 1 || next(path).includes(path)) cycles.push(group.sort());
  };

  for (const start of graph.keys()) {
    if (index.has(start)) continue;
    const frames = [enter(start)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const target = frame.targets[frame.at++];
      if (target === undefined) {
        leave(frame.path);
        frames.pop();
        const parent = frames.at(-1);
        if (parent !== undefined) lower(parent.path, low.get(frame.path) ?? 0);
      } else if (!index.has(target)) frames.push(enter(target));
      else if (isOpen.has(target)) lower(frame.path, index.get(target) ?? 0);
    }
  }
  return cycles.sort((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''));
}
