import { createBackend } from '../../main/services/backend.ts';
import { listFleet } from '../../main/services/fleet.ts';
import { createClient } from '../../main/rpc/client.ts';
import { createSimulator, type Simulator } from '../../shared/policy/simulate.ts';
import type { Judge } from '../fakehost/fake-host-spec.ts';

/**
 * What the in-process hosts of the demo ask instead of a kernel: the policy simulator over the workspace's draft, which in the demo's story
 * is what was pushed last. `refresh` reads it anew; before the first call everything is refused.
 */
export function createDraftJudge(workspacePath: string): { judge: Judge; refresh: () => Promise<void> } {
  let simulator: Simulator | undefined;
  return {
    judge: ({ hostId, direction, packet }) => {
      const host = simulator?.hostsAt(direction === 'in' ? packet.destination : packet.source).find((candidate) => candidate.id === hostId);
      if (simulator === undefined || host === undefined) return false;
      const asked = { ...packet, sourcePort: null };
      return (direction === 'in' ? simulator.decideInbound(host.id, asked) : simulator.decideOutbound(host.id, asked)).verdict === 'allowed';
    },
    refresh: async () => {
      const backend = createBackend({ workspacePath, user: 'demo' });
      const { policy } = await createClient(backend).policy.get({});
      simulator = createSimulator(policy, listFleet(backend), { nowMs: Date.now() });
      await backend.close();
    },
  };
}
