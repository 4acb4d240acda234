import { z } from 'zod';
import { DraftKind, DraftVerdict, Flow, FlowVerdict } from '../model/flow.ts';
import { FlowOrigin } from '../model/flow-source.ts';
import { FleetHost, HostKey, SshTarget } from '../model/host.ts';
import { HostWait } from '../model/host-wait.ts';
import { HostId, PolicyVersionId } from '../model/ids.ts';
import { ZoneMode } from '../model/policy.ts';
import { Posture, PosturePart } from '../model/posture.ts';
import { Labels } from '../model/label.ts';
import { AgentFacts, AgentStatus } from './agent-replies.ts';
import { HostAddressTime, HostMachine } from './host-identity.ts';
import { MapGroup, MapHub, MapLevel, MapPicture, MapVerdict } from './map-query.ts';

/** What an admin should know of a host beside its state. `code` is stable (`SPOOL_FULL`), `text` one sentence for people that needs no other context. */
export const HostWarning = z.strictObject({ code: z.string(), text: z.string() });
export type HostWarning = z.infer<typeof HostWarning>;

/** The three states of a host's policy are kept apart: what the draft wants, what was sent, what was last read back. */
export const HostView = z.strictObject({
  ...FleetHost.omit({ management: true, resolvers: true, timeServers: true }).shape,
  posture: Posture,
  /** The part of `labels` that was set by hand; the rest comes from label rules. */
  handLabels: FleetHost.shape.labels,
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
  /** Worst first; empty when nothing is known to be wrong. `main/services/host-warnings.ts` is where they come from. */
  warnings: z.array(HostWarning),
  note: z.string(),
  /** Null: it missed no push that it is still to get. */
  waits: HostWait.nullable(),
});
export type HostView = z.infer<typeof HostView>;

/** What an agent recorded on its host. `atMs` is the host's clock, `text` one line for people. */
export const HostEvent = z.strictObject({ seq: z.number().int(), atMs: z.number().int(), event: z.string(), text: z.string() });
export type HostEvent = z.infer<typeof HostEvent>;

/**
 * A listening service of the host's last facts, and what was ever recorded as let in to its port. `everConnected` is null where nobody can
 * say: nothing was recorded yet, or it listens on loopback only, which is not recorded. Times are epoch ms.
 */
export const ListeningService = z.strictObject({
  protocol: z.string(),
  address: z.string(),
  port: z.number().int(),
  process: z.string().nullable(),
  user: z.string().nullable(),
  unit: z.string().nullable(),
  everConnected: z.boolean().nullable(),
  /** Distinct peer addresses. */
  peers: z.number().int().nonnegative(),
  connections: z.number().int().nonnegative(),
  firstConnectedAtMs: z.number().int().nullable(),
  lastConnectedAtMs: z.number().int().nullable(),
});
export type ListeningService = z.infer<typeof ListeningService>;

export const HostDetail = z.strictObject({
  ...HostView.shape,
  /** Which machines answered for it, newest sighting first; empty where none said its id. */
  machines: z.array(HostMachine),
  /** Addresses that it reports, then those that it did, the newest first. */
  addressTimes: z.array(HostAddressTime),
  /** Newest first, at most 50. */
  events: z.array(HostEvent),
  /** How well it is kept, each part with since when; what is too old is unknown. `postureAtMs`: when it last said so. */
  postureParts: z.array(PosturePart),
  postureAtMs: z.number().nullable(),
  facts: AgentFacts.nullable(),
  factsAtMs: z.number().int().nullable(),
  /** In the order of the facts. */
  listening: z.array(ListeningService),
  /** From when on connections were recorded (start of that hour, epoch ms): a service that nobody connected to was not used since then. Null: never. */
  recordedSinceMs: z.number().int().nullable(),
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
  /** What the draft would do with it; looks at every flow that matches the rest. Null, or left out, is no filter. */
  draft: z.array(DraftKind).min(1).nullable().optional(),
  /** Services as rules name them, with commas between several: tcp/5432, udp/5000-5010, icmp, or the name of one. Null, or left out, is no filter. */
  service: z.string().nullable().optional(),
  /** A part of the user's or the unit's name. */
  user: z.string().nullable().optional(),
  unit: z.string().nullable().optional(),
  limit: z.number().int().min(1).max(5000),
  offset: z.number().int().min(0),
});
export type FlowQuery = z.infer<typeof FlowQuery>;

