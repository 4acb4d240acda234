import { MapView } from '../../../shared/contract/views.ts';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';
import { bundleEdges, zoneNodeId } from './bundle-edges.ts';
import { buildMapModel, type MapModel } from './map-model.ts';

/** Sites for tests of the picture. Nodes: zone (or -), kind, names. Edges: caller, service, verdict, called. */
export type SmallSite = { readonly zones: Readonly<Record<string, string>>; readonly nodes: string; readonly edges: string };

const words = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));

/** The picture's model of a site, with bundles, of the edges with these verdicts. */
export function modelOf(site: SmallSite, verdicts: readonly (typeof EDGE_ORDER)[number][] = EDGE_ORDER): MapModel {
  const nodes = words(site.nodes).flatMap(([zone, kind, ...names]) =>
    names.map((label) => ({
      ...{ id: `${kind}:${label}`, label, zone: zone === '-' ? null : zone, host: null, kind, mode: null, x: null, y: null, keptX: null, keptY: null },
      ...{ parent: zone === '-' ? null : zoneNodeId(zone ?? ''), count: 1, names: [label], labels: {}, badges: [] },
    })),
  );
  const idOf = new Map(nodes.map((node) => [node.label, node.id]));
  const edges = words(site.edges).flatMap(([from = '', service = '', verdict, ...targets]) =>
    targets.map((to) => {
      const [protocol, port] = service.split('/');
      const ends = { id: `${from} ${to} ${service}`, source: idOf.get(from), target: idOf.get(to) };
      return { ...ends, protocol, port: Number(port), verdict, draft: verdict, pairs: 1, differing: 0, connections: 1, users: [], units: [], processes: [], sources: [], firstSeenAtMs: 0, lastSeenAtMs: 0 };
    }),
  );
  const zones = Object.entries(site.zones).map(([name, mode]) => ({ name, mode, hosts: 1 }));
  const groups = zones.map(({ name }) => ({ id: zoneNodeId(name), kind: 'zone', label: name, zone: name, hosts: 1, parent: null, x: null, y: null, keptX: null, keptY: null }));
  const shown = edges.filter((edge) => verdicts.some((verdict) => verdict === edge.verdict));
  const totals = { hosts: nodes.length, conversations: edges.length, shown: shown.length };
  const view = MapView.parse({ level: 'host', picture: 'hosts', totals, zones, groups, nodes, edges: shown, hubs: [], lost: [] });
  return bundleEdges(buildMapModel(view, 'live'));
}

/** The two-tier shop of `npm run demo`, enforced. */
export const DEMO_SITE: SmallSite = {
  zones: { 'shop-edge': 'enforce', 'shop-web': 'enforce', 'shop-data': 'enforce', 'shop-ops': 'enforce' },
  nodes: `
    shop-data host cache1 db1
    shop-edge host lb1
    shop-ops host ops1
    shop-web host web1 web2
    - external 10.213.2.0/24
  `,
  edges: `
    ops1 tcp/80 allowed lb1
    ops1 tcp/6379 allowed cache1
    ops1 tcp/8080 allowed web2 web1
    ops1 tcp/5432 allowed db1
    lb1 tcp/8080 allowed web2 web1
    10.213.2.0/24 tcp/80 allowed lb1
    web2 tcp/6379 allowed cache1
    web2 tcp/5432 allowed db1
    web1 tcp/6379 allowed cache1
    web1 tcp/5432 allowed db1
    cache1 tcp/5432 blocked db1
    lb1 tcp/6379 blocked cache1
  `,
};

/** The site that e2e/seed makes. */
export const SEED_SITE: SmallSite = {
  zones: { 'shop-data': 'enforce', 'shop-front': 'test', crm: 'test', ops: 'observe' },
  nodes: `
    shop-front host app-1 app-2 lb-1 queue-1 web-1 web-2
    ops host backup-1 bastion-1 ci-1 mon-1
    shop-data host cache-1 db-1 db-2
    crm host crm-app-1 crm-db-1 crm-web-1
    - host dev-1
    - unmanaged erp-legacy
    ops unmanaged nas-1
    - external 10.99.3.0/24 198.51.100.0/24 2001:db8:51:1::/64 2001:db8:51:2::/64 2001:db8:51:3::/64 203.0.113.0/24 office package-mirrors resolvers
  `,
  edges: `
    203.0.113.0/24 tcp/443 allowed lb-1
    198.51.100.0/24 tcp/443 allowed lb-1
    db-2 udp/514 allowed mon-1
    db-2 tcp/5432 allowed db-1
    mon-1 tcp/9100 allowed db-2 db-1 cache-1 web-1 bastion-1 ci-1 backup-1 crm-db-1 crm-app-1 crm-web-1 app-1 lb-1 web-2 app-2
    db-1 udp/514 allowed mon-1
    app-1 tcp/5432 allowed db-1
    bastion-1 tcp/22 allowed db-1 crm-db-1 web-1 ci-1
    app-2 tcp/5432 allowed db-1
    cache-1 udp/514 allowed mon-1
    app-2 tcp/6379 allowed cache-1
    app-1 tcp/6379 allowed cache-1
    web-2 udp/514 allowed mon-1
    web-2 tcp/9000 allowed app-2 app-1
    lb-1 tcp/8080 allowed web-2 web-1
    ci-1 tcp/22 allowed web-1 crm-app-1 app-1 web-2 app-2
    web-1 tcp/9000 allowed app-1 app-2
    web-1 udp/514 allowed mon-1
    crm-db-1 udp/514 allowed mon-1
    crm-app-1 udp/514 allowed mon-1
    crm-web-1 udp/514 allowed mon-1
    app-2 udp/514 allowed mon-1
    app-1 udp/514 allowed mon-1
    lb-1 udp/514 allowed mon-1
    2001:db8:51:1::/64 tcp/443 allowed lb-1
    2001:db8:51:2::/64 tcp/443 allowed lb-1
    crm-web-1 tcp/8000 allowed crm-app-1
    office tcp/443 allowed crm-web-1 lb-1
    backup-1 tcp/2049 allowed nas-1
    app-2 tcp/1521 allowed erp-legacy
    app-1 udp/53 allowed resolvers
    crm-app-1 tcp/5432 allowed crm-db-1
    2001:db8:51:3::/64 tcp/443 allowed lb-1
    crm-app-1 tcp/5432 blocked db-1
    dev-1 tcp/5432 blocked db-1
    ci-1 tcp/8080 allowed web-1
    dev-1 tcp/8443 no-rule ci-1
    office tcp/5432 allowed crm-db-1
    crm-app-1 tcp/1521 no-rule erp-legacy
    10.99.3.0/24 tcp/5432 blocked db-1
    backup-1 tcp/22 allowed db-1 app-1 crm-db-1
    dev-1 tcp/6379 blocked cache-1
    web-1 tcp/443 allowed package-mirrors
    203.0.113.0/24 tcp/22 would-block lb-1
    ci-1 tcp/2049 no-rule nas-1
    mon-1 tcp/8443 no-rule ci-1
    bastion-1 tcp/9090 no-rule mon-1
    10.99.3.0/24 tcp/22 would-block web-2
  `,
};
