import { z } from 'zod';
import { DraftVerdict, Flow, FlowVerdict } from '../model/flow.ts';
import { FleetHost, HostKey, SshTarget } from '../model/host.ts';
import { HostId, PolicyVersionId } from '../model/ids.ts';
import { ZoneMode } from '../model/policy.ts';
import { AgentFacts, AgentStatus } from './agent-replies.ts';

/** The three states of a host's policy are kept apart: what the draft wants, what was sent, what was last read back. */
export const HostView = z.strictObject({
  ...FleetHost.omit({ management: true, resolvers: true, timeServers: true }).shape,
  ssh: SshTarget.nullable(),
  pinnedKeys: z.array(HostKey),
  consoleAddresses: z.array(z.string()),
  zone: z.string().nullable(),
  alsoMatches: z.array(z.string()),
  /** What the draft says. */
  draftMode: ZoneMode,
  draftBundle: z.string().nullable(),
  appliedVersion: PolicyVersionId.nullable(),
  appliedBundle: z.string().nullable(),
  appliedMode: ZoneMode.nullable(),
  verifiedAtMs: z.number().int().nullable(),
  /** in-sync: host runs what was applied · behind: the draft differs · drifted: the host runs something else · pending: waits for confirm · unknown: never read · no-agent. */
  state: z.enum(['in-sync', 'behind', 'drifted', 'pending', 'unknown', 'no-agent', 'unmanaged']),
  agentVersion: z.string().nullable(),
  lastContactAtMs: z.number().int().nullable(),
  lastError: z.strictObject({ code: z.string(), title: z.string(), hint: z.string(), atMs: z.number().int() }).nullable(),
  note: z.string(),
});
export type HostView = z.infer<typeof HostView>;

export const HostDetail = z.strictObject({
  ...HostView.shape,
  facts: AgentFacts.nullable(),
  factsAtMs: z.number().int().nullable(),
  status: AgentStatus.nullable(),
});
export type HostDetail = z.infer<typeof HostDetail>;

export const FlowQuery = z.strictObject({
  sinceMs: z.number().int().nullable(),
  untilMs: z.number().int().nullable(),
  verdict: z.array(FlowVerdict).min(1).nullable(),
  /** Selector, zone, host, IP list or CIDR text for the consumer and the provider side; null is no filter. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Free text over names, addresses, ports, users and units; null is no filter. */
  text: z.string().nullable(),
  limit: z.number().int().min(1).max(5000),
  offset: z.number().int().min(0),
});
export type FlowQuery = z.infer<typeof FlowQuery>;

export const FlowRow = z.strictObject({ ...Flow.shape, draft: DraftVerdict });
export type FlowRow = z.infer<typeof FlowRow>;

/** A consumer → provider edge of the map. Both ends' reports of one conversation are joined; the worse verdict counts. */
export const MapEdge = z.strictObject({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  protocol: z.string(),
  port: z.number().int(),
  /** allowed: a rule of the draft explains it · no-rule: seen, no rule yet, nothing enforced · would-block · blocked · unknown. */
  verdict: z.enum(['allowed', 'no-rule', 'would-block', 'blocked', 'unknown']),
  connections: z.number().int(),
  users: z.array(z.string()),
  units: z.array(z.string()),
  firstSeenAtMs: z.number().int(),
  lastSeenAtMs: z.number().int(),
});
export type MapEdge = z.infer<typeof MapEdge>;

export const MapNode = z.strictObject({
  /** `host:<id>` for hosts, `ext:<name>` for IP lists and unknown peers (grouped by /24 or /64). */
  id: z.string(),
  label: z.string(),
  zone: z.string().nullable(),
  host: HostId.nullable(),
  kind: z.enum(['host', 'unmanaged', 'external']),
  mode: ZoneMode.nullable(),
  /** Position stored by the admin's last arrangement, in model pixels, or null. */
  x: z.number().nullable(),
  y: z.number().nullable(),
});
export const MapView = z.strictObject({
  zones: z.array(z.strictObject({ name: z.string(), mode: ZoneMode, hosts: z.number().int() })),
  nodes: z.array(MapNode),
  edges: z.array(MapEdge),
  /** Recording losses in the period, by host name: the map is incomplete there. */
  lost: z.array(z.strictObject({ hostName: z.string(), packets: z.number().int() })),
});
export type MapView = z.infer<typeof MapView>;

export const AuditEvent = z.strictObject({
  seq: z.number().int(),
  atMs: z.number().int(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
  hash: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
