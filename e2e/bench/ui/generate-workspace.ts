import { z } from 'zod';
import { createWorkspace } from '../../../main/db/create-workspace.ts';
import { saveDraft } from '../../../main/db/draft-store.ts';
import { insertHost } from '../../../main/db/host-store.ts';
import { openWorkspace, type Workspace } from '../../../main/db/open-workspace.ts';
import type { WriteDb } from '../../../main/db/sql.ts';
import type { FleetHost } from '../../../shared/model/host.ts';
import { createRandom, type Random } from '../../../shared/seeded-random.ts';
import { syntheticFlows } from '../policy/synthetic-flows.ts';
import { BENCH_NOW_MS, type SyntheticSite, syntheticSite } from '../policy/synthetic-site.ts';

/** `talk`: as hosts of applications talk, all in the last week (for maps); or anything with anybody over a month, so that every value of every column is there (for lists). */
export type WorkspaceSize = { readonly hosts: number; readonly rules: number; readonly flows: number; readonly talk: 'within-apps' | 'with-anybody' };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FLOWS_A_TRANSACTION = 100_000;
const STRANGERS = 60_000;
const PORTS = [22, 53, 80, 443, 5432, 6379, 8080, 8081, 8443, 9100, 9102, 5672, 389, 636, 123] as const;
const USERS = ['root', 'www-data', 'postgres', 'app', 'deploy', 'backup', 'nobody', ''] as const;
const UNITS = ['nginx.service', 'app.service', 'system-postgresql.slice', 'cron.service', 'node-exporter.service', 'user-1001.slice', ''] as const;
const INDEX_ROWS = z.array(z.object({ name: z.string(), sql: z.string() }));

/**
 * A workspace file with a synthetic site and flows that are written past the agents, the same for the same seed and size. Indexes are taken away first and made at the end, in a tenth of the time. @throws WORKSPACE_EXISTS
 */
export function generateWorkspace(path: string, size: WorkspaceSize, seed = 1): void {
  createWorkspace(path);
  const workspace = openWorkspace(path);
  try {
    const site = syntheticSite(seed, { hosts: size.hosts, rules: size.rules });
    workspace.transaction((tx) => {
      for (const host of site.hosts) addHost(tx, host);
      saveDraft(tx, site.policy, BENCH_NOW_MS);
    });
    const indexes = INDEX_ROWS.parse(workspace.read.all("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'flows' AND sql IS NOT NULL"));
    workspace.transaction((tx) => {
      for (const { name } of indexes) tx.run(`DROP INDEX ${name}`);
    });
    if (size.talk === 'within-apps') writeTalk(workspace, site, size.flows, seed);
    else writeFlows(workspace, site, size.flows, createRandom(seed));
    for (const { sql } of indexes) workspace.transaction((tx) => tx.run(sql));
  } finally {
    workspace.close();
  }
}

function addHost(tx: WriteDb, { id, name, labels, addresses, managed }: FleetHost): void {
  const ssh = managed
    ? { address: addresses[0] ?? '192.0.2.1', port: 22, user: 'root', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump: null }
    : null;
  insertHost(tx, {
    id,
    name,
    ssh,
    note: '',
    createdAtMs: BENCH_NOW_MS,
    handLabels: labels,
    addresses: addresses.map((address) => ({ address, source: 'manual' as const })),
  });
}

/** Host by host in the order of the table's key, so that it grows at its end. */
function writeFlows(workspace: Workspace, { hosts }: SyntheticSite, total: number, random: Random): void {
  const reporters = hosts.filter((host) => host.managed).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const perHost = Math.ceil(total / reporters.length);
  let left = total;
  for (let first = 0; first < reporters.length && left > 0; ) {
    workspace.transaction((tx) => {
      for (let written = 0; written < FLOWS_A_TRANSACTION && first < reporters.length && left > 0; first++) {
        const reporter = reporters[first];
        if (reporter === undefined) return;
        const count = Math.min(perHost, left);
        for (const flow of flowsOf(random, reporter, hosts, count)) insertFlow(tx, flow);
        written += count;
        left -= count;
      }
    });
  }
}

