import { z } from 'zod';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { ReceiptOutcome } from '../../shared/contract/bundles.ts';
import { HostId, PushId } from '../../shared/model/ids.ts';
import { HostName } from '../../shared/model/names.ts';
import { inert } from '../../shared/text/inert.ts';
import { findBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { type CarriedOrder, findCarriedOrder } from '../db/carried-order-store.ts';
import { findHostState, saveStatus } from '../db/host-state-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { findBundles } from '../imports/bundle/find-bundles.ts';
import { noteStatus } from './alert-states.ts';
import type { BackendContext } from './backend-context.ts';
import { toAbsolute } from './bundle-import.ts';
import { openBundle, parseJsonBytes } from './bundle-open.ts';
import { CARRIED_STEPS, recordCarriedPush } from './carried-outcome.ts';
import { judgeStatus, type Truth } from './push-truth.ts';
import { proveLater } from './receipt-order.ts';
import { recordChange } from './record-change.ts';

const Order = z.strictObject({ push: PushId, host: HostId });

/**
 * Takes receipts: what hosts ran when they were written, in their own agents' words. A push of its own is made of each carried order, so that changes, timeline and reports have it;
 * its times are the host's, between the export and now. One whose clock is behind what is known is taken with a note where its numbers prove that it is newer, and refused else.
 * Unsigned ones are refused: an agent that was installed has what signs. `dryRun` only says what would become of each. @throws INPUT_INVALID for a path that is not absolute
 */
export async function takeReceipts(ctx: BackendContext, { paths, dryRun }: { paths: readonly string[]; dryRun: boolean }): Promise<ReceiptOutcome[]> {
  const found = await findBundles(toAbsolute(ctx, paths));
  const outcomes: ReceiptOutcome[] = found.refused.map(({ file, reason }) => ({ outcome: 'refused', file: inert(file), reason }));
  for (const path of found.files) {
    const taken = await takeOne(ctx, path, dryRun);
    outcomes.push(typeof taken === 'string' ? { outcome: 'refused', file: inert(path), reason: taken } : taken);
  }
  return outcomes;
}

/** Or why it is refused, without a full stop. */
async function takeOne(ctx: BackendContext, path: string, dryRun: boolean): Promise<ReceiptOutcome | string> {
  const opened = await openBundle(ctx.workspace.read, path, 'receipt');
  if (!opened.ok) return opened.reason;
  const { bundle } = opened;
  if (bundle.kit === null) return 'nobody signed it, so it proves nothing; make it again with the stick: sh firebreak-apply --receipt';
  const said = Order.safeParse(parseJsonBytes(bundle.bytesOf('order.json')));
  const status = AgentStatus.safeParse(parseJsonBytes(bundle.bytesOf('status.json')));
  if (!said.success || !status.success) return 'its order or status is missing or not as the agent writes it';
  const order = findCarriedOrder(ctx.workspace.read, said.data.push);
  if (order === undefined) return `push ${said.data.push} was not carried from this workspace`;
  if (order.host !== said.data.host || status.data.hostId !== order.host) return 'it is of another host than the one that the push was carried to';
  const saidAtMs = Math.min(bundle.manifest.clock * 1000, ctx.nowMs());
  const last = findHostState(ctx.workspace.read, order.host);
  // Of a clock that is ahead the time is that of taking it, which would make every old receipt the newest: there the host's own clock tells.
  const isAhead = bundle.manifest.clock * 1000 > ctx.nowMs();
  const isOld = last?.statusAtMs != null && (saidAtMs <= last.statusAtMs || (isAhead && last.status !== null && status.data.clock <= last.status.clock));
  const proof = isOld && last.status !== null ? proveLater(status.data, last.status) : null;
  if (isOld && proof === null) return `it is from ${new Date(saidAtMs).toISOString()}, and what the host ran at ${new Date(last.statusAtMs ?? 0).toISOString()} is known already; if it is newer and the host's clock was set back, its numbers do not prove that`;
  const host = listHosts(ctx.workspace.read).find(({ id }) => id === order.host);
  if (host === undefined) return 'its host was removed from this workspace';
  const truth = judgeStatus(status.data, { pushId: order.push, bundle: order.bundle, formerBundle: order.formerBundle });
  // What is known of a host never gets older, or the next receipt of a clock that is right would look old.
  const knownAtMs = Math.max(saidAtMs, last?.statusAtMs ?? 0);
  if (!dryRun) store(ctx, { order, host, status: status.data, truth, saidAtMs, knownAtMs, kit: bundle.kit });
  return {
    outcome: 'taken',
    file: inert(path),
    host: HostName.parse(host.name),
    hostId: host.id,
    push: order.push,
    step: CARRIED_STEPS[truth.kind],
    told: truth.detail,
    saidAtMs,
    kit: bundle.kit,
    notes: proof === null ? [] : [`the host’s clock is behind: it says ${new Date(saidAtMs).toISOString()}, and what it ran at ${new Date(knownAtMs).toISOString()} was known; it is newer all the same, since ${proof}. Set its clock`],
  };
}

type Receipt = { order: CarriedOrder; host: HostRecord; status: AgentStatus; truth: Truth; saidAtMs: number; knownAtMs: number; kit: string };

function store(ctx: BackendContext, { order, host, status, truth, saidAtMs, knownAtMs, kit }: Receipt): void {
  const detail = `push ${order.push}, version ${order.version}: the host ${truth.detail}; receipt of ${new Date(saidAtMs).toISOString()}, signed with ${kit}`;
  recordChange(ctx, { action: 'bundles.receipt', subject: host.name, detail: detail.slice(0, 1000), groups: ['hosts', 'pushes', 'policy'] }, (tx) => {
    saveStatus(tx, host.id, status, knownAtMs);
    noteStatus(ctx, tx, host.id, status);
    // What it has confirmed, whichever order that was of; a bundle that is not of this workspace shows as drift.
    const confirmed = status.confirmedBundle;
    if (confirmed !== null && findBundle(tx, host.id, confirmed) !== undefined) setAppliedBundle(tx, host.id, confirmed, knownAtMs);
    recordCarriedPush(tx, { order, host, status, truth, saidAtMs, told: `signed receipt, ${kit}` });
  });
}
