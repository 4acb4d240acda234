import { FirebreakError } from '../../shared/errors.ts';
import type { HostKey } from '../../shared/model/host.ts';
import { judgeHostKey } from '../../shared/model/host-key.ts';
import { type HostRecord, listHosts, pinKey } from '../db/host-store.ts';
import { findListedKeys } from '../db/listed-key-store.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';
import { throwUntrusted } from './untrusted-key.ts';

/**
 * How to reach a managed host, jump hosts included (each with its own pinned keys).
 * @throws NOT_FOUND for an unknown or unmanaged host, or jump host · INPUT_INVALID for a circle of jump hosts
 */
export function resolveTarget(ctx: BackendContext, hostName: string): ResolvedTarget {
  const hosts = new Map(listHosts(ctx.workspace.read).map((h) => [h.name, h]));
  return resolveStep(ctx, hosts, hostName, []);
}

/** The same host with another login for one command; null: as it is. Root needs no sudo. */
export function loginAs(target: ResolvedTarget, user: string | null): ResolvedTarget {
  return user === null ? target : { ...target, user, sudo: user === 'root' ? 'none' : target.sudo };
}

function resolveStep(ctx: BackendContext, hosts: ReadonlyMap<string, HostRecord>, hostName: string, passed: readonly string[]): ResolvedTarget {
  const host = hosts.get(hostName);
  if (host?.ssh == null) {
    const known = [...hosts.values()].filter((h) => h.ssh !== null).map((h) => h.name);
    throw new FirebreakError('NOT_FOUND', { what: 'managed host', name: hostName, known });
  }
  if (passed.includes(hostName)) {
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'jump', message: `the jump hosts form a circle: ${[...passed, hostName].join(' → ')}` }] });
  }
  const { address, port, user, identity, sudo, jump } = host.ssh;
  const target: ResolvedTarget = {
    hostName,
    address,
    port,
    user,
    identity,
    sudo,
    pinnedKeys: host.pinnedKeys,
    jump: jump === null ? null : resolveStep(ctx, hosts, jump, [...passed, hostName]),
    secrets: () => ctx.secrets.get(host.id),
    findUnlocked: ctx.secrets.keys.find,
  };
  return ctx.acceptNewHostKeys ? { ...target, onNewKey: (key) => pinFirstKey(ctx, host, key) } : target;
}

/** Accept-new: stored (synchronously) before anything is sent to the host. What a list contradicts is accepted by nobody. @throws HOST_KEY_NOT_AS_LISTED · HOST_KEY_REVOKED */
function pinFirstKey(ctx: BackendContext, host: HostRecord, key: HostKey): void {
  const listed = findListedKeys(ctx.workspace.read, host.id);
  throwUntrusted({ host: host.name, presented: key, pinned: [], listed, verdict: judgeHostKey(key, [], listed) });
  const detail = `${key.algorithm} ${key.fingerprint}, accepted without asking (accept-new)`;
  recordChange(ctx, { action: 'hosts.trust', subject: host.name, detail, groups: ['hosts'] }, (tx) => {
    pinKey(tx, host.id, key, { replace: false, atMs: ctx.nowMs() });
  });
}