/** `origin` is set where no agent saw the flow: it was imported. `reporter` is then the host that has the provider's address, else the consumer's; null where neither end is a host, and `id` is below 0. */
export const FlowRow = z.strictObject({ ...Flow.shape, reporter: HostId.nullable(), draft: DraftVerdict, origin: FlowOrigin.nullable() });
export type FlowRow = z.infer<typeof FlowRow>;

/** Flows of a period by what the draft would do with them: one row a kind and rule (or reason), what is blocked first, then by connections. */
export const DraftVerdicts = z.strictObject({
  flows: z.number().int(),
  connections: z.number().int(),
  rows: z.array(z.strictObject({ kind: DraftKind, by: z.string(), flows: z.number().int(), connections: z.number().int(), lastSeenAtMs: z.number().int(), example: z.string() })),
});
export type DraftVerdicts = z.infer<typeof DraftVerdicts>;

/** A consumer → provider edge of the map: one service between two nodes as shown. Both ends' reports of one conversation are joined; the worse verdict counts. */
export const MapEdge = z.strictObject({
  id: z.string(),
  /** Equal to `target` for what goes on within a group that is shut. */
  source: z.string(),
  target: z.string(),
  protocol: z.string(),
  port: z.number().int(),
  /** What the kernels did, explained by the rules that hosts run now. */
  verdict: MapVerdict,
  /** What the draft would do with it; would-block and blocked by the mode that the draft gives the zone. */
  draft: MapVerdict,
  /** Conversations (consumer, provider, service) that it stands for, and how many of these the draft would judge otherwise. */
  pairs: z.number().int(),
  differing: z.number().int(),
  connections: z.number().int(),
  /** At most 20 each, sorted. */
  users: z.array(z.string()),
  units: z.array(z.string()),
  processes: z.array(z.string()),
  /** Names of the sources that tell it or a part of it; empty where agents recorded all of it. */
  sources: z.array(z.string()),
  firstSeenAtMs: z.number().int(),
  lastSeenAtMs: z.number().int(),
});
export type MapEdge = z.infer<typeof MapEdge>;

export const MapNode = z.strictObject({
  /** `host:<id>` for hosts, `ext:<name>` for IP lists and unknown peers (grouped by /24 or /64), `zone:`, `app:` and `role:` for groups that are shut, `rest:` for hosts that an open group has no room for, `peers:` for unnamed peers together. */
  id: z.string(),
  label: z.string(),
  zone: z.string().nullable(),
  host: HostId.nullable(),
  kind: z.enum(['host', 'unmanaged', 'external', 'zone', 'app', 'role', 'rest', 'peers']),
  mode: ZoneMode.nullable(),
  /** The open group that it is drawn in, or null. */
  parent: z.string().nullable(),
  /** How many hosts (for `peers`: networks) it stands for, and the first 40 of their names. */
  count: z.number().int(),
  names: z.array(z.string()),
  /** Of role, app, env: what all of its hosts share. */
  labels: Labels,
  /** Hubs that it uses (or is) and that are not drawn as lines. */
  badges: z.array(z.strictObject({ hub: z.string(), isProvider: z.boolean(), connections: z.number().int() })),
  /** Where the admin put it, in model pixels, or null. */
  x: z.number().nullable(),
  y: z.number().nullable(),
  /** Where it was drawn last, or null. */
  keptX: z.number().nullable(),
  keptY: z.number().nullable(),
});
export const MapView = z.strictObject({
  /** The level that is shown; coarser than asked for where more than 600 nodes would have been drawn. */
  level: MapLevel,
  picture: MapPicture,
  /** Hosts of the workspace, and conversations of the period before and after the filters. */
  totals: z.strictObject({ hosts: z.number().int(), conversations: z.number().int(), shown: z.number().int() }),
  zones: z.array(z.strictObject({ name: z.string(), mode: ZoneMode, hosts: z.number().int() })),
  /** Outermost first. */
  groups: z.array(MapGroup),
  nodes: z.array(MapNode),
  edges: z.array(MapEdge),
  hubs: z.array(MapHub),
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
