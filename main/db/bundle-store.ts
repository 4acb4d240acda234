import { z } from 'zod';
import { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { ZoneMode } from '../../shared/model/policy.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** A bundle made for one host. `rulesetJson` is the compiled IR that `text` was printed from ('null' for the install's observe bundle). `version` null: not of a policy version. */
export type StoredBundle = {
  host: HostId;
  hash: string;
  version: PolicyVersionId | null;
  mode: ZoneMode;
  zone: string | null;
  text: string;
  rulesetJson: string;
  createdAtMs: number;
};
const BundleRow = z.object({
  host_id: HostId,
  hash: z.string(),
  version: PolicyVersionId.nullable(),
  mode: ZoneMode,
  zone: z.string().nullable(),
  text: z.string(),
  ruleset_json: z.string(),
  created_at_ms: z.number(),
});

const BundleHead = BundleRow.pick({ hash: true, version: true, mode: true, zone: true });

/** What a host was last confirmed to run, and what it ran before that. */
export type HostPolicy = { host: HostId; appliedBundle: string; appliedAtMs: number; previousBundle: string | null };
const PolicyRow = z.object({ host_id: HostId, applied_bundle: z.string(), applied_at_ms: z.number(), previous_bundle: z.string().nullable() });

/** Idempotent: a host's bundle is named by its hash, and the newest version that has this content is kept. */
export function saveBundle(tx: WriteDb, bundle: StoredBundle): void {
  tx.run(
    `INSERT INTO bundles (host_id, hash, version, mode, zone, text, ruleset_json, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (host_id, hash) DO UPDATE SET version = excluded.version, zone = excluded.zone`,
    [bundle.host, bundle.hash, bundle.version, bundle.mode, bundle.zone, bundle.text, bundle.rulesetJson, bundle.createdAtMs],
  );
}

export function findBundle(db: ReadDb, host: HostId, hash: string): StoredBundle | undefined {
  const row = db.one('SELECT * FROM bundles WHERE host_id = ? AND hash = ?', [host, hash]);
  if (row === undefined) return undefined;
  const r = BundleRow.parse(row);
  return {
    host: r.host_id,
    hash: r.hash,
    version: r.version,
    mode: r.mode,
    zone: r.zone,
    text: r.text,
    rulesetJson: r.ruleset_json,
    createdAtMs: r.created_at_ms,
  };
}

/** The same without the texts, which are most of it. */
export function findBundleHead(db: ReadDb, host: HostId, hash: string): AppliedHead | undefined {
  const row = db.one('SELECT hash, version, mode, zone FROM bundles WHERE host_id = ? AND hash = ?', [host, hash]);
  return row === undefined ? undefined : BundleHead.parse(row);
}

/** When a bundle of the version was first made for a host that had not had it; undefined when none was. */
export function findNewestBundleTime(db: ReadDb, version: PolicyVersionId): number | undefined {
  const { newest } = z.object({ newest: z.number().nullable() }).parse(db.one('SELECT max(created_at_ms) AS newest FROM bundles WHERE version = ?', [version]));
  return newest ?? undefined;
}

/** Hash → who it belongs to, without the texts: for naming the version and zone of a snapshot. */
export function listBundleHeads(db: ReadDb, host: HostId): AppliedHead[] {
  return db.all('SELECT hash, version, mode, zone FROM bundles WHERE host_id = ?', [host]).map((row) => BundleHead.parse(row));
}

/** What each host was last confirmed to run, without the texts. */
export type AppliedHead = { hash: string; version: PolicyVersionId | null; mode: ZoneMode; zone: string | null };

export function listAppliedHeads(db: ReadDb): Map<HostId, AppliedHead> {
  const Applied = z.object({ host_id: HostId, hash: z.string(), version: PolicyVersionId.nullable(), mode: ZoneMode, zone: z.string().nullable() });
  const rows = db.all(
    'SELECT b.host_id, b.hash, b.version, b.mode, b.zone FROM host_policies p JOIN bundles b ON b.host_id = p.host_id AND b.hash = p.applied_bundle',
  );
  return new Map(rows.map((raw) => Applied.parse(raw)).map((r) => [r.host_id, { hash: r.hash, version: r.version, mode: r.mode, zone: r.zone }]));
}

/** Stores that the host was read back running `bundle` (which must be saved). The bundle before becomes `previousBundle`; the same again changes nothing but the time. */
export function setAppliedBundle(tx: WriteDb, host: HostId, bundle: string, atMs: number): void {
  tx.run(
    `INSERT INTO host_policies (host_id, applied_bundle, applied_at_ms, previous_bundle) VALUES (:host, :bundle, :atMs, NULL)
     ON CONFLICT (host_id) DO UPDATE SET
       previous_bundle = CASE WHEN applied_bundle = :bundle THEN previous_bundle ELSE applied_bundle END,
       applied_bundle = :bundle, applied_at_ms = :atMs`,
    { host, bundle, atMs },
  );
}

/** After an uninstall: nothing of ours runs there. */
export function clearAppliedBundle(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM host_policies WHERE host_id = ?', [host]);
}

export function listHostPolicies(db: ReadDb): HostPolicy[] {
  return db.all('SELECT * FROM host_policies').map(toPolicy);
}

export function findHostPolicy(db: ReadDb, host: HostId): HostPolicy | undefined {
  const row = db.one('SELECT * FROM host_policies WHERE host_id = ?', [host]);
  return row === undefined ? undefined : toPolicy(row);
}

function toPolicy(raw: unknown): HostPolicy {
  const r = PolicyRow.parse(raw);
  return { host: r.host_id, appliedBundle: r.applied_bundle, appliedAtMs: r.applied_at_ms, previousBundle: r.previous_bundle };
}

/** The ids of containments in what each host was last confirmed to run; hosts without one are left out. Found in the text, which names them in comments. */
export function listAppliedContainments(db: ReadDb): { host: HostId; containments: ReadonlySet<string> }[] {
  const Row = z.object({ host_id: HostId, text: z.string() });
  const rows = db.all("SELECT b.host_id, b.text FROM host_policies p JOIN bundles b ON b.host_id = p.host_id AND b.hash = p.applied_bundle WHERE instr(b.text, 'comment \"c_') > 0");
  return rows.map((raw) => Row.parse(raw)).map((r) => ({ host: r.host_id, containments: new Set([...r.text.matchAll(/comment "(c_[0-9a-z]{12})"/g)].flatMap((match) => match[1] ?? [])) }));
}
