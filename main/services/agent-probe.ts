import { FirebreakError } from '../../shared/errors.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';

/** What must be known before anything is written to a host. `clientAddress` null: the login shell did not say. */
export type HostProbe = { clientAddress: string | null; serverPort: number | null; /** Whether nft and the kernel take sets and rules with control groups. */ cgroupKeys: boolean; /** What an agent can work over. */ backend: 'nft' | 'iptables'; /** '' where it has none. */ machineId: string };

/** What agent/lib/env.sh asks for, and tar to unpack it. */
export const REQUIRED_TOOLS = ['nft', 'awk', 'sed', 'grep', 'sort', 'comm', 'cmp', 'head', 'cut', 'tr', 'wc', 'sha256sum', 'gzip', 'flock', 'timeout', 'setsid', 'sync', 'mktemp', 'find', 'tar', 'ssh-keygen'] as const;
const PROBE_TIMEOUT_MS = 30_000;
const NFT_TIMEOUT_S = 10;
const PROBE_LIMIT_BYTES = 16_384;

const CGROUP_TABLE = 'table inet firebreak_probe { set s { typeof ip saddr . socket cgroupv2 level 2; flags dynamic; }; chain c { type filter hook input priority 0; update @s { ip saddr . socket cgroupv2 level 2 }; }; }';

/** Sets that packets fill, without which nothing is recorded: nft before 0.9.8 lacks them. */
const RECORDING_TABLE = 'table inet firebreak_probe { set s { typeof ip saddr . meta l4proto . th dport; flags dynamic,timeout; timeout 1d; size 64; counter; }; }';
/** In place of nft. */
const IPTABLES_TOOLS = ['iptables', 'ip6tables', 'iptables-restore', 'ip6tables-restore', 'iptables-save', 'ip6tables-save', 'ipset'] as const;

/**
 * Changes nothing; prints one `key=value` a line. $1 is SSH_CONNECTION, which sudo would have taken away. An nft that does not end in time (137: killed) has not
 * said no: a busy host must not get the lesser backend for that.
 */
const PROBE_SCRIPT = `PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
echo firebreak-probe=1
echo "uid=$(id -u)"
echo "system=$(uname -s)"
echo "ssh=$1"
echo "machine=$(head -c 64 /etc/machine-id 2>/dev/null | tr -dc a-zA-Z0-9_-)"
for tool in ${[...REQUIRED_TOOLS, ...IPTABLES_TOOLS].join(' ')}; do
  if command -v "$tool" >/dev/null 2>&1; then echo "has=$tool"; fi
done
try() {
  echo "$2" | timeout -s KILL ${NFT_TIMEOUT_S} nft -c -f - >/dev/null 2>&1
  case $? in 0) ;; 137) echo nft-hangs=1 ;; *) echo "$1=1" ;; esac
}
try no-cgroup-keys '${CGROUP_TABLE}'
try no-recording '${RECORDING_TABLE}'`;

/**
 * Looks whether the agent can be installed: a POSIX shell, root (directly or by sudo), nft or else iptables and ipset, and the tools that the agent needs.
 * @throws NFT_MISSING · SUDO_REFUSED · HOST_UNSUPPORTED (all reasons at once) · HOST_REPLY_INVALID · HOST_TIMEOUT (its nft hangs) · those of SshPool.run
 */
export async function probeHost(pool: SshPool, target: ResolvedTarget, signal?: AbortSignal): Promise<HostProbe> {
  const doing = 'looking whether the agent can run there';
  const host = target.hostName;
  const result = await pool.run(target, {
    argv: ['sh', '-c', PROBE_SCRIPT, 'sh'],
    // Fixed text of our own, expanded by the login shell.
    rawSuffix: '"$SSH_CONNECTION"',
    sudo: target.sudo !== 'none',
    timeoutMs: PROBE_TIMEOUT_MS,
    maxOutputBytes: PROBE_LIMIT_BYTES,
    doing,
    ...(signal === undefined ? {} : { signal }),
  });
  const lines = result.stdout.split('\n');
  if (!lines.includes('firebreak-probe=1')) throw new FirebreakError('HOST_UNSUPPORTED', { host, reasons: ['its login gives no POSIX shell'] });
  const textOf = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  if (textOf('uid') !== '0') {
    throw new FirebreakError('SUDO_REFUSED', { host, user: target.user, detail: 'this login is not root, and the host is set to use no sudo' });
  }
  if (lines.includes('nft-hangs=1')) throw new FirebreakError('HOST_TIMEOUT', { host, doing: 'trying whether its nft takes rules', timeoutMs: NFT_TIMEOUT_S * 1000 });
  const isNftShort = !lines.includes('has=nft') || lines.includes('no-recording=1');
  const backend = isNftShort && IPTABLES_TOOLS.every((tool) => lines.includes(`has=${tool}`)) ? 'iptables' : 'nft';
  assertTools(host, backend === 'iptables' ? [...lines, 'has=nft'] : lines, textOf('system'));
  const [clientAddress, , , serverPort] = (textOf('ssh') ?? '').split(' ');
  const port = Number(serverPort);
  return {
    clientAddress: clientAddress === undefined || clientAddress === '' ? null : clientAddress,
    serverPort: Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null,
    cgroupKeys: !lines.includes('no-cgroup-keys=1'),
    backend,
    machineId: (textOf('machine') ?? '').slice(0, 64),
  };
}

function assertTools(host: string, lines: readonly string[], system: string | undefined): void {
  const missing = REQUIRED_TOOLS.filter((tool) => !lines.includes(`has=${tool}`));
  const reasons = [
    ...(system === 'Linux' ? [] : ['it is not Linux']),
    ...missing.filter((tool) => tool !== 'nft').map((tool) => `${tool} is not installed`),
  ];
  if (reasons.length > 0) throw new FirebreakError('HOST_UNSUPPORTED', { host, reasons });
  if (missing.includes('nft')) throw new FirebreakError('NFT_MISSING', { host });
}
