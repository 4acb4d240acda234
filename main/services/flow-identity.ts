import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { SnapshotElement } from './parse-snapshot.ts';

/** The unit that a cgroup path names (`system.slice/nginx.service` → `nginx.service`); null where the id has no path any more. */
export function unitOfCgroup(cgroups: Readonly<Record<string, string>>, id: string): string | null {
  // An id that nft itself could resolve comes as a path.
  const path = Object.hasOwn(cgroups, id) ? cgroups[id] : id.includes('/') ? id : undefined;
  const name = path?.split('/').filter((part) => part !== '').at(-1);
  return name === undefined || name === '' ? null : name.slice(0, 255);
}

/**
 * Who listens on the port, by the host's last facts; the kernel does not tell a user for what comes in. Null where nobody does or where
 * several users do and the unit does not decide between them.
 */
export function findListenerUser(listening: AgentFacts['listening'], element: Pick<SnapshotElement, 'protocol' | 'port'>, unit: string | null): string | null {
  const listeners = listening.filter((l) => l.port === element.port && l.protocol.replace(/6$/, '') === element.protocol);
  const sameUnit = listeners.filter((l) => unit !== null && l.unit === unit);
  const users = new Set((sameUnit.length > 0 ? sameUnit : listeners).map((l) => l.user).filter((user) => user !== null));
  return users.size === 1 ? ([...users][0] ?? null) : null;
}
