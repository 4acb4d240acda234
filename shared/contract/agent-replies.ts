import { z } from 'zod';

/**
 * What the agent prints (agent/README.md documents the same). Hosts are hostile by assumption: every text is bounded,
 * unknown keys are dropped, lists are cut. The renderer and reports show all of it inert.
 */
const text = (max: number) => z.string().max(max);

/** `securityUpdates`: pending ones, by package lists that were published at `updateListsAt` (epoch seconds). `diskEncryption`: of /, /var and /home where they are mounts of their own. `edr`: processes by name. */
export const AgentPosture = z.object({
  secureBoot: z.boolean().nullable(),
  securityUpdates: z.number().int().nonnegative().max(1e6).nullable(),
  updateListsAt: z.number().int().nonnegative().max(1e11).nullable(),
  rebootRequired: z.boolean().nullable(),
  diskEncryption: z.array(z.object({ mount: text(64), encrypted: z.boolean().nullable() })).max(8),
  edr: z.array(text(15)).max(64).nullable(),
});
export type AgentPosture = z.infer<typeof AgentPosture>;

export const AgentFacts = z.object({
  v: z.literal(1),
  hostname: text(255),
  machineId: text(64),
  bootId: text(64),
  /** Host's clock, epoch seconds, when the reply was made. */
  clock: z.number(),
  os: z.object({ id: text(64), version: text(64), name: text(200) }),
  kernel: text(128),
  arch: text(32),
  nftVersion: text(64),
  shell: text(64),
  systemd: z.boolean(),
  addresses: z.array(z.object({ interface: text(64), family: z.union([z.literal(4), z.literal(6)]), address: text(45), prefix: z.number().int(), scope: text(32) })).max(4096),
  /** SSH_CONNECTION as the login shell sees it, or null when not run over SSH. */
  ssh: z.object({ clientAddress: text(45), serverAddress: text(45), serverPort: z.number().int() }).nullable(),
  resolvers: z.array(text(45)).max(64),
  timeServers: z.array(text(255)).max(64),
  listening: z.array(z.object({ protocol: text(8), address: text(64), port: z.number().int(), process: text(255).nullable(), pid: z.number().int().nullable(), uid: z.number().int().nullable(), user: text(255).nullable(), unit: text(255).nullable() })).max(4096),
  /** Rules of others that redirect what comes to the host, `port` to `portEnd` (null where the rule's ports are no plain numbers), `address` null for all of its own. Absent from an agent of before. */
  published: z.array(z.object({ protocol: text(16).nullable(), port: z.number().int().nullable(), portEnd: z.number().int().nullable(), address: text(64).nullable(), to: text(128) })).max(256).optional(),
  /** Ways that no hook of the host's network namespace sees: `macvlan`, `macvtap`, `ipvlan`, `ipvtap`, `hardware`, `bridged`, `xdp`, `netdev-forward`; `not-looked` where that could not be found out. */
  bypasses: z.array(z.object({ kind: text(32), name: text(200) })).max(64).optional(),
  /** Other firewall managers found: ufw, firewalld, docker, fail2ban, iptables, nftables.service … */
  firewalls: z.array(z.object({ name: text(64), state: text(64) })).max(64),
  /** Features really probed with `nft -c`: cgroup keys, typeof sets … */
  features: z.record(text(64), z.boolean()),
  timers: z.array(z.object({ unit: text(255), lastFiredAt: z.number().nullable(), nextFiresAt: z.number().nullable() })).max(1024),
  /** Jobs of a cron that runs, of a command only its program's name; `zone` where the table names one. Both absent from an agent of before. */
  cron: z.array(z.object({ user: text(64), schedule: text(120), zone: text(64).nullable(), name: text(64) })).max(256).optional(),
  /** IANA name of the host's own time zone; null where it cannot be told. */
  timeZone: text(64).nullish(),
  /** How well it is kept; null is “not known here”. Absent from an agent of before. */
  posture: AgentPosture.optional(),
});
export type AgentFacts = z.infer<typeof AgentFacts>;

