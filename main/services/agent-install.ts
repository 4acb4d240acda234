import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { REMOTE_AGENT_DIR } from './agent-client.ts';
import { parseReply } from './parse-reply.ts';
import { toAgentError } from './agent-exit.ts';
import { type AgentPackage, OBSERVE_NAME, packAgent } from './agent-package.ts';

const REMOTE_UNITS_DIR = '/etc/systemd/system';
/** It tries the new agent in namespaces of its own before it is used, which a small or emulated machine needs minutes for. */
const INSTALL_TIMEOUT_MS = 300_000;
const VERIFY_TIMEOUT_MS = 20_000;
const REPLY_LIMIT_BYTES = 1_048_576;

/** Unpacks the tar on stdin into a folder that only root can read, runs its installer, and leaves no trace of the folder. $1: host id, then options of the installer. */
const INSTALL_SCRIPT = `set -eu
umask 077
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
export PATH
for base in /run /tmp; do [ -w "$base" ] && break; done
dir=$(mktemp -d "$base/firebreak-install.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
tar -xf - -C "$dir"
sh "$dir/install.sh" --host-id "$@" <"$dir/${OBSERVE_NAME}"`;

export type InstallRequest = { host: HostId; agent: AgentPackage; /** Sealed. */ observeBundle: string; manifestSignature: string; signer: string; /** nft, unless said. */ backend?: 'nft' | 'iptables'; replace?: boolean; adopt?: boolean; allowDowngrade?: boolean; signal?: AbortSignal };

/**
 * Puts the agent on a probed host, or repairs it, and reads back that it is what was sent. One SSH connection; idempotent; an
 * already confirmed policy is kept. The installer removes what it added when it fails.
 * @throws AGENT_FAILED (also when what was read back is not what was sent) · NFT_MISSING · HOST_UNSUPPORTED · HOST_REPLY_INVALID · those of SshPool.run
 */
export async function installAgent(pool: SshPool, target: ResolvedTarget, request: InstallRequest): Promise<AgentStatus> {
  const doing = 'installing the agent';
  const common = { sudo: target.sudo !== 'none', maxOutputBytes: REPLY_LIMIT_BYTES, doing, ...(request.signal === undefined ? {} : { signal: request.signal }) };
  const result = await pool.run(target, {
    ...common,
    argv: ['sh', '-c', INSTALL_SCRIPT, 'sh', request.host, '--signer', request.signer, ...(request.backend === 'iptables' ? ['--backend', 'iptables'] : []), ...(request.replace === true ? ['--replace'] : []), ...(request.adopt === true ? ['--adopt'] : []), ...(request.allowDowngrade === true ? ['--allow-downgrade'] : [])],
    stdin: await packAgent(request.agent, request.observeBundle, request.manifestSignature),
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (result.exitCode !== 0) throw toAgentError(target, doing, result);
  const status = parseReply(target.hostName, doing, AgentStatus, result.stdout);
  const expected = listRemoteFiles(request.agent, status.bootUnitEnabled);
  const sums = await pool.run(target, { ...common, argv: ['sha256sum', ...expected.map((file) => file.remotePath)], timeoutMs: VERIFY_TIMEOUT_MS });
  const wrong = [...listWrongFiles(expected, sums.stdout), ...listWrongState(status, request)];
  if (wrong.length > 0) throw new FirebreakError('AGENT_FAILED', { host: target.hostName, doing, exitCode: 0, detail: `read back, but not as sent: ${wrong.join(', ')}` });
  return status;
}

type RemoteFile = { remotePath: string; sha256: string };

/** Where each file lies on a host; the units once more where systemd reads them, if the host has it. */
function listRemoteFiles(agent: AgentPackage, hasSystemd: boolean): RemoteFile[] {
  return agent.files.flatMap(({ name, sha256 }) => {
    const kept = { remotePath: `${REMOTE_AGENT_DIR}/${name}`, sha256 };
    return hasSystemd && name.startsWith('units/') ? [kept, { remotePath: `${REMOTE_UNITS_DIR}/${name.slice('units/'.length)}`, sha256 }] : [kept];
  });
}

/** Compares with the lines of sha256sum(1): hash, two spaces, path. A file without a line is wrong too. */
function listWrongFiles(expected: readonly RemoteFile[], stdout: string): string[] {
  const found = new Set(stdout.split('\n'));
  return expected.filter((file) => !found.has(`${file.sha256}  ${file.remotePath}`)).map((file) => file.remotePath);
}

function listWrongState(status: AgentStatus, request: InstallRequest): string[] {
  const wrong: string[] = [];
  if (status.hostId !== request.host) wrong.push('the host id');
  if (status.agentVersion !== request.agent.version) wrong.push('the version');
  if (status.pinned !== true) wrong.push('the key');
  if (!status.loaded || status.runningBundle === null) wrong.push('the table is not loaded');
  // A policy that was confirmed earlier stays; without one the observe bundle must run.
  if (status.runningMode === 'observe' && status.confirmedBundle !== status.runningBundle) wrong.push('the observe rules are not confirmed');
  return wrong;
}
