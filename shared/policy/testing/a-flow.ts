import type { Flow } from '../../model/flow.ts';
import { hostId } from './builders.ts';

/** An accepted inbound flow of host 1 from 10.0.0.2 to tcp/5432, seen ten times. */
export const aFlow = (input: Partial<Flow> = {}): Flow => ({
  id: 1,
  reporter: hostId(1),
  reporterName: 'h1',
  direction: 'in',
  peerAddress: '10.0.0.2',
  peerHost: null,
  peerName: '10.0.0.2',
  protocol: 'tcp',
  port: 5432,
  user: null,
  unit: 'postgresql.service',
  zone: null,
  verdict: 'accepted',
  policyVersion: null,
  connections: 10,
  firstSeenAtMs: Date.UTC(2026, 0, 1),
  process: null,
  processConfidence: 'unknown',
  lastSeenAtMs: Date.UTC(2026, 0, 14, 9, 30),
  ...input,
});
