import { aHost, aPolicy, anIpList, aQuarantine, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { compileHost } from '../../shared/policy/compile.ts';
import { printIptablesBundle } from '../../shared/policy/export/iptables-bundle.ts';
import { type AgentShell, openSandbox, type Sandbox } from './sandbox.ts';
import { statusOf } from './agent-story.ts';

export const IPTABLES_HOST_ID = hostId(1);
const HOST = aHost({ n: 1, labels: 'app=shop,role=db', consoles: ['10.0.0.9'] });
const HOSTS = [HOST, aHost({ n: 2, labels: 'role=web', addresses: ['10.0.0.2', 'fd00::2'] })];

/** What the console would send to a host without nft. */
export function iptablesBundle(policy: Partial<Policy>, policyVersion: number): { text: string; hash: string } {
  return printIptablesBundle(compileHost(aPolicy(policy), HOSTS, HOST.id, { nowMs: Date.now() }), HOST, { policyVersion });
}

const ENFORCED = { zones: [aZone({ outbound: 'restricted' })], ipLists: [anIpList('some', ['10.7.0.0/24', '10.8.0.5/32', '10.8.0.6/31'])] };
export const IPTABLES = {
  observe: iptablesBundle({}, 1),
  enforce: iptablesBundle({ ...ENFORCED, rules: [aRule(), aRule({ n: 2, from: 'iplist:some', services: 'tcp/8080' })] }, 2),
  account: iptablesBundle({ ...ENFORCED, rules: [aRule({ from: 'role=db', to: 'role=web', services: 'tcp/80', as: 'user:shopper' })] }, 3),
  quarantine: iptablesBundle({ containments: [aQuarantine({ endsAt: '2035-01-01T00:00:00Z' })] }, 4),
} as const;

const PROGRAMS = ['iptables', 'ip6tables', 'iptables-save', 'ip6tables-save', 'iptables-restore', 'ip6tables-restore'];

/** A host on which nft cannot be found and iptables is the older one. The caller closes it. */
export async function openWithoutNft(shell: AgentShell): Promise<Sandbox> {
  const sandbox = await openSandbox(shell, { busyboxTools: shell === 'busybox sh' });
  const hide = 'mkdir /run/empty; touch /run/empty/none; mount --bind /run/empty/none "$(command -v nft)"';
  // Debian's names lead through /etc, which is the sandbox's own.
  const older = PROGRAMS.map((name) => `ln -sfn /usr/sbin/xtables-legacy-multi /etc/alternatives/${name}`).join('; ');
  // busybox has no getent: hosts of busybox have it from their C library.
  await sandbox.run(`${hide}; ${older}; ${shell === 'busybox sh' ? 'umount /usr/bin/getent' : ':'}`);
  return sandbox;
}

export async function openInstalledWithoutNft(shell: AgentShell): Promise<Sandbox> {
  const sandbox = await openWithoutNft(shell);
  statusOf(await sandbox.agent(`install --host-id ${IPTABLES_HOST_ID}`, IPTABLES.observe.text));
  return sandbox;
}

/** All rules and policy sets, without what traffic changes. */
export async function readIptables(sandbox: Sandbox): Promise<string> {
  const tables = ['filter', 'nat', 'mangle', 'security'].flatMap((table) => ['iptables', 'ip6tables'].map((program) => `${program}-save -t ${table}`));
  return (await sandbox.run(`{ ${tables.join('; ')}; } 2>/dev/null | sed -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'; ipset save | grep -v '^add fb_[a-z]*_\\{0,1\\}[a-z]*[46] ' | sed 's/ initval [^ ]*//' | sort`)).stdout;
}
