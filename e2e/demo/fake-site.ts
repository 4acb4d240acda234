import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Judge } from '../fakehost/fake-host-spec.ts';
import { type FakeFleet, startFakeFleet } from '../fakehost/fake-fleet.ts';
import type { Attempt, Outcome, Site } from './site.ts';

const service = (port: number, process: string, user: string, unit = `${process}.service`) => ({ protocol: 'tcp' as const, port, process, user, unit });
const sshd = service(22, 'sshd', 'root', 'ssh.service');

/** The shop of the lab, in memory. */
const MACHINES = [
  { name: 'lb1', n: 11, role: 'lb', listens: [sshd, service(80, 'nginx', 'www-data')] },
  { name: 'web1', n: 12, role: 'web', listens: [sshd, service(8080, 'python3', 'shopweb', 'shop-web.service')] },
  { name: 'web2', n: 13, role: 'web', listens: [sshd, service(8080, 'python3', 'shopweb', 'shop-web.service')] },
  { name: 'db1', n: 14, role: 'db', listens: [sshd, service(5432, 'postgres', 'postgres', 'postgresql@15-main.service')] },
  { name: 'cache1', n: 15, role: 'cache', listens: [sshd, service(6379, 'redis-server', 'redis', 'redis-server.service')] },
  { name: 'ops1', n: 16, role: 'ops', listens: [sshd] },
] as const;

/** Consumer, provider, port, user and unit of everything that a normal day has. */
const WORKDAY: readonly (readonly [string, string, number, string, string])[] = [
  ['10.77.0.1', 'lb1', 80, 'customer', 'browser'],
  ['lb1', 'web1', 8080, 'www-data', 'nginx.service'],
  ['lb1', 'web2', 8080, 'www-data', 'nginx.service'],
  ...['web1', 'web2'].flatMap((web) => [['db1', 5432], ['cache1', 6379]].map(([to, port]) => [web, String(to), Number(port), 'shopweb', 'shop-web.service'] as const)),
  ['ops1', 'db1', 5432, 'backup', 'shop-backup.service'],
  ...([['web1', 8080], ['web2', 8080], ['lb1', 80], ['cache1', 6379], ['db1', 5432]] as const).map(([to, port]) => ['ops1', to, port, 'monitor', 'shop-monitor.service'] as const),
];

/** In-process SSH hosts with the same story. `judge` decides what rules allow; nothing is enforced for real. */
export async function startFakeSite({ judge, refresh }: { judge: Judge; refresh: () => Promise<void> }): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-demo-'));
  const sshKeyPath = join(folder, 'id_demo');
  writeFileSync(sshKeyPath, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  const hosts = MACHINES.map(({ name, n, listens }) => ({ name, addresses: [`10.77.0.${n}`, `fd77::${n}`], listens }));
  const fleet: FakeFleet = await startFakeFleet({ hosts, judge });
  return {
    real: false,
    hosts: fleet.hosts.map((host, i) => ({ name: host.name, address: host.address, port: host.port, labels: `role=${MACHINES[i]?.role ?? ''},app=shop,env=prod`, fingerprint: host.hostKey.fingerprint })),
    sshKeyPath,
    workday: async () => {
      await refresh();
      return WORKDAY.flatMap(([from, to, port, user, unit]) => {
        const outcome = fleet.connect({ from, to, protocol: 'tcp', port, user, unit });
        return outcome === 'connected' ? [] : [`${from} → ${to}:${port}: ${outcome}`];
      });
    },
    attempt: async ({ from, to, port, family, user, unit }: Attempt): Promise<Outcome> => {
      await refresh();
      return fleet.connect({ from, to, protocol: 'tcp', port, family, user, unit: `${unit}.service` });
    },
    stop: async () => {
      await fleet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
