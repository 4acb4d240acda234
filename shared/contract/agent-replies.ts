import { z } from 'zod';

/**
 * What the agent prints (agent/README.md documents the same). Hosts are hostile by assumption: every text is bounded,
 * unknown keys are dropped, lists are cut. The renderer and reports show all of it inert.
 */
const text = (max: number) => z.string().max(max);

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
  /** Other firewall managers found: ufw, firewalld, docker, fail2ban, iptables, nftables.service … */
  firewalls: z.array(z.object({ name: text(64), state: text(64) })).max(64),
  /** Features really probed with `nft -c`: cgroup keys, typeof sets … */
  features: z.record(text(64), z.boolean()),
  timers: z.array(z.object({ unit: text(255), lastFiredAt: z.number().nullable(), nextFiresAt: z.number().nullable() })).max(1024),
});
export type AgentFacts = z.infer<typeof AgentFacts>;

/** Answer of `status`, `apply`, `confirm`, `rollback`: what the host runs now, read back from the kernel. */
export const AgentStatus = z.object({
  v: z.literal(1),
  agentVersion: text(32),
  hostId: text(32).nullable(),
  bootId: text(64),
  clock: z.number(),
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
  /** Users and groups that the running rules name and the host does not have, as `user backup`: rules for them match nobody. Agents of before do not say. */
  unresolved: z.array(text(200)).max(1000).optional(),
  spoolBytes: z.number().int(),
  spoolFiles: z.number().int(),
});
export type AgentStatus = z.infer<typeof AgentStatus>;

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
  /** Named counters: lost_in, lost_out, lost_fwd, invalid_in, midstream → packets. */
  counters: z.record(text(64), z.number()),
});
export type AgentSnapshotHead = z.infer<typeof AgentSnapshotHead>;
