import { AgentStatus } from '../../../shared/contract/agent-replies.ts';
import type { HostId } from '../../../shared/model/ids.ts';

const HASH = 'a'.repeat(64);

/** Of a host that runs what it should, with nothing pending. */
export const aStatus = (hostId: HostId): AgentStatus =>
  AgentStatus.parse({
    v: 1, agentVersion: '1.0.0', hostId, clock: 0, bootId: 'boot', loaded: true, runningBundle: HASH, runningMode: 'observe', runningSeq: 1, confirmedBundle: HASH, confirmedSeq: 1,
    kernelHash: HASH, expectedKernelHash: HASH, pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0,
  });
