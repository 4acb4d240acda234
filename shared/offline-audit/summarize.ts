import { z } from 'zod';
import { type HostAudit, OFFLINE_CODES, type OfflineAudit, type OfflineCode, type OfflineFinding } from './offline-audit.ts';

/** Findings of one kind about the same thing on several hosts. `sentence`: the first one's. */
export type FindingGroup = { readonly code: OfflineCode; readonly subject: string; readonly hosts: readonly string[]; readonly connections: number; readonly sentence: string; readonly first: OfflineFinding };

/** Most hosts first within a code, then as they come. */
export function groupFindings(findings: readonly OfflineFinding[]): FindingGroup[] {
  const groups = new Map<string, { first: OfflineFinding; hosts: string[]; connections: number }>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.subject}`;
    const group = groups.get(key) ?? { first: finding, hosts: [], connections: 0 };
    if (finding.host !== '') group.hosts.push(finding.host);
    group.connections += finding.connections;
    groups.set(key, group);
  }
  const order = new Map(OFFLINE_CODES.map((code, place) => [code, place]));
  return [...groups.values()]
    .map(({ first, hosts, connections }) => ({ code: first.code, subject: first.subject, hosts, connections, sentence: first.sentence, first }))
    .sort((a, b) => (order.get(a.code) ?? 0) - (order.get(b.code) ?? 0) || b.hosts.length - a.hosts.length || b.connections - a.connections);
}

export const OfflineFigures = z.strictObject({
  hosts: z.number().int(),
  hostsWithRules: z.number().int(),
  /** Known by a bundle that nobody signed. */
  unsignedHosts: z.number().int(),
  files: z.number().int(),
  rules: z.number().int(),
  exactRules: z.number().int(),
  admitted: z.number().int(),
  openToAll: z.number().int(),
  /** What listens, on other addresses than loopback. */
  listening: z.number().int(),
  blindSpots: z.number().int(),
  flows: z.number().int(),
  flowsToHosts: z.number().int(),
  connections: z.number().int(),
});
export type OfflineFigures = z.infer<typeof OfflineFigures>;

/** A blind spot on several hosts: the same reason at the same text. `first`: file and line of the first one. */
export type BlindGroup = { readonly text: string; readonly reason: string; readonly first: string; readonly hosts: readonly string[] };

/** Most hosts first. */
export function groupBlindSpots(hosts: readonly HostAudit[]): BlindGroup[] {
  const spots = new Map<string, { text: string; reason: string; first: string; hosts: Set<string> }>();
  for (const host of hosts) {
    for (const { path, line, text, reason } of host.blindSpots) {
      const key = `${reason} ${text}`;
      const spot = spots.get(key) ?? { text, reason, first: `${path}:${line}`, hosts: new Set<string>() };
      spot.hosts.add(host.name);
      spots.set(key, spot);
    }
  }
  return [...spots.values()].map((spot) => ({ ...spot, hosts: [...spot.hosts] })).sort((a, b) => b.hosts.length - a.hosts.length);
}

export function sumAudit({ hosts, flows, flowsToHosts }: OfflineAudit): OfflineFigures {
  const sum = (of: (host: HostAudit) => number) => hosts.reduce((total, host) => total + of(host), 0);
  return {
    hosts: hosts.length,
    hostsWithRules: hosts.filter(({ files }) => files.length > 0).length,
    unsignedHosts: hosts.filter(({ origin }) => origin?.isSigned === false).length,
    files: sum(({ files }) => files.length),
    rules: sum(({ files }) => files.reduce((total, { rules }) => total + rules, 0)),
    exactRules: sum(({ files }) => files.reduce((total, { exactRules }) => total + exactRules, 0)),
    admitted: sum(({ admits }) => admits?.length ?? 0),
    openToAll: sum(({ admits }) => admits?.filter(({ isWorld, isSure }) => isWorld && isSure).length ?? 0),
    listening: sum(({ listening }) => listening?.filter(({ reach }) => reach !== 'local').length ?? 0),
    blindSpots: sum(({ blindSpots, moreBlindSpots }) => blindSpots.length + moreBlindSpots),
    flows,
    flowsToHosts,
    connections: sum(({ connections }) => connections),
  };
}
