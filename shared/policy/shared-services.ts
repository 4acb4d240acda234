import type { ServicePort } from './grant.ts';

/** `fan-in`: many consumers, few providers (a resolver) · `fan-out`: few consumers, many providers (a monitoring host that scrapes agents). */
export type SharedShape = 'fan-in' | 'fan-out';

export type SharedService = {
  readonly kind: 'DNS' | 'NTP' | 'monitoring' | 'backup' | 'log shipping' | 'directory';
  /** What speaks on these ports, for people. */
  readonly name: string;
  readonly shape: SharedShape;
  /** Facets of one service, proposed in one rule: who uses one of them is taken to use all. */
  readonly ports: readonly ServicePort[];
};

const service = (kind: SharedService['kind'], name: string, shape: SharedShape, tcp: readonly number[], udp: readonly number[] = []): SharedService => ({
  kind,
  name,
  shape,
  ports: [...tcp.map((port) => ({ protocol: 'tcp' as const, port })), ...udp.map((port) => ({ protocol: 'udp' as const, port }))],
});

/**
 * Services that one group of hosts offers to, or asks of, the applications. A port alone says nothing: what is here is a shared service only where traffic on
 * it also has the shape (`suggest-shared.ts`). Ports as registered (https://www.iana.org/assignments/service-names-port-numbers) or as the program's
 * manual says; those that much else uses (22, 80, 443, 445, 3000, 8080) are left out.
 */
export const SHARED_SERVICES: readonly SharedService[] = [
  service('DNS', 'DNS', 'fan-in', [53, 853], [53]),
  service('NTP', 'NTP', 'fan-in', [], [123]),
  service('directory', 'LDAP and Kerberos', 'fan-in', [88, 389, 464, 636, 749, 3268, 3269], [88, 389, 464]),
  service('log shipping', 'syslog', 'fan-in', [514, 601, 6514], [514]),
  service('log shipping', 'journal upload', 'fan-in', [19_532]),
  service('log shipping', 'Beats and Logstash', 'fan-in', [5044]),
  service('log shipping', 'Fluentd', 'fan-in', [24_224], [24_224]),
  service('log shipping', 'GELF', 'fan-in', [12_201], [12_201]),
  service('log shipping', 'Loki', 'fan-in', [3100]),
  service('log shipping', 'Splunk', 'fan-in', [8088, 9997]),
  service('log shipping', 'Wazuh', 'fan-in', [1514, 1515], [1514]),
  service('monitoring', 'node exporter', 'fan-out', [9100]),
  service('monitoring', 'mysqld exporter', 'fan-out', [9104]),
  service('monitoring', 'nginx exporter', 'fan-out', [9113]),
  service('monitoring', 'blackbox exporter', 'fan-out', [9115]),
  service('monitoring', 'Apache exporter', 'fan-out', [9117]),
  service('monitoring', 'Redis exporter', 'fan-out', [9121]),
  service('monitoring', 'memcached exporter', 'fan-out', [9150]),
  service('monitoring', 'Windows exporter', 'fan-out', [9182]),
  service('monitoring', 'PostgreSQL exporter', 'fan-out', [9187]),
  service('monitoring', 'MongoDB exporter', 'fan-out', [9216]),
  service('monitoring', 'process exporter', 'fan-out', [9256]),
  service('monitoring', 'Kafka exporter', 'fan-out', [9308]),
  service('monitoring', 'RabbitMQ exporter', 'fan-out', [9419]),
  service('monitoring', 'Zabbix agent', 'fan-out', [10_050]),
  service('monitoring', 'SNMP', 'fan-out', [], [161]),
  service('monitoring', 'NRPE', 'fan-out', [5666]),
  service('monitoring', 'Checkmk agent', 'fan-out', [6556]),
  service('monitoring', 'Netdata', 'fan-out', [19_999]),
  service('monitoring', 'Munin node', 'fan-out', [4949]),
  service('monitoring', 'Zabbix server', 'fan-in', [10_051]),
  service('monitoring', 'SNMP traps', 'fan-in', [], [162]),
  service('monitoring', 'StatsD and collectd', 'fan-in', [], [8125, 25_826]),
  service('monitoring', 'OpenTelemetry', 'fan-in', [4317, 4318]),
  service('monitoring', 'Icinga', 'fan-in', [5665]),
  service('backup', 'Bacula and Bareos client', 'fan-out', [9102]),
  service('backup', 'Bacula and Bareos storage', 'fan-in', [9103]),
  service('backup', 'rsync', 'fan-out', [873]),
  service('backup', 'Amanda', 'fan-out', [10_080], [10_080]),
  service('backup', 'NetBackup', 'fan-in', [1556, 13_724, 13_782]),
  service('backup', 'Proxmox Backup Server', 'fan-in', [8007]),
];
