import type { Evidence } from '../evidence/evidence-tables.ts';

/** Connections from one group to another by verdict: the larger of what consumers and what providers reported, so that nothing counts twice. */
export type GroupTraffic = { readonly from: string; readonly to: string; readonly accepted: number; readonly wouldBlock: number; readonly blocked: number };

type Sums = { out: number; in: number };
const VERDICTS = ['accepted', 'would-block', 'blocked'] as const;

/** Zone by zone, apps together; most refused first, then most connections. IP lists stand for themselves. */
export function sumGroups({ sources }: Pick<Evidence, 'sources'>): GroupTraffic[] {
  const pairs = new Map<string, { from: string; to: string; sums: Map<string, Sums> }>();
  for (const { from, to, verdict, reported_out: out, reported_in: inward } of sources.traffic) {
    const key = JSON.stringify([from, to]);
    const pair = pairs.get(key) ?? { from, to, sums: new Map<string, Sums>() };
    const sum = pair.sums.get(verdict) ?? { out: 0, in: 0 };
    pair.sums.set(verdict, { out: sum.out + out, in: sum.in + inward });
    pairs.set(key, pair);
  }
  return [...pairs.values()]
    .map(({ from, to, sums }) => {
      const [accepted = 0, wouldBlock = 0, blocked = 0] = VERDICTS.map((verdict) => Math.max(sums.get(verdict)?.out ?? 0, sums.get(verdict)?.in ?? 0));
      return { from, to, accepted, wouldBlock, blocked };
    })
    .sort((a, b) => b.blocked + b.wouldBlock - (a.blocked + a.wouldBlock) || b.accepted - a.accepted || (a.from + a.to < b.from + b.to ? -1 : 1));
}

/** As people read a group. */
export function groupName(group: string): string {
  if (group === 'unzoned') return 'no zone';
  if (group === 'outside') return 'outside';
  return group.startsWith('iplist:') ? `list ${group.slice('iplist:'.length)}` : group.slice('zone:'.length);
}
