import type { Grants } from '../rule-files/list-grants.ts';
import { readProtocol } from '../rule-files/read-values.ts';
import { isWorld } from './admitted.ts';
import type { FlowUse } from './flow-use.ts';
import type { ListenerAudit, ListenerReach, OfflineFinding, OfflineHost } from './offline-audit.ts';

/** What listens at a host, each once, held against its rules and the flows that ended there; null where no file says. */
export function describeListeners(host: OfflineHost, grants: Grants, use: FlowUse): ListenerAudit[] | null {
  if (host.listening === undefined || host.listening === null) return null;
  const rows = host.listening.map(({ protocol: name, port, address, process }): ListenerAudit => {
    const protocol = name.replace(/6$/, '');
    const number = readProtocol(protocol);
    return { service: `${protocol}/${port}`, address, process, reach: reachOf(host, grants, { address, protocol: number, port }), connections: number === null ? 0 : use.connectionsTo(number, { from: port, to: port }) };
  });
  return [...new Map(rows.map((row) => [`${row.service} ${row.address} ${row.process ?? ''}`, row])).values()];
}

function reachOf({ files }: OfflineHost, { grants, isWhole }: Grants, { address, protocol, port }: { address: string; protocol: number | null; port: number }): ListenerReach {
  if (/^(127\.|::1$|::ffff:127\.|.*%lo$)/.test(address)) return 'local';
  if (files.length === 0 || !isWhole || protocol === null) return 'unknown';
  const own = grants.filter((grant) => grant.protocol === protocol && (grant.ports === null || (port >= grant.ports.from && port <= grant.ports.to)));
  if (own.some(({ from, isSure }) => isSure && isWorld(from))) return 'everyone';
  if (own.some(({ from }) => isWorld(from))) return 'maybe';
  return own.length > 0 ? 'some' : 'nobody';
}

const WHO: Readonly<Record<ListenerReach, string>> = {
  everyone: 'Everyone who reaches the host may connect',
  maybe: 'Everyone who reaches the host may connect, as far as its rules are understood',
  unknown: 'Its rules are not known, so everyone who reaches the host may connect',
  some: '',
  nobody: '',
  local: '',
};

/** Services that nothing keeps from anybody and nobody used. Only where something is known about flows at all. */
export function findUnusedListeners(host: OfflineHost, listening: readonly ListenerAudit[] | null, hasFlows: boolean): OfflineFinding[] {
  if (!hasFlows) return [];
  const open = (listening ?? []).filter(({ reach, connections }) => connections === 0 && WHO[reach] !== '');
  return [...Map.groupBy(open, ({ service }) => service)].map(([service, rows]) => {
    const names = [...new Set(rows.flatMap(({ process }) => process ?? []))].join(', ');
    return { code: 'LISTENS_UNUSED', host: host.name, subject: service, sentence: `${WHO[rows[0]?.reach ?? 'unknown']}${names === '' ? '' : ` (${names})`}, and nothing that was seen did. Stop it, bind it to loopback, or name who needs it.`, rule: null, connections: 0 };
  });
}
