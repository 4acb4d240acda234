import type { FakeConnection } from '../fakehost/fake-host-spec.ts';

/** A conversation that comes about `perHour` times an hour from `fromDay` on (days ago; more is earlier). */
export type SiteTraffic = FakeConnection & { perHour: number; fromDay: number };

const t = (from: string, to: string, port: number, who: string, perHour: number, more: Partial<SiteTraffic> = {}): SiteTraffic => {
  const [user = 'root', unit = 'user.slice'] = who.split('@@');
  return { from, to, protocol: 'tcp', port, user, unit, perHour, fromDay: 99, ...more };
};
const v6 = { family: 6 } as const;
const WEB = 'shop@@shop-web.service';
const API = 'shop@@shop-api.service';
const NGINX = 'www-data@@nginx.service';
const PROMETHEUS = 'prometheus@@prometheus.service';
const BACKUP = 'backup@@borgmatic.service';
const CI = 'gitlab@@gitlab-runner.service';
const CRM = 'crm@@crm-app.service';

/** What is monitored and what the backup reads: one conversation a host. */
const MONITORED = [
  'lb-1',
  'web-1',
  'web-2',
  'app-1',
  'app-2',
  'db-1',
  'db-2',
  'cache-1',
  'crm-web-1',
  'crm-app-1',
  'crm-db-1',
  'backup-1',
  'ci-1',
  'bastion-1',
];
const numbers = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);
/** Customers out on the internet (documentation networks, RFC 5737 and RFC 3849) and people in the office. */
const CUSTOMERS = [...numbers(180, 10).map((n) => `203.0.113.${n}`), ...numbers(200, 10).map((n) => `198.51.100.${n}`)];
const CUSTOMERS_V6 = numbers(60, 1).map((n) => `2001:db8:51:${(n % 3) + 1}::${n.toString(16)}`);
const OFFICE = numbers(45, 10).map((n) => `10.30.${(n % 4) + 4}.${n}`);

export const SITE_TRAFFIC: readonly SiteTraffic[] = [
  ...CUSTOMERS.map((client) => t(client, 'lb-1', 443, 'root', 0.12)),
  ...CUSTOMERS_V6.map((client) => t(client, 'lb-1', 443, 'root', 0.1, v6)),
  ...['web-1', 'web-2'].map((web) => t('lb-1', web, 8080, NGINX, 6)),
  ...['web-1', 'web-2'].flatMap((web) => ['app-1', 'app-2'].map((app) => t(web, app, 9000, WEB, 4))),
  t('web-1', 'app-1', 9000, WEB, 1, v6),
  ...['app-1', 'app-2'].flatMap((app) => [t(app, 'db-1', 5432, API, 4), t(app, 'cache-1', 6379, API, 5)]),
  t('app-1', 'db-1', 5432, API, 1, v6),
  t('db-2', 'db-1', 5432, 'postgres@@postgresql@15-main.service', 1),
  t('app-2', 'erp-legacy', 1521, API, 1),
  ...OFFICE.map((client) => t(client, 'crm-web-1', 443, 'root', 0.4)),
  ...OFFICE.slice(0, 20).map((client) => t(client, 'lb-1', 443, 'root', 0.1)),
  t('crm-web-1', 'crm-app-1', 8000, NGINX, 4),
  t('crm-app-1', 'crm-db-1', 5432, CRM, 3),
  ...MONITORED.map((name) => t('mon-1', name, 9100, PROMETHEUS, 1)),
  ...MONITORED.slice(0, 11).map((name) => t(name, 'mon-1', 514, 'syslog@@rsyslog.service', 1, { protocol: 'udp' })),
  ...['db-1', 'crm-db-1', 'app-1'].map((name) => t('backup-1', name, 22, BACKUP, 0.2)),
  t('backup-1', 'nas-1', 2049, BACKUP, 0.3),
  t('backup-1', 'nas-1', 2049, BACKUP, 0.1, v6),
  ...['web-1', 'web-2', 'app-1', 'app-2', 'crm-app-1'].map((name) => t('ci-1', name, 22, CI, 0.2)),
  ...['web-1', 'db-1', 'crm-db-1', 'ci-1'].map((name) => t('bastion-1', name, 22, 'ada@@user-1001.slice', 0.1)),
  // No rule yet, and nothing refuses it yet.
  t('bastion-1', 'mon-1', 9090, 'ada@@user-1001.slice', 0.2),
  t('mon-1', 'ci-1', 8443, PROMETHEUS, 0.5),
  t('ci-1', 'nas-1', 2049, CI, 0.3),
  t('dev-1', 'ci-1', 8443, 'dev@@user-1000.slice', 0.3),
  t('crm-app-1', 'erp-legacy', 1521, CRM, 0.4),
  // What nobody had on the list: these are what test and enforce find.
  t('crm-app-1', 'db-1', 5432, CRM, 0.3),
  t('ci-1', 'web-1', 8080, CI, 0.2),
  t('dev-1', 'db-1', 5432, 'dev@@user-1000.slice', 0.3),
  t('dev-1', 'cache-1', 6379, 'dev@@user-1000.slice', 0.1, { fromDay: 3 }),
  t('10.99.3.40', 'web-2', 22, 'root', 0.2, { fromDay: 4 }),
  t('10.99.3.40', 'db-1', 5432, 'root', 0.1, { fromDay: 4 }),
  t('203.0.113.199', 'lb-1', 22, 'root', 0.3),
  t('web-1', '198.51.100.240', 443, 'root@@apt-daily.service', 0.1),
  t('app-1', '192.0.2.53', 53, 'systemd-resolve@@systemd-resolved.service', 2, { protocol: 'udp' }),
  t('10.30.4.15', 'crm-db-1', 5432, 'root', 0.1),
];
