import type { MapHub } from '../../shared/contract/map-query.ts';
import type { MapEdge } from '../../shared/contract/views.ts';

/** Which hub an edge belongs to, and which of its ends is the hub. */
export type HubEdge = { readonly hub: string; readonly provider: 'source' | 'target' };
export type Hubs = { readonly list: readonly MapHub[]; readonly hubOf: (edge: MapEdge) => HubEdge | null };

/** Services that everybody uses and nobody wants to see as lines, by port. */
const KNOWN: readonly { readonly text: string; readonly services: readonly string[] }[] = [
  { text: 'DNS', services: ['udp/53', 'tcp/53', 'tcp/853'] },
  { text: 'NTP', services: ['udp/123', 'tcp/4460'] },
  { text: 'DHCP', services: ['udp/67', 'udp/68', 'udp/547'] },
  { text: 'Logs', services: ['udp/514', 'tcp/514', 'tcp/6514', 'tcp/5044'] },
  { text: 'Monitoring', services: ['tcp/9100', 'udp/161', 'udp/162', 'tcp/10050', 'tcp/10051', 'tcp/5666', 'tcp/4949', 'tcp/6556'] },
  { text: 'Backup', services: ['tcp/9101', 'tcp/9102', 'tcp/9103', 'tcp/1556', 'tcp/10080', 'tcp/8400', 'tcp/873'] },
];
const KNOWN_TEXT = new Map(KNOWN.flatMap(({ text, services }) => services.map((service) => [service, text] as const)));
/** So few clients of a known service are no hairball. */
const MIN_KNOWN_CLIENTS = 5;
/** One end that has so many on the other side of one service is a hub, whatever the service: this many, and this part of all hosts. */
const MIN_FAN = 20;
const MIN_FAN_PART = 0.4;

type Candidate = { readonly text: string; readonly hub: 'source' | 'target'; readonly clients: Set<string>; readonly edges: MapEdge[] };

/**
 * Noise hubs by service and by fan: a well-known service with five clients or more, or one end with twenty and two fifths of all hosts on the other side of one service.
 * What is refused, or would be, in either view is never part of a hub: it must be seen.
 */
export function findHubs(edges: readonly MapEdge[], hostCount: number, nameOf: (nodeId: string) => string): Hubs {
  const calm = edges.filter((edge) => !isPressing(edge));
  const fanMin = Math.max(MIN_FAN, hostCount * MIN_FAN_PART);
  const candidates = new Map<string, Candidate>();
  for (const edge of calm) {
    const service = `${edge.protocol}/${edge.port}`;
    const known = KNOWN_TEXT.get(service);
    if (known !== undefined) put(candidates, known, { text: known, hub: isProbe(known) ? 'source' : 'target' }, edge);
    else {
      put(candidates, `to ${edge.target} ${service}`, { text: `${service} to ${nameOf(edge.target)}`, hub: 'target' }, edge);
      put(candidates, `from ${edge.source} ${service}`, { text: `${service} from ${nameOf(edge.source)}`, hub: 'source' }, edge);
    }
  }
  const found = [...candidates].filter(([id, { clients }]) => clients.size >= (KNOWN.some(({ text }) => text === id) ? MIN_KNOWN_CLIENTS : fanMin));
  const byEdge = new Map<string, HubEdge>();
  for (const [id, { hub, edges: members }] of found) for (const edge of members) if (!byEdge.has(edge.id)) byEdge.set(edge.id, { hub: id, provider: hub });
  const list = found.map(([id, { text, clients, edges: members }]): MapHub => ({ id, text, clients: clients.size, connections: members.reduce((sum, edge) => sum + edge.connections, 0), isFolded: false }));
  return { list: list.toSorted((a, b) => b.clients - a.clients || (a.id < b.id ? -1 : 1)), hubOf: (edge) => byEdge.get(edge.id) ?? null };
}

const isPressing = ({ verdict, draft }: MapEdge): boolean => [verdict, draft].some((each) => each === 'blocked' || each === 'would-block');
/** Monitoring and backup servers mostly call those whom they look after. */
const isProbe = (text: string): boolean => text === 'Monitoring' || text === 'Backup';

function put(candidates: Map<string, Candidate>, id: string, { text, hub }: Pick<Candidate, 'text' | 'hub'>, edge: MapEdge): void {
  const candidate = candidates.get(id) ?? { text, hub, clients: new Set(), edges: [] };
  candidates.set(id, candidate);
  candidate.clients.add(hub === 'target' ? edge.source : edge.target);
  candidate.edges.push(edge);
}
