import { z } from 'zod';
import type { Push } from '../../shared/model/diff.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { StoredAlert } from './alert-store.ts';
import type { FlowDelta } from './flow-store.ts';
import { spoolEvent } from './forward-spool.ts';
import type { WriteDb } from './sql.ts';

/** What a host is called now; its id where it is gone. */
function nameOf(tx: WriteDb, host: HostId): string {
  const row = tx.one('SELECT name FROM hosts WHERE id = ?', [host]);
  return row === undefined ? host : z.object({ name: z.string() }).parse(row).name;
}

export function spoolAlert(tx: WriteDb, change: 'opened' | 'settled', alert: StoredAlert, atMs: number): void {
  spoolEvent(tx, 'alert', atMs, () => ({
    kind: 'alert',
    change,
    alert: alert.id,
    alertKind: alert.kind,
    host: alert.host,
    hostName: nameOf(tx, alert.host),
    subject: alert.subject,
    count: alert.count,
    firstAtMs: alert.firstAtMs,
    why: alert.settled?.why ?? '',
  }));
}

/** As it stands now; `atMs` is when it came to stand so. */
export function spoolPush(tx: WriteDb, push: Push, atMs: number): void {
  spoolEvent(tx, 'push', atMs, () => {
    const hosts: Partial<Record<Push['hosts'][number]['step'], number>> = {};
    for (const { step } of push.hosts) hosts[step] = (hosts[step] ?? 0) + 1;
    return { kind: 'push', push: push.id, pushKind: push.kind, version: push.version, author: push.author, note: push.note, outcome: push.outcome, startedAtMs: push.startedAtMs, hosts };
  });
}

/** Connections that a host refused, or would have. Those that were let through are not told of. */
export function spoolFlow(tx: WriteDb, delta: FlowDelta): void {
  const { verdict } = delta;
  if (verdict === 'accepted') return;
  spoolEvent(tx, 'flow', delta.lastSeenAtMs, () => ({
    kind: 'flow',
    verdict,
    host: delta.reporter,
    hostName: nameOf(tx, delta.reporter),
    direction: delta.direction,
    peerAddress: delta.peerAddress,
    forwardTo: delta.forwardTo,
    protocol: delta.protocol,
    port: delta.port,
    user: delta.user,
    unit: delta.unit,
    process: delta.process?.name ?? null,
    zone: delta.zone,
    policyVersion: delta.policyVersion,
    connections: delta.connections,
  }));
}
