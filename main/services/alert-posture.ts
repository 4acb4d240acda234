import type { HostId } from '../../shared/model/ids.ts';
import type { SaidPosture } from '../../shared/model/posture.ts';
import { isKnownGood, isShort } from '../../shared/text/posture-text.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert, settleAlerts } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';

/** Pending updates come with each update of the lists: nobody did anything to the host. */
const WATCHED = ['secure-boot', 'disk', 'edr'] as const;

/** A part that was good when the host last said so and falls short now; it settles when it no longer does. Unknown is neither. */
export function notePosture(ctx: BackendContext, tx: WriteDb, host: HostId, before: SaidPosture | null, after: SaidPosture | null): void {
  settleAlerts(ctx, tx, host, 'posture', ({ subject }) => (subject.kind !== 'posture' || after === null || isShort(subject.fact, after.values[subject.fact]) ? null : 'the host says that it is no longer so'));
  if (before === null || after === null) return;
  for (const fact of WATCHED) {
    const [was, is] = [before.values[fact], after.values[fact]];
    if (!isKnownGood(fact, was) || !isShort(fact, is)) continue;
    raiseAlert(ctx, tx, { host, kind: 'posture', key: fact, subject: { kind: 'posture', fact, value: is, before: was }, count: 1, atMs: ctx.nowMs() });
  }
}
