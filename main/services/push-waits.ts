import type { Push } from '../../shared/model/diff.ts';
import { holdHostWait, removeHostWait, saveHostWait } from '../db/host-wait-store.ts';
import type { PushOutcome } from '../db/push-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { PushRecorder } from './push-recorder.ts';
import type { PushMember } from './push-world.ts';

/** Hosts that run already what a push is to bring wait for nothing; and whoever rolls back takes back what they wait for. A push that is to load a host ends its wait by loading it (`push-recorder.ts`). */
export function endWaits(tx: WriteDb, { kind, members }: { kind: Push['kind']; members: readonly PushMember[] }): void {
  for (const { bundle, formerBundle } of members) if (kind === 'rollback' || formerBundle === bundle.hash) removeHostWait(tx, bundle.host.id);
}

/** Of a push that did not get through: what it did not show elsewhere is not sent to a host later, when nobody looks. */
export function leaveAsTheyAre(recorder: PushRecorder): void {
  for (const { host, step, detail } of recorder.push.hosts) {
    if (step === 'away') recorder.move(host, 'skipped', `${detail} The push did not get through to the others, so that it does not wait for this one; push again.`);
  }
}

/** Who waits when a push has ended: those that a confirmed one left out; and one that a delivery could not get its rules to waits until a person asks for it. */
export function settleWaits(tx: WriteDb, push: Push, { away, outcome }: { away: 'refuse' | 'leave' | 'wait'; outcome: PushOutcome }): void {
  for (const { host, step, bundle, detail, changedAtMs } of push.hosts) {
    if (away === 'leave' && outcome === 'confirmed' && step === 'away') saveHostWait(tx, { host, push: push.id, version: push.version, bundle, sinceMs: changedAtMs, held: null });
    if (away === 'wait' && step === 'failed') holdHostWait(tx, host, detail);
  }
}
