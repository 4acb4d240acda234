import type { FakeService } from '../fakehost/fake-host-spec.ts';

/** A host of the seeded site. `agent` false: known, but nothing is installed on it yet; `ssh` false: unmanaged. */
export type SiteHost = {
  name: string;
  labels: Record<string, string>;
  addresses: string[];
  listens: FakeService[];
  ssh: boolean;
  agent: boolean;
  note: string;
};

const service = (port: number, process: string, user: string, unit: string, protocol: 'tcp' | 'udp' = 'tcp'): FakeService => ({
  protocol,
  port,
  process,
  user,
  unit,
});
const NGINX = [service(80, 'nginx', 'www-data', 'nginx.service'), service(443, 'nginx', 'www-data', 'nginx.service')];
const POSTGRES = [service(5432, 'postgres', 'postgres', 'postgresql@15-main.service')];
const NODE_EXPORTER = service(9100, 'node_exporter', 'prometheus', 'node-exporter.service');
const SSHD = service(22, 'sshd', 'root', 'ssh.service');

function host(number: number, name: string, labels: string, listens: FakeService[], more: Partial<SiteHost> = {}): SiteHost {
  const pairs = labels.split(' ').map((pair) => pair.split('='));
  return {
    name,
    labels: Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value])),
    addresses: [`10.20.1.${number}`, `fd00:20:1::${number.toString(16)}`],
    listens: [SSHD, NODE_EXPORTER, ...listens],
    ssh: true,
    agent: true,
    note: '',
    ...more,
  };
}

/** Three applications (shop, crm, ops), a development host, a host without an agent and two that cannot have one. */
export const SITE_HOSTS: readonly SiteHost[] = [
  host(10, 'lb-1', 'role=lb app=shop env=prod loc=fra', [...NGINX]),
  host(11, 'web-1', 'role=web app=shop env=prod loc=fra', [service(8080, 'shop-web', 'shop', 'shop-web.service')]),
  host(12, 'web-2', 'role=web app=shop env=prod loc=ber', [service(8080, 'shop-web', 'shop', 'shop-web.service')]),
  host(21, 'app-1', 'role=app app=shop env=prod loc=fra', [service(9000, 'shop-api', 'shop', 'shop-api.service')]),
  host(22, 'app-2', 'role=app app=shop env=prod loc=ber', [service(9000, 'shop-api', 'shop', 'shop-api.service')]),
  host(31, 'db-1', 'role=db app=shop env=prod loc=fra', [...POSTGRES]),
  host(32, 'db-2', 'role=db app=shop env=prod loc=ber', [...POSTGRES], { note: 'streaming replica of db-1' }),
  host(33, 'cache-1', 'role=cache app=shop env=prod loc=fra', [service(6379, 'redis-server', 'redis', 'redis-server.service')]),
  host(41, 'crm-web-1', 'role=web app=crm env=prod loc=fra', [...NGINX]),
  host(42, 'crm-app-1', 'role=app app=crm env=prod loc=fra', [service(8000, 'gunicorn', 'crm', 'crm-app.service')]),
  host(43, 'crm-db-1', 'role=db app=crm env=prod loc=fra', [...POSTGRES]),
  host(51, 'mon-1', 'role=monitoring app=ops env=prod loc=fra', [
    service(9090, 'prometheus', 'prometheus', 'prometheus.service'),
    service(514, 'rsyslogd', 'syslog', 'rsyslog.service', 'udp'),
  ]),
  host(52, 'backup-1', 'role=backup app=ops env=prod loc=ber', []),
  host(53, 'ci-1', 'role=ci app=ops env=prod loc=fra', [service(8443, 'gitlab-runner', 'gitlab', 'gitlab-runner.service')]),
  host(54, 'bastion-1', 'role=bastion app=ops env=prod loc=fra', []),
  host(61, 'dev-1', 'role=app app=shop env=dev loc=fra', [service(9000, 'shop-api', 'dev', 'user@1000.service')]),
  host(62, 'queue-1', 'role=queue app=shop env=prod loc=fra', [], {
    agent: false,
    addresses: ['10.20.1.62'],
    note: 'delivered on Friday, agent not installed yet',
  }),
  host(90, 'erp-legacy', 'role=erp app=erp env=prod loc=fra', [], { ssh: false, agent: false, addresses: ['10.20.9.10'], note: 'AIX, vendor support only' }),
  host(91, 'nas-1', 'role=nas app=ops env=prod loc=ber', [], { ssh: false, agent: false, addresses: ['10.20.9.20', 'fd00:20:9::20'], note: 'NetApp' }),
];
