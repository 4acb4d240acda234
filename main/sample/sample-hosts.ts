/** A program that listens on a sample host. */
export type SampleService = { readonly protocol: 'tcp' | 'udp'; readonly port: number; readonly process: string; readonly user: string; readonly unit: string };

/** `kind`: with the agent, reached over SSH but without it, or an appliance that cannot have one. */
export type SampleHost = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In 192.0.2.0/24 and 2001:db8:a::/64, which are documentation (RFC 5737, RFC 3849): nobody's, anywhere. */
  readonly addresses: readonly string[];
  readonly services: readonly SampleService[];
  readonly kind: 'agent' | 'no-agent' | 'unmanaged';
  readonly note: string;
};

const on = (port: number, process: string, user: string, unit: string, protocol: 'tcp' | 'udp' = 'tcp'): SampleService => ({ protocol, port, process, user, unit });
const SSHD = on(22, 'sshd', 'root', 'ssh.service');
const EXPORTER = on(9100, 'node_exporter', 'prometheus', 'node-exporter.service');
const NGINX = [on(80, 'nginx', 'www-data', 'nginx.service'), on(443, 'nginx', 'www-data', 'nginx.service')];
const POSTGRES = [on(5432, 'postgres', 'postgres', 'postgresql@16-main.service')];
const java = (port: number, unit: string): SampleService[] => [on(port, 'java', unit.split('.')[0] ?? 'app', unit)];

type Group = { readonly name: string; readonly count: number; readonly app: string; readonly role: string; readonly env?: string; readonly services: readonly SampleService[]; readonly kind?: SampleHost['kind']; readonly note?: string };

