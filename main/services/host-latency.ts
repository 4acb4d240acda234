import type { HostLatency } from '../../shared/contract/host-evidence.ts';
import { saveLatency } from '../db/footprint-store.ts';
import { createAgentClient } from './agent-client.ts';
import { assertOurAgent } from './agent-owner.ts';
import { noteFootprint } from './alert-footprint.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { recordObservation } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';

/**
 * Has a host measure what its running rules add to the time of a connect (agent/README.md “Footprint”), and stores it. Takes some seconds of
 * the host's CPU; its traffic is not touched.
 * @throws NOT_FOUND · AGENT_NOT_OURS · HOST_UNSUPPORTED where a tool is missing · those of an SSH call
 */
export async function measureLatency(ctx: BackendContext, name: string, signal?: AbortSignal): Promise<HostLatency> {
  const host = getHost(ctx, name);
  const target = resolveTarget(ctx, host.name);
  const agents = createAgentClient(ctx.sshPool);
  const call = signal === undefined ? {} : { signal };
  assertOurAgent(host.id, host.name, await agents.status(target, call));
  const { v: _, ...measured } = await agents.latency(target, call);
  const latency: HostLatency = { measuredAtMs: ctx.nowMs(), ...measured };
  recordObservation(ctx, ['hosts'], (tx) => {
    saveLatency(tx, host.id, latency);
    noteFootprint(ctx, tx, host.id);
  });
  return latency;
}
