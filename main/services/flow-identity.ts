import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { SnapshotElement } from './parse-snapshot.ts';

/** A cgroup that ended before any snapshot saw its path: something ran there, and nobody can say any more what. */
const EXITED_UNIT = 'exited unit';

/** The unit that a cgroup path names (`system.slice/nginx.service` → `nginx.service`); `exited unit` where the id has no path any more. */
export function unitOfCgroup(cgroups: Readonly<Record<string, string>>, id: string): string {
  // An id that nft itself could resolve comes as a path.
  const path = Object.hasOwn(cgroups, id) ? cgroups[id] : id.includes('/') ? id : undefined;
  const name = path
    ?.split('/')
    .filter((part) => part !== '')
    .at(-1);
  return name === undefined || name === '' ? EXITED_UNIT : name.slice(0, 255);
}

/**
 * Who listens on the port, by the host's last facts: the kernel does not tell a user for what comes in, and of a templated service
 * (postgresql@15-main) it tells the slice, one level above the unit. `user` is null where nobody listens, or where several users do and
 * the unit does not decide between them.
 */
export function findListener(
  listening: AgentFacts['listening'],
  element: Pick<SnapshotElement, 'protocol' | 'port'>,
  unit: string | null,
): { user: string | null; unit: string | null } {
  const listeners = listening.filter((l) => l.port === element.port && l.protocol.replace(/6$/, '') === element.protocol);
  const sameUnit = listeners.filter((l) => unit !== null && l.unit === unit);
  const users = new Set((sameUnit.length > 0 ? sameUnit : listeners).map((l) => l.user).filter((user) => user !== null));
  const units = new Set(listeners.map((l) => l.unit).filter((name) => name !== null));
  const isCoarse = unit === null || unit.endsWith('.slice');
  return { user: users.size === 1 ? ([...users][0] ?? null) : null, unit: isCoarse && units.size === 1 ? ([...units][0] ?? null) : unit };
}
