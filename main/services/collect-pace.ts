import type { CollectRound, PassedWhy } from '../../shared/contract/collect-rounds.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { findHostState } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { BackendContext } from './backend-context.ts';
import { isTaken } from './host-turns.ts';
import { findRunningPush } from './push-start.ts';
import { resolveTarget } from './ssh-targets.ts';

const MAX_WAIT_MS = 6 * 3_600_000;
const MINUTE_MS = 60_000;

/** A host that did not answer: how many times in a row, when last, and until when it is left alone. */
type Silence = { readonly failures: number; readonly atMs: number; readonly untilMs: number };
/** By host, for as long as the process lives. */
const silences = new WeakMap<BackendContext['workspace'], Map<HostId, Silence>>();

function silencesOf({ workspace }: BackendContext): Map<HostId, Silence> {
  const known = silences.get(workspace);
  if (known !== undefined) return known;
  const fresh = new Map<HostId, Silence>();
  silences.set(workspace, fresh);
  return fresh;
}

/** Why a round passes the host over now, or null. Asks nobody. */
export function whyPassed(ctx: BackendContext, host: HostRecord): PassedWhy | null {
  if (findRunningPush(ctx.workspace.read) !== undefined) return 'push';
  if (isTaken(host.id)) return 'busy';
  if (needsPassword(ctx, host)) return 'password';
  const silence = silencesOf(ctx).get(host.id);
  if (silence === undefined || ctx.nowMs() >= silence.untilMs) return null;
  // Somebody has reached it meanwhile.
  return (findHostState(ctx.workspace.read, host.id)?.lastContactAtMs ?? 0) > silence.atMs ? null : 'left-alone';
}

/** Where there is no way to the host (a jump host that is gone), the attempt says so. */
function needsPassword(ctx: BackendContext, host: HostRecord): boolean {
  try {
    return lacksPassword(resolveTarget(ctx, host.name));
  } catch (error) {
    if (error instanceof FirebreakError) return false;
    throw error;
  }
}

/** Of the host, or of one on the way to it. */
function lacksPassword({ identity, sudo, secrets, jump }: ResolvedTarget): boolean {
  const { sshPassword, sudoPassword } = secrets();
  if (identity.kind === 'password' && sshPassword === null) return true;
  if (sudo === 'password' && sudoPassword === null) return true;
  return jump !== null && lacksPassword({ ...jump, sudo: 'none' });
}

/** Repeated, these could lock an account. */
const REFUSED: ReadonlySet<string> = new Set(['SSH_AUTH_FAILED', 'SUDO_REFUSED']);

/**
 * Stores that the host answered (`code` null), or how it failed: it is asked again two rounds after the first failure, four after the second, … six hours at most, which a refused login waits at once. Half a round
 * of slack, so that no round falls just short of it.
 */
export function noteAnswer(ctx: BackendContext, host: HostId, code: string | null, everyMinutes: number): void {
  const known = silencesOf(ctx);
  if (code === null) return void known.delete(host);
  const failures = (known.get(host)?.failures ?? 0) + 1;
  const atMs = ctx.nowMs();
  const waitMs = REFUSED.has(code) ? MAX_WAIT_MS : Math.min(2 ** failures * everyMinutes * MINUTE_MS, MAX_WAIT_MS);
  known.set(host, { failures, atMs, untilMs: atMs + waitMs - (everyMinutes * MINUTE_MS) / 2 });
}

/** When the next round begins, by when the last one did. Pure. A clock that was put back does not stop them. */
export function nextRoundAtMs(last: CollectRound | null, everyMinutes: number, nowMs: number): number {
  if (last === null || last.startedAtMs > nowMs) return nowMs;
  return Math.max(nowMs, last.startedAtMs + everyMinutes * MINUTE_MS);
}