/** Answer of `status`, `apply`, `confirm`, `rollback`: what the host runs now, read back from the kernel. */
export const AgentStatus = z.object({
  v: z.literal(1),
  agentVersion: text(32),
  hostId: text(32).nullable(),
  bootId: text(64),
  clock: z.number(),
  /** Number of the last event that the host keeps; null when it keeps none, absent from an agent that has no events. */
  eventSeq: z.number().int().nullish(),
  /** The highest number of a bundle that was confirmed there (0: none), and whether the host takes signed bundles only. Absent from an agent that knows no signatures. */
  bundleSeq: z.number().int().nonnegative().nullish(),
  pinned: z.boolean().optional(),
  /** Number of the last run of the agent that `footprint` has; null when it has none, absent from an agent that does not measure itself. */
  footprintSeq: z.number().int().nonnegative().nullish(),
  /** Whether table `inet firebreak` is loaded, and hash of the bundle that it was loaded from (null: nothing applied). */
  loaded: z.boolean(),
  runningBundle: text(64).nullable(),
  runningMode: text(16).nullable(),
  runningSeq: z.number().int().nullable(),
  confirmedBundle: text(64).nullable(),
  confirmedSeq: z.number().int().nullable(),
  /** sha256 of `nft -s list table inet firebreak` with the recording sets left out: changes when rules change. */
  kernelHash: text(64).nullable(),
  /** kernelHash right after the running bundle was loaded; unequal to kernelHash means that somebody changed the rules. */
  expectedKernelHash: text(64).nullable(),
  pending: z.object({ id: text(64), by: text(255), bundle: text(64), deadline: z.number(), secondsLeft: z.number() }).nullable(),
  /** The last thing that ended a pending push: confirmed, rolled-back-timeout, rolled-back-boot, rolled-back-asked. */
  last: z.object({ id: text(64), event: text(64), at: z.number() }).nullable(),
  timerEnabled: z.boolean(),
  bootUnitEnabled: z.boolean(),
  /** Users and groups that the running rules name and the host does not tell now, as `user backup`: rules for them match nobody, or whom its directory named in the last week. Agents of before do not say. */
  unresolved: z.array(text(200)).max(1000).optional(),
  spoolBytes: z.number().int(),
  spoolFiles: z.number().int(),
});
export type AgentStatus = z.infer<typeof AgentStatus>;

/** Beyond what any run takes, and small enough that all runs kept of a host add up to an exact number. */
const amountOfRun = z.number().int().nonnegative().max(1e12);
/** One line of `footprint`: what one run of the agent took of its host. */
export const AgentRun = z.object({
  v: z.literal(1),
  /** Rises with every run; two at the same instant may share one. */
  seq: z.number().int().nonnegative(),
  /** Host's clock when the run ended, epoch seconds. */
  at: z.number().int(),
  command: z.string().regex(/^[a-z-]{1,32}$/),
  exit: z.number().int(),
  /** User and system time of the agent and everything that it started. */
  cpuMs: amountOfRun,
  wallMs: amountOfRun,
  /** Of the systemd unit that it ran in, page cache included; null where it ran in a session or the kernel is older than 5.19. */
  peakBytes: amountOfRun.nullable(),
  /** What `drain` printed; null for other commands. */
  sentBytes: amountOfRun.nullable(),
});
export type AgentRun = z.infer<typeof AgentRun>;

const microseconds = z.number().int().nonnegative().max(60_000_000);
/** Answer of `latency`: percentiles of the time of a TCP connect without rules and with the running ones. */
export const AgentLatency = z.object({
  v: z.literal(1),
  bundle: text(64).nullable(),
  connects: z.number().int().positive(),
  withoutP50Us: microseconds,
  withoutP99Us: microseconds,
  withP50Us: microseconds,
  withP99Us: microseconds,
});
export type AgentLatency = z.infer<typeof AgentLatency>;

/** The last line of `footprint`: all files in the state folder. */
export const AgentStored = z.object({ v: z.literal(1), storedBytes: z.number().int().nonnegative() });

/** What `uninstall` says. `changedSinceInstall`: foreign tables (`ip nat`), null where the install kept no record. `left`: paths that stay on purpose. */
export const AgentUninstalled = z.object({
  v: z.literal(1),
  uninstalled: z.literal(true),
  rules: z.enum(['remove', 'leave', 'restore']),
  othersUntouched: z.boolean(),
  changedSinceInstall: z.array(z.string().max(200)).max(200).nullable(),
  left: z.array(z.string().max(200)).max(9),
});
export type AgentUninstalled = z.infer<typeof AgentUninstalled>;

/** Answer of `verify`: what was found not to be as confirmed and installed (rules, units, agent-file, pending; a space between), and what could not be put right. */
export const AgentVerify = z.object({ v: z.literal(1), found: text(200), unrepaired: text(200), /** Not looked at, or not at the rules: a push waits, or another command runs. */ skipped: z.boolean() });
export type AgentVerify = z.infer<typeof AgentVerify>;

const MAX_EVENT_FIELDS = 32;
/** One line of `events`; agent/README.md “Events” says what fields each event has. */
export const AgentEvent = z
  .object({
    v: z.literal(1),
    /** Rises with every event of this host. */
    seq: z.number().int(),
    /** Host's clock, epoch seconds. */
    at: z.number(),
    event: text(32),
    fields: z.record(text(32), z.union([text(1024), z.number(), z.null()])),
  })
  .refine(({ fields }) => Object.keys(fields).length <= MAX_EVENT_FIELDS, 'too many fields');
export type AgentEvent = z.infer<typeof AgentEvent>;

