import { z } from 'zod';
import { HostId, PolicyVersionId } from './ids.ts';

export const FlowDirection = z.enum(['in', 'out', 'forward']);
export type FlowDirection = z.infer<typeof FlowDirection>;

/** What the kernel did at the reporting host. `would-block` happened, but enforce would have refused it. */
export const FlowVerdict = z.enum(['accepted', 'would-block', 'blocked']);
export type FlowVerdict = z.infer<typeof FlowVerdict>;

export const DraftKind = z.enum(['allowed', 'blocked', 'observed', 'unknown']);
export type DraftKind = z.infer<typeof DraftKind>;

/** What the draft would do with the flow. `by` names the rule, or null where the zone's default decides. */
export const DraftVerdict = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('allowed'), by: z.string() }),
  z.strictObject({ kind: z.literal('blocked'), by: z.string().nullable() }),
  z.strictObject({ kind: z.literal('observed'), why: z.string() }),
  z.strictObject({ kind: z.literal('unknown'), why: z.string() }),
]);
export type DraftVerdict = z.infer<typeof DraftVerdict>;

/**
 * How well the process of a flow is known. exact: seen with a socket of just this peer and port, or the only listener of the port ·
 * inferred: the only name among the processes of its unit and user · unknown: not seen, or several.
 */
export const ProcessConfidence = z.enum(['exact', 'inferred', 'unknown']);
export type ProcessConfidence = z.infer<typeof ProcessConfidence>;

/** One aggregate of the flows table, as read: peer resolved now, never when it was stored. Times are epoch ms, UTC. */
export const Flow = z.strictObject({
  id: z.number().int(),
  reporter: HostId,
  reporterName: z.string(),
  direction: FlowDirection,
  peerAddress: z.string(),
  /** The managed or unmanaged host that has this address now, or null. */
  peerHost: HostId.nullable(),
  /** Host name, else IP list name, else the address. */
  peerName: z.string(),
  protocol: z.string(),
  /** Destination port; 0 for protocols without ports. */
  port: z.number().int().min(0).max(65535),
  /** The local user: the connecting process for `out`, the listener's owner (from facts) for `in`; null where unknown. */
  user: z.string().nullable(),
  /** The local systemd unit or cgroup path; null where the kernel could not say. */
  unit: z.string().nullable(),
  /** The local process's name (15 bytes, what it calls itself), null exactly where the confidence is `unknown`. */
  process: z.string().nullable(),
  processConfidence: ProcessConfidence,
  /** The local zone when the flow was stored (as in the policy version then in force), or null. */
  zone: z.string().nullable(),
  verdict: FlowVerdict,
  policyVersion: PolicyVersionId.nullable(),
  /** New connections counted by the kernel (SYN retries of dropped connections count too). */
  connections: z.number().int().nonnegative(),
  firstSeenAtMs: z.number().int(),
  lastSeenAtMs: z.number().int(),
});
export type Flow = z.infer<typeof Flow>;
