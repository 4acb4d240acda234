import type { HostId } from '../../shared/model/ids.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { createAgentClient } from './agent-client.ts';
import { readStatusAndEvents } from './agent-events.ts';
import { recordFacts, recordFailure } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { collectFootprint } from './footprint.ts';
import { assertSameMachine } from './host-machine.ts';
import { ingestInParts } from './drain-lines.ts';
import { type IngestResult, readDrainCursor } from './ingest.ts';

/** A reply at least this long may have been cut by the agent (it stops after 32 MiB), so that it is asked again. */
const CUT_AFTER_CHARS = 16_000_000;
/** A host that never comes to an end is left after about 2 GB. */
const MAX_DRAINS = 64;

type Drained = Pick<IngestResult, 'snapshots' | 'connections' | 'rejected'>;
/** `clockSeconds` is what the host's clock said. */
export type Collected = Drained & { clockSeconds: number };

/** Reads facts and status, and fetches the recorded flows. Facts come first: they say which machine it is, and whose the listening services are. @throws HOST_REBUILT */
export async function collectHost(ctx: BackendContext, host: HostId, target: ResolvedTarget, signal?: AbortSignal): Promise<Collected> {
  const agents = createAgentClient(ctx.sshPool);
  const call = signal === undefined ? {} : { signal };
  assertSameMachine(target.hostName, recordFacts(ctx, host, await agents.facts(target, call)));
  const { status } = await readStatusAndEvents(ctx, host, target, { signal, mend: true });
  const drained = await drainHost(ctx, host, target, { now: true, signal });
  // Last, so that it has what this visit took.
  await collectFootprint(ctx, host, target, status, call);
  return { ...drained, clockSeconds: status.clock };
}

type Draining = { now: boolean; signal?: AbortSignal | undefined };

/** Has the host take a snapshot where `now` is asked for, and stores every one that is not stored yet. */
async function drainHost(ctx: BackendContext, host: HostId, target: ResolvedTarget, { now, signal }: Draining): Promise<Drained> {
  const agents = createAgentClient(ctx.sshPool);
  const sum = { snapshots: 0, connections: 0, rejected: 0 };
  for (let drains = 0; drains < MAX_DRAINS; drains += 1) {
    const lines = await agents.drain(target, { cursor: readDrainCursor(ctx, host), now: now && drains === 0 }, signal === undefined ? {} : { signal });
    const result = await ingestInParts(ctx, host, lines, signal);
    sum.snapshots += result.snapshots;
    sum.connections += result.connections;
    sum.rejected += result.rejected;
    const lengthChars = lines.reduce((total, line) => total + line.length, 0);
    if (result.snapshots === 0 || (!result.isCut && lengthChars < CUT_AFTER_CHARS)) break;
  }
  return sum;
}

/** For a push, which goes on without: a failure is kept as the host's last one. The host took its snapshot when it loaded. Never rejects for what a host does. */
export async function drainQuietly(ctx: BackendContext, host: HostId, target: ResolvedTarget): Promise<void> {
  try {
    await drainHost(ctx, host, target, { now: false });
  } catch (error) {
    recordFailure(ctx, host, error);
  }
}
