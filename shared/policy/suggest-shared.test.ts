import { expect, it } from 'vitest';
import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceRefs } from '../text/service-text.ts';
import { SHARED_SERVICES } from './shared-services.ts';
import { suggestRules } from './suggest.ts';
import type { SuggestOptions } from './suggest-options.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, aPolicy, aZone } from './testing/builders.ts';

const HOSTS = [
  aHost({ n: 1, labels: 'app=ops,role=dns,env=prod' }),
  aHost({ n: 2, labels: 'app=ops,role=mon,env=prod' }),
  aHost({ n: 3, labels: 'app=shop,role=web,env=prod' }),
  aHost({ n: 4, labels: 'app=shop,role=db,env=prod' }),
  aHost({ n: 5, labels: 'app=crm,role=web,env=prod' }),
  aHost({ n: 6, labels: 'app=crm,role=db,env=prod' }),
  aHost({ n: 7 }),
];
const [DNS, MON, SHOP_WEB, SHOP_DB, CRM_WEB, CRM_DB, BARE] = HOSTS;
const at = (host: FleetHost | undefined): FleetHost => host ?? aHost();
const flow = (from: FleetHost | undefined, to: FleetHost | undefined, service: string, input: Partial<Flow> = {}): Flow => {
  const [protocol = '', port] = service.split('/');
  const [consumer, provider] = [at(from), at(to)];
  return aFlow({ reporter: provider.id, reporterName: provider.name, peerAddress: consumer.addresses[0] ?? '', peerName: consumer.name, protocol, port: Number(port), ...input });
};
const suggest = (flows: Flow[], more: Partial<SuggestOptions> = {}) =>
  suggestRules(flows, aPolicy({ zones: [aZone({ select: 'nobody!=x', mode: 'observe' })] }), HOSTS, { nowMs: Date.UTC(2026, 0, 15), zone: null, ...more }).suggestions.map(
    ({ rule, recognised, neverSeen }) => `${printPeer(rule.from)} → ${printPeer(rule.to)} ${printServiceRefs(rule.services)} never ${neverSeen}${recognised === null ? '' : `; ${recognised.kind}, ${recognised.why}`}`,
  );
const EVERYBODY = [SHOP_WEB, SHOP_DB, CRM_WEB, CRM_DB];

it('DNS that several apps use is one rule for all its protocols, with the roles that use it', () => {
  const flows = [...EVERYBODY.map((host) => flow(host, DNS, 'udp/53')), flow(CRM_DB, DNS, 'tcp/53')];
  expect(suggest(flows)).toEqual(['app=crm|shop,role=db|web,env=prod → app=ops,role=dns,env=prod tcp/53,udp/53 never 3; DNS, DNS: 4 hosts of 2 apps use 1 provider on tcp/53, udp/53']);
});

it('the same port among the hosts of one app and its own is no shared service', () => {
  expect(suggest([flow(SHOP_WEB, DNS, 'udp/53'), flow(SHOP_DB, DNS, 'udp/53'), flow(MON, DNS, 'udp/53')])).toEqual([
    'app=shop,role=db|web,env=prod → app=ops,role=dns,env=prod udp/53 never 0',
    'app=ops,role=mon,env=prod → app=ops,role=dns,env=prod udp/53 never 0',
  ]);
});

it('the same shape on a port of nobody in particular is no shared service', () => {
  expect(suggest(EVERYBODY.map((host) => flow(host, DNS, 'tcp/8443'))).join()).not.toContain(';');
});

it('a monitoring host that scrapes several apps is recognised by fanning out, one that is asked by several is not', () => {
  expect(suggest(EVERYBODY.map((host) => flow(MON, host, 'tcp/9100')))).toEqual([
    'app=ops,role=mon,env=prod → app=crm|shop,role=db|web,env=prod tcp/9100 never 0; monitoring, node exporter: 1 consumer asks 4 hosts of 2 apps on tcp/9100',
  ]);
  expect(suggest(EVERYBODY.map((host) => flow(host, MON, 'tcp/9100'))).join()).not.toContain(';');
});

it('an exporter that only databases have is not opened for everybody that is monitored', () => {
  const flows = [...EVERYBODY.map((host) => flow(MON, host, 'tcp/9100')), flow(MON, SHOP_DB, 'tcp/9187'), flow(MON, CRM_DB, 'tcp/9187')];
  expect(suggest(flows)[1]).toContain('app=crm|shop,role=db,env=prod tcp/9187 never 0; monitoring');
});

it('hosts without labels use it by their own name, and so does everybody under the width of apps by the app', () => {
  const flows = [...EVERYBODY, BARE].map((host) => flow(host, DNS, 'udp/123'));
  expect(suggest(flows).map((text) => text.split(' never')[0])).toEqual([
    'app=crm|shop,role=db|web,env=prod → app=ops,role=dns,env=prod udp/123',
    'host:h7 → app=ops,role=dns,env=prod udp/123',
  ]);
  expect(suggest(flows, { maxWidth: 'app' })[0]).toContain('app=crm|shop,env=prod → app=ops,role=dns,env=prod udp/123');
});

it('a port belongs to one shared service, so that no conversation is proposed twice', () => {
  const ports = SHARED_SERVICES.flatMap((service) => service.ports.map(({ protocol, port }) => `${protocol}/${port}`));
  expect(new Set(ports).size).toBe(ports.length);
  expect(new Set(SHARED_SERVICES.map(({ kind }) => kind))).toEqual(new Set(['DNS', 'NTP', 'directory', 'log shipping', 'monitoring', 'backup']));
});
