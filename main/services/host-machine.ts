import type { OtherMachine } from '../../shared/contract/host-identity.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { machineText } from '../../shared/text/machine-text.ts';
import { appendAudit } from '../db/audit-store.ts';
import { findMachineOf, saveMachine } from '../db/host-machine-store.ts';
import { listHosts } from '../db/host-store.ts';
import type { ReadDb, WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { recordObservation } from './record-change.ts';

/**
 * Stores that a machine answered for a host, the first as the one that it stands for. Another one waits until somebody says that it is the same host
 * (`host trust --replace`): it is returned, and what it says is not the host's. A machine without an id cannot be told from others, and is taken for the same.
 */
export function noteMachine(ctx: BackendContext, tx: WriteDb, host: HostId, machineId: string): OtherMachine | null {
  if (machineId === '') return null;
  const other = noteOtherMachine(ctx, tx, host, machineId);
  if (other === null) saveMachine(tx, host, { machineId, standing: 'current' }, ctx.nowMs());
  return other;
}

/** As noteMachine for one that was only looked at: the first is not yet the one that the host stands for. */
export function recordOtherMachine(ctx: BackendContext, host: HostId, machineId: string): OtherMachine | null {
  const current = findMachineOf(ctx.workspace.read, host, 'current');
  if (machineId === '' || current === undefined || current.machineId === machineId) return null;
  return recordObservation(ctx, ['hosts', 'policy'], (tx) => noteOtherMachine(ctx, tx, host, machineId));
}

/** For what knows by other means that it is the host's machine: a bundle is filed by its machine id. */
export function keepMachine(tx: WriteDb, host: HostId, machineId: string, atMs: number): void {
  if (machineId !== '') saveMachine(tx, host, { machineId, standing: 'current' }, atMs);
}

function noteOtherMachine(ctx: BackendContext, tx: WriteDb, host: HostId, machineId: string): OtherMachine | null {
  const current = findMachineOf(tx, host, 'current');
  if (current === undefined || current.machineId === machineId) return null;
  const waited = findMachineOf(tx, host, 'waiting');
  saveMachine(tx, host, { machineId, standing: 'waiting' }, ctx.nowMs());
  if (waited?.machineId !== machineId) {
    const name = listHosts(tx).find(({ id }) => id === host)?.name ?? host;
    appendAudit(tx, { atMs: ctx.nowMs(), actor: `host:${name}`, action: 'host.rebuilt', subject: name, detail: `machine id ${machineText(machineId)} answers instead of ${machineText(current.machineId)}; it waits to be accepted` });
  }
  return findOtherMachine(tx, host);
}

/** The machine that waits to be accepted, and the one that the host stands for; null where none waits. */
export function findOtherMachine(db: ReadDb, host: HostId): OtherMachine | null {
  const [waiting, current] = [findMachineOf(db, host, 'waiting'), findMachineOf(db, host, 'current')];
  return waiting === undefined || current === undefined ? null : { former: current.machineId, now: waiting.machineId, sinceMs: waiting.firstSeenAtMs };
}

/** For the audit log, behind the key that was replaced. */
export const describeAccepted = (other: OtherMachine | null): string => (other === null ? '' : `; machine id ${machineText(other.now)} accepted instead of ${machineText(other.former)}`);

/** @throws HOST_REBUILT */
export function assertSameMachine(hostName: string, other: OtherMachine | null): void {
  if (other !== null) throw new FirebreakError('HOST_REBUILT', { host: hostName, former: other.former, now: other.now });
}
