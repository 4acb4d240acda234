import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { HostName } from '../../shared/model/names.ts';
import { setAppliedBundle } from '../db/bundle-store.ts';
import { type CarriedOrder, findOrderBySeq } from '../db/carried-order-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { appendPushStep, findPush, insertPush, setPushOutcome } from '../db/push-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { describeWay } from './carried-way.ts';
import { canMove, outcomeOf } from './push-steps.ts';
import { judgeStatus, type Truth } from './push-truth.ts';

/** What a host did that no console saw: written down when it is told. */
export const CARRIED_STEPS = { confirmed: 'confirmed', pending: 'applied', 'rolled-back': 'rolled-back', other: 'unknown' } as const satisfies Record<Truth['kind'], string>;
const NO_CONSOLE_WINDOW_SECONDS = 300;

/** `told` by whom, as in “signed receipt, k_…”; `saidAtMs`: when the status was written. */
export type CarriedOutcome = { order: CarriedOrder; host: Pick<HostRecord, 'id' | 'name'>; status: AgentStatus; truth: Truth; saidAtMs: number; told: string };

/** Makes a push of a carried order with the steps that are proved, or moves the one that was made of it. Nothing for what still waits: the next status tells. */
export function recordCarriedPush(tx: WriteDb, { order, host, status, truth, saidAtMs, told }: CarriedOutcome): void {
  if (truth.kind === 'pending') return;
  const step = CARRIED_STEPS[truth.kind];
  const formerly = findPush(tx, order.push)?.hosts[0]?.step;
  if (formerly !== undefined && !canMove(formerly, step)) return;
  const hostAtMs = status.last?.id === order.push ? status.last.at * 1000 : saidAtMs;
  const atMs = Math.max(order.madeAtMs, Math.min(hostAtMs, saidAtMs));
  if (formerly === undefined) {
    const { note, doing } = describeWay(order.note);
    insertPush(tx, {
      id: order.push,
      version: order.version,
      kind: 'push',
      author: order.madeBy,
      note,
      startedAtMs: order.madeAtMs,
      confirmWithinSeconds: NO_CONSOLE_WINDOW_SECONDS,
      sessions: 'keep',
      hosts: [{ host: host.id, hostName: HostName.parse(host.name), bundle: order.bundle, formerBundle: order.formerBundle }],
    });
    appendPushStep(tx, order.push, { host: host.id, step: 'applying', detail: doing, atMs });
  }
  appendPushStep(tx, order.push, { host: host.id, step, detail: `The host ${truth.detail} (${told}).`.slice(0, 1000), atMs });
  setPushOutcome(tx, order.push, outcomeOf([step], false), atMs);
}

/**
 * A host that the console reaches may have been sent its rules by a playbook or with its image: where the newest rules that were loaded there (by their number, which we signed) are those of such an order,
 * its status read over SSH tells what became of it, as a receipt would. Gives what was told, a sentence without a full stop; null for nothing new.
 */
export function settleCarriedOrder(tx: WriteDb, hostId: HostId, status: AgentStatus, nowMs: number): { name: string; text: string } | null {
  const order = status.bundleSeq == null || status.hostId !== hostId ? undefined : findOrderBySeq(tx, hostId, status.bundleSeq);
  if (order === undefined) return null;
  const truth = judgeStatus(status, { pushId: order.push, bundle: order.bundle, formerBundle: order.formerBundle });
  // What runs may be of a later way back; only the host's own end of this order is that order's end.
  const isOver = truth.kind === 'confirmed' || (truth.kind !== 'pending' && status.last?.id === order.push);
  if (!isOver || findPush(tx, order.push)?.hosts[0]?.step === CARRIED_STEPS[truth.kind]) return null;
  const host = listHosts(tx).find(({ id }) => id === hostId);
  if (host === undefined) return null;
  if (truth.kind === 'confirmed') setAppliedBundle(tx, host.id, order.bundle, nowMs);
  recordCarriedPush(tx, { order, host, status, truth, saidAtMs: nowMs, told: 'read back over SSH' });
  return { name: host.name, text: `push ${order.push}, version ${order.version}: the host ${truth.detail}; read back over SSH` };
}
