import { type Lab, startLab } from '../lab/lab.ts';
import type { Attempt, Outcome, Site } from './site.ts';

const SHOP_REQUESTS = 24;
const OUTCOMES: readonly Outcome[] = ['connected', 'refused', 'timeout', 'unreachable'];

/** Boots the shop's six real hosts. Everything that `workday` reports comes from real processes of the hosts' own services. */
export async function startLabSite(log: (line: string) => void): Promise<Site> {
  const lab = await startLab({ log });
  const hosts = await Promise.all(
    lab.hosts.map(async (host) => ({
      name: host.name,
      address: host.ipv4,
      port: 22,
      labels: Object.entries(host.plan.labels).map(([key, value]) => `${key}=${value}`).join(','),
      fingerprint: await host.hostKeyFingerprint(),
    })),
  );
  return {
    real: true,
    hosts,
    sshKeyPath: lab.sshKeyPath,
    workday: async () => {
      const failures: string[] = [];
      for (let i = 0; i < SHOP_REQUESTS; i += 1) {
        const answer = await lab.shop.request({ timeoutMs: 5000 });
        if (!answer.ok) failures.push(`shop request: ${answer.error ?? `${answer.status ?? 'no answer'} ${answer.db?.error ?? ''} ${answer.cache?.error ?? ''}`}`);
      }
      const backup = await lab.host('ops1').exec(['systemctl', 'start', 'shop-backup.service'], { timeoutMs: 20_000 });
      if (backup.code !== 0) failures.push(`backup of the database: ${backup.stderr.trim()}`);
      return [...failures, ...(await failedScrapes(lab))];
    },
    attempt: (attempt) => attemptFromFoothold(lab, attempt),
    stop: () => lab.stop(),
  };
}

const SCRAPED = [['web1', 8080], ['web2', 8080], ['lb1', 80], ['cache1', 6379], ['db1', 5432]] as const;

/** What the monitoring cannot reach, tried once now as its user (its own unit goes on trying every five seconds). */
async function failedScrapes(lab: Lab): Promise<string[]> {
  const outcomes = await Promise.all(SCRAPED.map(([name, port]) => lab.host('ops1').tryConnect({ to: lab.host(name), port, user: 'monitor', timeoutMs: 2000 })));
  return SCRAPED.flatMap(([name, port], i) => (outcomes[i] === 'connected' ? [] : [`monitoring of ${name}:${port}: ${outcomes[i] ?? 'nothing'}`]));
}

/**
 * An intruder who holds a unit on a host: the unit lives on, as a web shell would, and the attempt is a process of it. (A unit that ends
 * before the next snapshot is stored as “exited unit”, because nobody can tell its name any more.)
 */
async function attemptFromFoothold(lab: Lab, { from, to, port, family, user, unit }: Attempt): Promise<Outcome> {
  const host = lab.host(from);
  const target = lab.host(to);
  await host.run(`systemctl is-active --quiet ${unit}.service || systemd-run --quiet --unit=${unit} --uid=${user} sleep 3600`);
  const address = family === 4 ? target.ipv4 : target.ipv6;
  const enter = 'echo $$ >"/sys/fs/cgroup/system.slice/$1/cgroup.procs" && shift && exec runuser "$@"';
  const said = await host.run(['sh', '-c', enter, 'sh', `${unit}.service`, '-u', user, '--', 'python3', '/usr/local/lib/lab/connect.py', 'tcp', String(family), address, String(port), '2000'], { timeoutMs: 15_000 });
  const outcome = OUTCOMES.find((word) => word === said.trim());
  if (outcome === undefined) throw new Error(`the attempt on ${from} said ${JSON.stringify(said)}`);
  return outcome;
}
