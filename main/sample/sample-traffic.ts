import { SAMPLE_HOSTS, SHADOW } from './sample-hosts.ts';

/** When something happens; see `sample-hours.ts`. */
export type Pattern = 'steady' | 'office-hours' | 'shopping' | 'nightly' | 'sunday-night' | 'now-and-then' | 'scan-night';

/** One kind of conversation, between host names or addresses. `user`, `unit` and `process` are of the consumer. */
export type Conversation = {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly by: Program;
  readonly pattern: Pattern;
  /** Connections in an hour in which it happens. */
  readonly perHour: number;
  /** Days before the end of the story; 99: all along. */
  readonly sinceDay: number;
};
type Program = { readonly user: string; readonly unit: string; readonly process: string };

const program = (process: string, user: string, unit: string): Program => ({ process, user, unit });
const NGINX = program('nginx', 'www-data', 'nginx.service');
const WEB = program('node', 'shop', 'shop-web.service');
const API = program('java', 'shop-api', 'shop-api.service');
const CRM = program('gunicorn', 'crm', 'crm.service');
const ERP = program('java', 'erp', 'erp.service');
const WMS = program('java', 'wms', 'wms.service');
const BACKUP = program('borg', 'backup', 'borgmatic.service');
const RUNNER = program('gitlab-runner', 'gitlab-runner', 'gitlab-runner.service');
const PROMETHEUS = program('prometheus', 'prometheus', 'prometheus.service');
const ADMIN = program('ssh', 'ada', 'user-1001.slice');
const DEVELOPER = program('psql', 'dev', 'user-1000.slice');
/** Of peers that are no hosts nothing is known. */
const NOBODY = program('', '', '');

const talk = (from: string, to: string, port: number, by: Program, pattern: Pattern, perHour: number, more: Partial<Conversation> = {}): Conversation => ({ from, to, protocol: 'tcp', port, by, pattern, perHour, sinceDay: 99, ...more });
const numbers = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);
const some = (name: string, count: number) => numbers(count, 1).map((n) => `${name}-${n}`);
const cross = (from: readonly string[], to: readonly string[]) => from.flatMap((a) => to.map((b) => [a, b] as const));

const CUSTOMERS = [...numbers(120, 10).map((n) => `203.0.113.${n}`), ...numbers(40, 1).map((n) => `2001:db8:51::${n.toString(16)}`)];
const OFFICE = numbers(30, 20).map((n) => `198.51.100.${n}`);
const SCANNED_PORTS = [21, 23, 80, 443, 445, 3389, 8080];
/** An address of the office net that no inventory has. */
export const SCANNER = '198.51.100.66';

const shop: readonly Conversation[] = [
  ...CUSTOMERS.map((client, i) => talk(client, `shop-lb-${(i % 2) + 1}`, 443, NOBODY, 'shopping', 3)),
  ...cross(some('shop-lb', 2), some('shop-web', 4)).map(([a, b]) => talk(a, b, 8080, NGINX, 'steady', 40)),
  ...cross(some('shop-web', 4), some('shop-app', 4)).map(([a, b]) => talk(a, b, 9000, WEB, 'steady', 25)),
  ...cross(some('shop-app', 4), ['shop-db-1', 'shop-cache-1', 'shop-cache-2']).map(([a, b]) => talk(a, b, b.startsWith('shop-db') ? 5432 : 6379, API, 'steady', 12)),
  ...cross(some('shop-app', 4), some('shop-search', 2)).map(([a, b]) => talk(a, b, 9200, API, 'steady', 8)),
  ...cross(some('shop-app', 4), some('shop-queue', 2)).map(([a, b]) => talk(a, b, 5672, API, 'steady', 3, { sinceDay: 3 })),
  talk('shop-db-2', 'shop-db-1', 5432, program('postgres', 'postgres', 'postgresql@16-main.service'), 'steady', 1),
  talk('shop-app-1', 'erp-app-1', 8443, API, 'nightly', 20),
  talk('shop-app-2', '203.0.113.200', 443, API, 'shopping', 6),
  talk('stage-web', 'stage-app', 9000, WEB, 'office-hours', 3),
  talk('stage-app', 'stage-db', 5432, API, 'office-hours', 3),
];

