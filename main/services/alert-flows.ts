import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { AlertSubject } from '../../shared/model/alert.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { parseAddress } from '../../shared/net/address.ts';
import { findSpecialUse } from '../../shared/net/special-networks.ts';
import { findAlertOf, listLiveAlerts, type NewAlert } from '../db/alert-store.ts';
import { countBlocked } from '../db/blocked-flow.ts';
import type { FlowDelta } from '../db/flow-store.ts';
import { addFigure, hourOf } from '../db/recording-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert, settleAlerts, settleQuiet } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';
import { once } from './once.ts';

/** What ingest tells of each difference that it met, in the transaction of its snapshot; `end` after the last. */
export type FlowAlerts = { note(delta: FlowDelta, outcome: 'added' | 'made' | 'left-out'): void; end(): void };

/**
 * A blocked flow is new when this pair and service was never blocked at this host before. What comes from public addresses counts together for each service that the
 * host listens on, and together for all other ports: a scan of the internet is one alert, and hides nothing that comes from inside.
 */
export function createFlowAlerts(ctx: BackendContext, tx: WriteDb, host: HostId, facts: AgentFacts | null): FlowAlerts {
  const live = once(() => new Set(listLiveAlerts(tx, host, 'flow-blocked').map(({ key }) => key)));
  const listening = once(() => new Set((facts?.listening ?? []).map(({ protocol, port }) => `${protocol.replace(/6$/, '')}/${port}`)));
  const letThrough = new Map<string, number>();
  const blocked = new Map<string, NewAlert>();
  const counts = createHourCounts(tx, host);
  const isToTell = ({ key, subject }: Cause, delta: FlowDelta, outcome: string): boolean => {
    if (blocked.has(key) || live().has(key)) return true;
    // Not stored for want of room, or blocked before anybody kept alerts: nothing that is new for certain.
    const isNew = outcome === 'made' && (subject.peerAddress === null || countBlocked(tx, delta) === 1);
    return isNew || findAlertOf(tx, { host, kind: 'flow-blocked', key }) !== undefined;
  };
  return {
    note: (delta, outcome) => {
      counts.add(delta);
      if (delta.verdict === 'accepted' && live().size > 0) letThrough.set(pairKey(delta), delta.lastSeenAtMs);
      if (delta.verdict !== 'blocked') return;
      const cause = describeCause(delta, listening());
      if (!isToTell(cause, delta, outcome)) return;
      const before = blocked.get(cause.key);
      blocked.set(cause.key, { host, kind: 'flow-blocked', ...cause, count: (before?.count ?? 0) + delta.connections, atMs: Math.max(before?.atMs ?? 0, delta.lastSeenAtMs) });
    },
    end: () => {
      counts.store();
      // Together, because a scan comes as thousands of differences of one cause.
      for (const cause of blocked.values()) raiseAlert(ctx, tx, cause);
      settleAlerts(ctx, tx, host, 'flow-blocked', ({ key, lastAtMs }) => ((letThrough.get(key) ?? 0) > lastAtMs ? 'let through again since it was last blocked' : null));
      settleQuiet(ctx, tx, host, 'flow-blocked');
    },
  };
}

/** New connections by hour and direction, for the rule of connection rates. */
function createHourCounts(tx: WriteDb, host: HostId): { add(delta: FlowDelta): void; store(): void } {
  const counts = { in: new Map<number, number>(), out: new Map<number, number>() };
  return {
    add: ({ direction, connections, lastSeenAtMs }) => {
      if (direction === 'forward') return;
      const ofDirection = counts[direction];
      ofDirection.set(hourOf(lastSeenAtMs), (ofDirection.get(hourOf(lastSeenAtMs)) ?? 0) + connections);
    },
    store: () => {
      for (const direction of ['in', 'out'] as const) for (const [hourStartMs, connections] of counts[direction]) addFigure(tx, host, hourStartMs, `connections-${direction}`, connections);
    },
  };
}

type Cause = Pick<NewAlert, 'key'> & { subject: Extract<AlertSubject, { kind: 'flow-blocked' }> };

const pairKey = ({ direction, peerAddress, forwardTo, protocol, port }: FlowDelta): string => [direction, peerAddress, forwardTo ?? '', protocol, port].join(' ');

function describeCause(delta: FlowDelta, listening: ReadonlySet<string>): Cause {
  const { direction, peerAddress, forwardTo, protocol, port } = delta;
  const subject = { kind: 'flow-blocked' as const, direction, peerAddress, forwardTo, protocol, port };
  if (direction !== 'in' || !isPublic(peerAddress)) return { key: pairKey(delta), subject };
  const service = `${protocol}/${port}`;
  if (listening.has(service)) return { key: `in public ${service}`, subject: { ...subject, peerAddress: null } };
  return { key: 'in public', subject: { ...subject, peerAddress: null, protocol: 'any', port: null } };
}

function isPublic(address: string): boolean {
  const parsed = parseAddress(address);
  return parsed.ok && findSpecialUse(parsed.value) === null;
}
