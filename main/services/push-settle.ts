import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { type ErrorCode, FirebreakError } from '../../shared/errors.ts';
import { type HostLoad, type PushWorld, sentenceOf, throwIfOver } from './push-world.ts';
import { judgeStatus, type Truth } from './push-truth.ts';

const ASK_EVERY_MS = 2_000;
/** How long after the host's own deadline it is still asked: its timer may be late, and sshd needs a moment. */
const GRACE_MS = 10_000;
const ASK_TIMEOUT_MS = 10_000;

/** Failures after which a command may have run all the same: the answer is missing, not the deed. */
const IN_DOUBT: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['HOST_DISCONNECTED', 'HOST_TIMEOUT', 'OUTPUT_TOO_LARGE', 'HOST_REPLY_INVALID', 'INTERNAL']);

/** `loading` says that the failure came before the host had answered to the load. */
export type Failure = { error: unknown; loading: boolean };

/**
 * After something went wrong once loading had begun: stores `failed`, then asks the host over new connections what it did, until its
 * deadline and a grace are over. Stores `rolled-back`, `failed` (never loaded) or `confirmed` only when read back from the host; else `unknown`.
 * Gives whether the host turned out to have confirmed.
 */
export async function settleHost(world: PushWorld, load: HostLoad, failure: Failure): Promise<boolean> {
  const reason = sentenceOf(failure.error);
  world.move(load.host, 'failed', reason);
  // The rollback was armed at the latest now, so that it has fired at the latest one window from now.
  const limitMs = world.nowMs() + load.confirmWithinSeconds * 1000 + GRACE_MS;
  const isRefusal = failure.loading && !isInDoubt(failure.error);
  let sawLoaded = !failure.loading;
  for (;;) {
    // By when it was asked, as in reconcile-service.ts.
    const isLast = world.nowMs() >= limitMs;
    const answer = await askHost(world, load);
    if (answer.kind === 'told') {
      const { truth } = answer;
      sawLoaded ||= truth.kind === 'pending' || answer.status.last?.id === load.pushId;
      // A load whose answer was lost may still be on its way; only the host's own record, or the end of the window, rules that out.
      const isConclusive = isLast || isRefusal || sawLoaded;
      if (truth.kind === 'confirmed') {
        world.moveToConfirmed(load, `${truth.detail}; read back after: ${reason}`);
        return true;
      }
      if (truth.kind === 'rolled-back' && isConclusive) {
        world.move(load.host, isRefusal && !sawLoaded ? 'failed' : 'rolled-back', `${reason} The host ${truth.detail} (read back).`);
        return false;
      }
      // It refused, and runs or waits for somebody else's push: ours was never there, whatever becomes of the other.
      if (truth.kind === 'other' && isRefusal && !sawLoaded) {
        world.move(load.host, 'failed', `${reason} The host ${truth.detail} (read back).`);
        return false;
      }
    }
    if (isLast) {
      world.move(load.host, 'unknown', `${reason} ${answer.kind === 'told' ? `The host ${answer.truth.detail}.` : `Asked since, no answer: ${answer.why}`}`);
      return false;
    }
    await world.wait(Math.min(ASK_EVERY_MS, Math.max(1, limitMs - world.nowMs())));
  }
}

type Answer = { kind: 'told'; truth: Truth; status: AgentStatus } | { kind: 'silent'; why: string };

export type AskWorld = Pick<PushWorld, 'agents' | 'keepStatus'>;

/** Reads the host's status over a new connection. */
export async function askHost(world: AskWorld, load: Pick<HostLoad, 'host' | 'target' | 'pushId' | 'bundle' | 'formerBundle'>): Promise<Answer> {
  let status: AgentStatus;
  try {
    status = await world.agents.status(load.target, { freshConnection: true, timeoutMs: ASK_TIMEOUT_MS });
  } catch (error) {
    throwIfOver(error);
    return { kind: 'silent', why: sentenceOf(error) };
  }
  world.keepStatus(load.host, status);
  return { kind: 'told', truth: judgeStatus(status, load), status };
}

function isInDoubt(error: unknown): boolean {
  return !(error instanceof FirebreakError) || IN_DOUBT.has(error.code);
}
