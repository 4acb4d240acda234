import { appendAudit } from '../db/audit-store.ts';
import { setAppliedBundle } from '../db/bundle-store.ts';
import { appendPushStep, findPush, findPushHost, setFormerBundle, setPushOutcome, setSessionsCut, setWaves, type PushOutcome } from '../db/push-store.ts';
import { removeHostWait } from '../db/host-wait-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Push, PushHost, PushStep } from '../../shared/model/diff.ts';
import type { HostId, PushId } from '../../shared/model/ids.ts';
import type { SessionsCut } from '../../shared/model/session.ts';
import type { BackendContext } from './backend-context.ts';
import { canMove } from './push-steps.ts';

/** Stores what happens in one push. Each call has committed before it returns, and `onChange` has been given the push as stored. */
export type PushRecorder = {
  readonly push: Push;
  /** The host's step as stored now. */
  stepOf(host: HostId): PushStep | undefined;
  move(host: HostId, step: PushStep, detail: string): void;
  moveToConfirmed(host: HostId, bundle: string, detail: string): void;
  keepFormer(host: HostId, formerBundle: string | null): void;
  keepWaves(waves: readonly (readonly HostId[])[]): void;
  /** `detail` goes into the audit log. */
  keepSessionsCut(host: HostId, cut: SessionsCut, detail: string): void;
  /** Sets how the push stands; `endedAtMs` null while hosts are still to be asked. `also`: in the same transaction. */
  finish(outcome: PushOutcome, endedAtMs: number | null, also?: (tx: WriteDb) => void): void;
};

/** Steps that say what really became of a host go into the audit log; the ones on the way are in the push's own history. */
const AUDITED: ReadonlySet<PushStep> = new Set<PushStep>(['applying', 'confirmed', 'rolled-back', 'failed', 'away', 'unknown']);
const MAX_DETAIL_CHARS = 1000;

export function createPushRecorder(ctx: BackendContext, id: PushId, onChange: (push: Push) => void): PushRecorder {
  const load = (): Push => {
    const push = findPush(ctx.workspace.read, id);
    if (push === undefined) throw new FirebreakError('NOT_FOUND', { what: 'push', name: id, known: [] });
    return push;
  };
  let push = load();
  const store = (work: (tx: WriteDb) => void, reread: () => Push) => {
    ctx.workspace.transaction(work);
    push = reread();
    ctx.changes.emit(['pushes', 'hosts', 'audit']);
    onChange(push);
  };
  const hostNow = (host: HostId): PushHost | undefined => findPushHost(ctx.workspace.read, id, host);
  /** Only what changed is read again: a push of 500 hosts is stored some 5,000 times. */
  const storeFor = (host: HostId, work: (tx: WriteDb) => void) =>
    store(work, () => {
      const stored = hostNow(host);
      return { ...push, hosts: push.hosts.map((entry) => (entry.host === host ? (stored ?? entry) : entry)) };
    });
  const moveIn = (tx: WriteDb, host: HostId, step: PushStep, rawDetail: string) => {
    // Read again: another process may reconcile the same push.
    const former = findPushHost(tx, id, host);
    if (former === undefined || !canMove(former.step, step)) {
      throw new FirebreakError('INTERNAL', { detail: `push ${id}: ${former?.hostName ?? host} cannot go from ${former?.step ?? 'nothing'} to ${step}` });
    }
    const detail = rawDetail.slice(0, MAX_DETAIL_CHARS);
    appendPushStep(tx, id, { host, step, detail, atMs: ctx.nowMs() });
    // From here on what an earlier push had for it is overtaken, whatever becomes of this one.
    if (step === 'applying') removeHostWait(tx, host);
    if (AUDITED.has(step)) {
      appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: `push.${step}`, subject: former.hostName, detail: `${push.kind} ${id}, version ${push.version}${detail === '' ? '' : `: ${detail}`}` });
    }
  };
  return {
    get push() {
      return push;
    },
    stepOf: (host) => hostNow(host)?.step,
    move: (host, step, detail) => storeFor(host, (tx) => moveIn(tx, host, step, detail)),
    moveToConfirmed: (host, bundle, detail) =>
      storeFor(host, (tx) => {
        moveIn(tx, host, 'confirmed', detail);
        setAppliedBundle(tx, host, bundle, ctx.nowMs());
      }),
    keepFormer: (host, formerBundle) => storeFor(host, (tx) => setFormerBundle(tx, id, host, formerBundle)),
    keepWaves: (waves) => store((tx) => setWaves(tx, id, waves), load),
    keepSessionsCut: (host, cut, detail) =>
      storeFor(host, (tx) => {
        setSessionsCut(tx, id, host, cut);
        const subject = push.hosts.find((entry) => entry.host === host)?.hostName ?? host;
        appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'push.sessions-cut', subject, detail: `${push.kind} ${id}, version ${push.version}: ${detail}`.slice(0, MAX_DETAIL_CHARS) });
      }),
    finish: (outcome, endedAtMs, also) =>
      store((tx) => {
        setPushOutcome(tx, id, outcome, endedAtMs);
        also?.(tx);
        const confirmed = push.hosts.filter((host) => host.step === 'confirmed').length;
        appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: `push.${outcome}`, subject: id, detail: `${push.kind} of version ${push.version}: ${confirmed} of ${push.hosts.length} hosts confirmed` });
      }, load),
  };
}