/** One connection that lives on a host, as `sessions` prints it. `local` is the host's end (of forwarded ones the end that its addresses or NAT stand for). */
export const AgentSession = z.object({
  protocol: z.enum(['tcp', 'udp']),
  /** Who began: a peer (`in`), this host (`out`), neither (`routed`), or nothing says so (`unknown`). */
  direction: z.enum(['in', 'out', 'routed', 'unknown']),
  /** `forward`: the other end of `local` is not a process in the host's own network namespace. */
  path: z.enum(['local', 'forward']),
  local: text(45),
  localPort: z.number().int().min(0).max(65535),
  peer: text(45),
  peerPort: z.number().int().min(0).max(65535),
  uid: z.number().int().nullable(),
  user: text(255).nullable(),
  process: text(255).nullable(),
  /** For `in` the unit that listens. */
  unit: text(255).nullable(),
  /** Where connection tracking keeps times (net.netfilter.nf_conntrack_timestamp). */
  ageSeconds: z.number().int().nonnegative().nullable(),
});
export type AgentSession = z.infer<typeof AgentSession>;

/** Answer of `sessions`. `tracking` says where UDP and forwarded ones come from: `proc`, `conntrack`, or `none`: they are missing then. */
export const AgentSessions = z.object({ v: z.literal(1), clock: z.number(), tracking: text(16), sessions: z.array(AgentSession).max(20_000), total: z.number().int().nonnegative().max(1e9), truncated: z.boolean() });
export type AgentSessions = z.infer<typeof AgentSessions>;

const count = z.number().int().nonnegative();
/**
 * Answer of `cut`. `cut`: sockets that were ended · `forgotten`: only connection tracking could be told; the next packet is judged as new ·
 * `failed`: live as before · `kept`: a console's SSH · `gone`: had ended by itself.
 */
export const AgentCut = z.object({ v: z.literal(1), asked: count, cut: count, forgotten: count, failed: count, kept: count, gone: count });
export type AgentCut = z.infer<typeof AgentCut>;

/** One element of a recording set as `nft -j list set` prints it, after unwrapping; see agent/README.md “Snapshot”. */
export const AgentSnapshotHead = z.object({
  v: z.literal(1),
  /** Rises by one with every snapshot taken on this host, for ever; the cursor of `drain`. */
  seq: z.number().int(),
  at: z.number(),
  bootId: text(64),
  /** Changes whenever the recording sets were made anew, so that counters start from 0. */
  epoch: text(64),
  bundle: text(64).nullable(),
  mode: text(16).nullable(),
  /** Numeric cgroup id → path, for every cgroup that lives or that the agent has seen since the epoch began. */
  cgroups: z.record(text(32), text(512)),
  /** uid → name, for the uids in the sets. */
  users: z.record(text(16), text(255)),
  /**
   * Who has outgoing connections open now: peer, protocol, port, uid, process; and of units (cgroup id, uid) the one name that all their
   * processes have. Agents of before do not say; what does not fit is dropped as a whole.
   */
  processes: z
    .object({
      sockets: z.array(z.tuple([text(45), text(8), z.number().int(), z.number().int(), text(64)])).max(4096),
      units: z.array(z.tuple([text(32), z.number().int(), text(64)])).max(4096),
    })
    .catch({ sockets: [], units: [] })
    .default({ sockets: [], units: [] }),
  /** Named counters: lost_in, lost_out, lost_fwd, invalid_in, midstream → packets. */
  counters: z.record(text(64), z.number()),
});
export type AgentSnapshotHead = z.infer<typeof AgentSnapshotHead>;

/** Where on its way through a host a SYN was: `sent` by a process, `left` after everybody's rules; `arrived` before any rule, `entered` after all of them. */
export const WitnessPoint = z.enum(['sent', 'left', 'arrived', 'entered']);
export type WitnessPoint = z.infer<typeof WitnessPoint>;
const portNumber = z.number().int().min(0).max(65535);
/** `witness`: `[point, source, its port, destination, port]`, addresses as eight groups or dotted. `full`: it may have seen more. */
export const AgentWitness = z.object({ v: z.literal(1), seen: z.array(z.tuple([WitnessPoint, z.string().max(45), portNumber, z.string().max(45), portNumber])).max(32_768), full: z.boolean() });
export type AgentWitness = z.infer<typeof AgentWitness>;

/** What the one who connects saw. `no-address`: the tool cannot connect from that address; `no-tool`: there is none; `failed`: the tool did. */
export const TryAnswer = z.enum(['connected', 'refused', 'timed-out', 'unreachable', 'no-address', 'no-tool', 'failed']);
export type TryAnswer = z.infer<typeof TryAnswer>;
/** `try`: answers in the order of the lines. `port` is the connection's own, null where the tool does not tell it. */
export const AgentTries = z.object({
  v: z.literal(1),
  tool: z.string().max(20).nullable(),
  user: z.string().max(64),
  cgroup: z.string().max(1024),
  tries: z.array(z.object({ answer: TryAnswer, port: portNumber.nullable() })).max(32),
});
export type AgentTries = z.infer<typeof AgentTries>;