type Flow = {
  readonly reporter: string;
  readonly direction: 'in' | 'out';
  readonly peer: string;
  readonly protocol: string;
  readonly port: number;
  readonly user: string;
  readonly unit: string;
  readonly verdict: string;
  readonly connections: number;
  readonly atMs: number;
};

function flowsOf(random: Random, host: FleetHost, hosts: readonly FleetHost[], count: number): Flow[] {
  const flows = new Map<string, Flow>();
  while (flows.size < count) {
    const direction = random.chance(0.5) ? 'in' : 'out';
    const peer = random.chance(0.6) ? (pick(random, hosts).addresses[0] ?? '192.0.2.1') : stranger(random.below(STRANGERS));
    const port = random.chance(0.95) ? pick(random, PORTS) : 1024 + random.below(4000);
    const protocol = port === 53 || port === 123 ? 'udp' : 'tcp';
    const verdict = random.chance(0.9) ? 'accepted' : random.chance(0.6) ? 'would-block' : 'blocked';
    const [user, unit] = [pick(random, USERS), pick(random, UNITS)];
    const key = [direction, peer, protocol, String(port).padStart(5, '0'), user, unit, verdict].join(' ');
    flows.set(key, {
      reporter: host.id,
      direction,
      peer,
      protocol,
      port,
      user,
      unit,
      verdict,
      connections: 1 + random.below(100_000),
      atMs: BENCH_NOW_MS - random.below(30 * DAY_MS),
    });
  }
  return [...flows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, flow]) => flow);
}

/** One row a key, each with some hours of the week: what a map reads. */
function writeTalk(workspace: Workspace, site: SyntheticSite, total: number, seed: number): void {
  const keys = new Set<string>();
  workspace.transaction((tx) => {
    for (const part of syntheticFlows(site, seed, total * MOST_DRAWN)) {
      for (const flow of part) {
        const { reporter, direction, peerAddress: peer, protocol, port, verdict, connections } = flow;
        const [user, unit, atMs] = [flow.user ?? '', flow.unit ?? '', BENCH_NOW_MS - Math.floor((BENCH_NOW_MS - flow.lastSeenAtMs) / WEEKS_A_MONTH)];
        const key = [reporter, direction, peer, protocol, port, user, unit, verdict].join(' ');
        if (keys.has(key) || direction === 'forward') continue;
        keys.add(key);
        insertFlow(tx, { reporter, direction, peer, protocol, port, user, unit, verdict, connections, atMs }, HOURS_A_KEY);
        if (keys.size === total) return;
      }
    }
    throw new Error(`a site of ${site.hosts.length} hosts has no ${total} different flows`);
  });
}

const HOURS_A_KEY = 12;
const WEEKS_A_MONTH = 30 / 7;
/** Of so many flows for each that is wanted, enough differ. */
const MOST_DRAWN = 4;

const stranger = (n: number): string => `100.${64 + (n >> 14)}.${(n >> 7) & 127}.${n & 127}`;

function insertFlow(tx: WriteDb, { reporter, direction, peer, protocol, port, user, unit, verdict, connections, atMs }: Flow, hours = 1): void {
  const { lastId } = tx.run(
    `INSERT INTO flows (reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, zone, verdict, policy_version, connections, first_seen_at_ms, last_seen_at_ms)
     VALUES (?, ?, ?, '', ?, ?, ?, ?, '', ?, 0, ?, ?, ?)`,
    [reporter, direction, peer, protocol, port, user, unit, verdict, connections, atMs - hours * HOUR_MS, atMs],
  );
  for (let hour = 0; hour < hours; hour++) {
    tx.run('INSERT INTO flow_hours (flow_id, hour_start_ms, connections) VALUES (?, ?, ?)', [
      lastId,
      (Math.floor(atMs / HOUR_MS) - hour) * HOUR_MS,
      Math.ceil(connections / hours),
    ]);
  }
}

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}
