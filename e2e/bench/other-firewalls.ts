import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabHost } from '../lab/host.ts';
import { PORT } from './arena.ts';

/** The rules that another firewall makes by itself, as its own program saved them, and the programs that load them. */
export type CapturedFirewall = { readonly name: string; readonly parts: readonly { readonly argv: readonly string[]; readonly text: string }[] };

/**
 * Installs the firewall's Debian package on a lab host, turns it on with its defaults and one open port, and reads what it made.
 * Throws where the packages cannot be downloaded.
 */
export async function captureUfw(host: LabHost): Promise<CapturedFirewall> {
  await installOn(host, 'ufw');
  await host.run(`ufw allow ${PORT}/tcp && ufw --force enable`, { timeoutMs: 120_000 });
  const parts = [
    { argv: ['iptables-nft-restore'], text: await host.run(['iptables-save']) },
    { argv: ['ip6tables-nft-restore'], text: await host.run(['ip6tables-save']) },
  ];
  return { name: 'ufw', parts };
}

export async function captureFirewalld(host: LabHost): Promise<CapturedFirewall> {
  await installOn(host, 'firewalld');
  await host.run(`systemctl restart firewalld && firewall-cmd --add-port=${PORT}/tcp`, { timeoutMs: 120_000 });
  return { name: 'firewalld', parts: [{ argv: ['nft', '-f', '-'], text: await host.run(['nft', '--stateless', 'list', 'ruleset']) }] };
}

/** Downloads what the lab's tree lacks for the package, through apt's own lists and signatures, and unpacks it on the host alone. */
async function installOn(host: LabHost, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-debs-'));
  try {
    const statusPath = join(host.site.treePath, 'var/lib/dpkg/status');
    const options = [`Dir::State::status=${statusPath}`, `Dir::Cache::archives=${folder}`, 'Debug::NoLocking=true'].flatMap((option) => ['-o', option]);
    execFileSync('mkdir', ['-p', join(folder, 'partial')]);
    execFileSync('apt-get', ['-qq', '-y', '--no-install-recommends', '--download-only', ...options, 'install', name], { stdio: 'pipe' });
    const debs = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    for (const deb of debs)
      await host.run(['sh', '-c', 'mkdir -p /var/tmp/debs && cat >"/var/tmp/debs/$1"', 'sh', deb], { stdin: readFileSync(join(folder, deb)) });
    await host.run('DEBIAN_FRONTEND=noninteractive dpkg -i /var/tmp/debs/*.deb && rm -rf /var/tmp/debs', { timeoutMs: 300_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
