import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { createAgentClient } from './agent-client.ts';
import { assertOurAgent } from './agent-owner.ts';
import { recordStatus } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { noteClock } from './host-clock.ts';
import { forgetHostEvents, readEventCursor, storeEvents } from './host-events.ts';

export type StatusAndEvents = { status: AgentStatus; /** One line for each event that was not stored yet, oldest first. */ news: string[] };

/**
 * Reads a host's status, the events that it has recorded since the last time and how far its clock is off, and stores them. With `mend`, a host that does not run
 * what it should, or whose timers are off, is told to put itself right: where every timer was deleted nothing else would.
 */
export async function readStatusAndEvents(ctx: BackendContext, host: HostId, target: ResolvedTarget, options: { signal: AbortSignal | undefined; mend: boolean }): Promise<StatusAndEvents> {
  const agents = createAgentClient(ctx.sshPool);
  const call = options.signal === undefined ? {} : { signal: options.signal };
  // Before the status, so that what somebody else stores meanwhile does not look as if the host had begun anew.
  const former = readEventCursor(ctx, host);
  const askedAtMs = ctx.nowMs();
  let status = await agents.status(target, call);
  noteClock(ctx, host, status.clock, askedAtMs);
  recordStatus(ctx, host, status);
  assertOurAgent(host, target.hostName, status);
  // An agent without events has no `verify` either.
  if (status.eventSeq === undefined) return { status, news: [] };
  if (options.mend && needsMending(status)) {
    await agents.verify(target, call);
    status = await agents.status(target, call);
    recordStatus(ctx, host, status);
  }
  const lastSeq = status.eventSeq;
  if (lastSeq == null) return { status, news: [] };
  // It counts from the beginning again: repaired by hand, or an older copy of its disk.
  if (lastSeq < former) forgetHostEvents(ctx, host);
  const cursor = readEventCursor(ctx, host);
  if (lastSeq <= cursor) return { status, news: [] };
  return { status, news: storeEvents(ctx, { id: host, name: target.hostName }, await agents.events(target, cursor, call), lastSeq) };
}

/** Pure. A push that waits is its own timer's business. */
export function needsMending(status: AgentStatus): boolean {
  if (status.pending !== null) return false;
  return !status.loaded || status.kernelHash !== status.expectedKernelHash || !status.timerEnabled || !status.bootUnitEnabled;
}