/** `count` hosts each, numbered when there are several. */
const GROUPS: readonly Group[] = [
  { name: 'shop-lb', count: 2, app: 'shop', role: 'lb', services: NGINX },
  { name: 'shop-web', count: 4, app: 'shop', role: 'web', services: [on(8080, 'node', 'shop', 'shop-web.service')] },
  { name: 'shop-app', count: 4, app: 'shop', role: 'app', services: java(9000, 'shop-api.service') },
  { name: 'shop-db', count: 2, app: 'shop', role: 'db', services: POSTGRES },
  { name: 'shop-cache', count: 2, app: 'shop', role: 'cache', services: [on(6379, 'redis-server', 'redis', 'redis-server.service')] },
  { name: 'shop-queue', count: 2, app: 'shop', role: 'queue', services: [on(5672, 'beam.smp', 'rabbitmq', 'rabbitmq-server.service')] },
  { name: 'shop-search', count: 2, app: 'shop', role: 'search', services: java(9200, 'opensearch.service') },
  { name: 'stage-web', count: 1, app: 'shop', role: 'web', env: 'stage', services: [on(8080, 'node', 'shop', 'shop-web.service')] },
  { name: 'stage-app', count: 1, app: 'shop', role: 'app', env: 'stage', services: java(9000, 'shop-api.service') },
  { name: 'stage-db', count: 1, app: 'shop', role: 'db', env: 'stage', services: POSTGRES },
  { name: 'crm-web', count: 2, app: 'crm', role: 'web', services: NGINX },
  { name: 'crm-app', count: 2, app: 'crm', role: 'app', services: [on(8000, 'gunicorn', 'crm', 'crm.service')] },
  { name: 'crm-db', count: 2, app: 'crm', role: 'db', services: POSTGRES },
  { name: 'erp-app', count: 2, app: 'erp', role: 'app', services: java(8443, 'erp.service') },
  { name: 'erp-db', count: 1, app: 'erp', role: 'db', services: [on(1521, 'oracle', 'oracle', 'oracle.service')], kind: 'unmanaged', note: 'appliance of the vendor; no agent can be installed' },
  { name: 'erp-report', count: 1, app: 'erp', role: 'report', services: java(8080, 'reports.service'), kind: 'no-agent', note: 'maintenance window pending' },
  { name: 'wms-app', count: 2, app: 'wms', role: 'app', services: java(8090, 'wms.service') },
  { name: 'wms-db', count: 1, app: 'wms', role: 'db', services: [on(3306, 'mariadbd', 'mysql', 'mariadb.service')] },
  { name: 'wms-gate', count: 2, app: 'wms', role: 'gateway', services: [on(1883, 'mosquitto', 'mosquitto', 'mosquitto.service')] },
  { name: 'mail-mx', count: 2, app: 'mail', role: 'mx', services: [on(25, 'master', 'postfix', 'postfix.service')] },
  { name: 'mail-imap', count: 1, app: 'mail', role: 'imap', services: [on(993, 'dovecot', 'dovecot', 'dovecot.service'), on(24, 'dovecot', 'dovecot', 'dovecot.service')] },
  { name: 'intra-web', count: 1, app: 'intranet', role: 'web', services: NGINX },
  { name: 'intra-db', count: 1, app: 'intranet', role: 'db', services: POSTGRES },
  { name: 'git', count: 1, app: 'ci', role: 'git', services: [...NGINX] },
  { name: 'runner', count: 2, app: 'ci', role: 'runner', services: [] },
  { name: 'registry', count: 1, app: 'ci', role: 'registry', services: [on(5000, 'registry', 'registry', 'registry.service')] },
  { name: 'dns', count: 2, app: 'core', role: 'dns', services: [on(53, 'unbound', 'unbound', 'unbound.service', 'udp'), on(53, 'unbound', 'unbound', 'unbound.service'), on(123, 'chronyd', '_chrony', 'chrony.service', 'udp')] },
  { name: 'ldap', count: 2, app: 'core', role: 'ldap', services: [on(636, 'slapd', 'openldap', 'slapd.service')] },
  { name: 'mon', count: 1, app: 'core', role: 'monitoring', services: [on(9090, 'prometheus', 'prometheus', 'prometheus.service'), on(3000, 'grafana', 'grafana', 'grafana-server.service')] },
  { name: 'log', count: 1, app: 'core', role: 'log', services: [on(6514, 'rsyslogd', 'root', 'rsyslog.service')] },
  { name: 'backup', count: 1, app: 'core', role: 'backup', services: [] },
  { name: 'bastion', count: 1, app: 'core', role: 'bastion', services: [] },
  { name: 'nas', count: 1, app: 'core', role: 'storage', services: [on(2049, 'nfsd', 'root', '')], kind: 'unmanaged', note: 'storage appliance' },
  { name: 'dev', count: 3, app: 'dev', role: 'workstation', env: 'dev', services: [] },
];

/** What an employee of the warehouse set up on a Saturday, and nobody else knows of: the shadow service of the story. */
export const SHADOW = { host: 'wms-app-2', service: on(8081, 'filebrowser', 'jmeyer', 'user-1004.slice') } as const;

export const SAMPLE_HOSTS: readonly SampleHost[] = GROUPS.flatMap((group) => Array.from({ length: group.count }, (_, i) => ({ group, name: group.count === 1 ? group.name : `${group.name}-${i + 1}` }))).map(
  ({ group, name }, index): SampleHost => ({
    name,
    labels: { app: group.app, role: group.role, env: group.env ?? 'prod', loc: group.app === 'wms' ? 'warehouse' : 'dc1' },
    addresses: [`192.0.2.${index + 11}`, `2001:db8:a::${(index + 11).toString(16)}`],
    services: [...(group.kind === 'unmanaged' ? [] : [SSHD, EXPORTER]), ...group.services, ...(name === SHADOW.host ? [SHADOW.service] : [])],
    kind: group.kind ?? 'agent',
    note: group.note ?? '',
  }),
);

/** @throws for a name that the sample does not have: a mistake in its own tables */
export function getSampleHost(name: string): SampleHost {
  const host = SAMPLE_HOSTS.find((each) => each.name === name);
  if (host === undefined) throw new Error(`the sample has no host ${name}`);
  return host;
}