const others: readonly Conversation[] = [
  ...OFFICE.map((client, i) => talk(client, `crm-web-${(i % 2) + 1}`, 443, NOBODY, 'office-hours', 4)),
  ...cross(some('crm-web', 2), some('crm-app', 2)).map(([a, b]) => talk(a, b, 8000, NGINX, 'office-hours', 20)),
  ...some('crm-app', 2).map((a) => talk(a, 'crm-db-1', 5432, CRM, 'office-hours', 10)),
  talk('crm-db-2', 'crm-db-1', 5432, program('postgres', 'postgres', 'postgresql@16-main.service'), 'steady', 1),
  talk('crm-app-1', 'mail-mx-1', 25, CRM, 'office-hours', 2),
  ...OFFICE.slice(0, 14).map((client, i) => talk(client, `erp-app-${(i % 2) + 1}`, 8443, NOBODY, 'office-hours', 3)),
  ...some('erp-app', 2).map((a) => talk(a, 'erp-db', 1521, ERP, 'office-hours', 15)),
  talk('erp-report', 'erp-db', 1521, program('java', 'reports', 'reports.service'), 'nightly', 4),
  ...some('wms-app', 2).map((a) => talk(a, 'wms-db', 3306, WMS, 'steady', 6)),
  ...cross(some('wms-gate', 2), some('wms-app', 2)).map(([a, b]) => talk(a, b, 8090, program('mosquitto', 'mosquitto', 'mosquitto.service'), 'steady', 30)),
  ...numbers(12, 150).map((n, i) => talk(`198.51.100.${n}`, `wms-gate-${(i % 2) + 1}`, 1883, NOBODY, 'steady', 2)),
  talk('wms-app-1', 'erp-app-2', 8443, WMS, 'steady', 4),
  ...numbers(20, 220).map((n, i) => talk(`203.0.113.${n}`, `mail-mx-${(i % 2) + 1}`, 25, NOBODY, 'now-and-then', 2)),
  ...some('mail-mx', 2).map((a) => talk(a, 'mail-imap', 24, program('lmtp', 'postfix', 'postfix.service'), 'steady', 6)),
  ...OFFICE.slice(4, 26).map((client) => talk(client, 'mail-imap', 993, NOBODY, 'office-hours', 3)),
  ...OFFICE.slice(8, 30).map((client) => talk(client, 'intra-web', 443, NOBODY, 'office-hours', 2)),
  talk('intra-web', 'intra-db', 5432, NGINX, 'office-hours', 9),
  ...some('dev', 3).map((a) => talk(a, 'git', 443, program('git', 'dev', 'user-1000.slice'), 'office-hours', 4)),
  ...some('runner', 2).flatMap((a) => [talk(a, 'git', 443, RUNNER, 'office-hours', 12), talk(a, 'registry', 5000, RUNNER, 'office-hours', 4), talk(a, 'stage-web', 22, RUNNER, 'office-hours', 1)]),
  ...cross(['runner-1'], [...some('shop-web', 4), ...some('shop-app', 4)]).map(([a, b]) => talk(a, b, 22, RUNNER, 'now-and-then', 1)),
];

const core: readonly Conversation[] = SAMPLE_HOSTS.filter(({ kind }) => kind === 'agent').flatMap(({ name, labels }, i) => [
  ...(labels.role === 'dns' ? [] : [talk(name, `dns-${(i % 2) + 1}`, 53, program('systemd-resolve', 'systemd-resolve', 'systemd-resolved.service'), 'steady', 9, { protocol: 'udp' }), talk(name, `dns-${((i + 1) % 2) + 1}`, 123, program('chronyd', '_chrony', 'chrony.service'), 'steady', 1, { protocol: 'udp' })]),
  ...(name === 'mon' ? [] : [talk('mon', name, 9100, PROMETHEUS, 'steady', 4)]),
  ...(name === 'log' ? [] : [talk(name, 'log', 6514, program('rsyslogd', 'root', 'rsyslog.service'), 'steady', 1)]),
  ...(labels.env === 'prod' && i % 4 === 0 ? [talk('bastion', name, 22, ADMIN, 'now-and-then', 1)] : []),
  ...(['web', 'app'].includes(labels.role ?? '') && labels.app !== 'shop' ? [talk(name, 'ldap-1', 636, program('sssd', 'root', 'sssd.service'), 'office-hours', 2)] : []),
]);

/** What nobody had on the list: what the admin is to find. */
const surprises: readonly Conversation[] = [
  ...['shop-db-1', 'crm-db-1', 'wms-db', 'intra-db', 'mail-imap', 'git'].map((name) => talk('backup', name, 22, BACKUP, 'sunday-night', 6)),
  talk('backup', 'nas', 2049, BACKUP, 'sunday-night', 12),
  ...OFFICE.slice(3, 12).map((client) => talk(client, SHADOW.host, SHADOW.service.port, NOBODY, 'office-hours', 2, { sinceDay: 19 })),
  talk(SHADOW.host, '203.0.113.250', 443, program('filebrowser', SHADOW.service.user, SHADOW.service.unit), 'nightly', 3, { sinceDay: 19 }),
  ...cross([SCANNER], SAMPLE_HOSTS.filter((_, i) => i % 2 === 0).map(({ name }) => name)).flatMap(([a, b]) => SCANNED_PORTS.map((port) => talk(a, b, port, NOBODY, 'scan-night', 1))),
  talk('crm-app-2', 'shop-db-1', 5432, CRM, 'nightly', 2),
  talk('dev-1', 'shop-db-1', 5432, DEVELOPER, 'now-and-then', 1),
  talk('dev-2', 'crm-db-1', 5432, DEVELOPER, 'now-and-then', 1),
  talk('runner-2', 'shop-cache-1', 6379, RUNNER, 'now-and-then', 1),
];

export const SAMPLE_TRAFFIC: readonly Conversation[] = [...shop, ...others, ...core, ...surprises];
