import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isFirebreakError } from '../../shared/errors.ts';
import { createWorkspace } from './create-workspace.ts';
import { listHostStates } from './host-state-store.ts';
import { loadLabelBook } from './label-rule-store.ts';
import { MIGRATIONS, newestVersion } from './migrate.ts';
import type { Migration } from './migration.ts';
import { APPLICATION_ID, openWorkspace } from './open-workspace.ts';
import { makeFolder } from './testing/temporary-workspace.ts';

let at: { folder: string; remove(): void };
let path: string;
const newest = newestVersion(MIGRATIONS);
const next = newest + 1;
beforeEach(() => {
  at = makeFolder();
  path = join(at.folder, 'test.firebreak');
  createWorkspace(path);
  const workspace = openWorkspace(path);
  workspace.transaction((tx) => tx.run("INSERT INTO settings VALUES ('k', '1')"));
  workspace.close();
});
afterEach(() => at.remove());

const withStep = (sql: string): Migration[] => [...MIGRATIONS, { version: next, sql }];
const versionOf = (file: string): unknown => {
  const connection = new Database(file, { readonly: true });
  const version = connection.pragma('user_version', { simple: true });
  connection.close();
  return version;
};

describe('a file of an older format', () => {
  test('is brought up to date, with a whole copy of the old one beside it', () => {
    const workspace = openWorkspace(path, withStep('ALTER TABLE settings ADD COLUMN note TEXT'));
    expect(workspace.read.all('SELECT key, note FROM settings')).toEqual([{ key: 'k', note: null }]);
    workspace.close();
    const backupPath = `${path}.format-${newest}.backup`;
    expect([versionOf(path), versionOf(backupPath)]).toEqual([next, newest]);
    const backup = openWorkspace(backupPath);
    expect(backup.read.all('SELECT * FROM settings')).toEqual([{ key: 'k', value_json: '1' }]);
    backup.close();
  });

  test('stays as it was when a step fails half-way', () => {
    const broken = withStep('CREATE TABLE half (a TEXT); SELECT * FROM no_such_table;');
    expect(() => openWorkspace(path, broken)).toThrow(/no_such_table/);
    expect(versionOf(path)).toBe(newest);
    const workspace = openWorkspace(path);
    expect(workspace.read.all("SELECT name FROM sqlite_master WHERE name = 'half'")).toEqual([]);
    workspace.close();
  });

  test('stays as it was when a step leaves references to nothing', () => {
    const orphans = withStep("INSERT INTO host_labels VALUES ('h_000000000000', 'role', 'web')");
    let caught: unknown;
    try {
      openWorkspace(path, orphans);
    } catch (error) {
      caught = error;
    }
    expect(isFirebreakError(caught, 'WORKSPACE_DAMAGED')).toBe(true);
    expect(versionOf(path)).toBe(newest);
  });

  test('is backed up under another name when a backup is there already', () => {
    const failing = withStep('SELECT * FROM no_such_table');
    expect(() => openWorkspace(path, failing)).toThrow();
    expect(() => openWorkspace(path, failing)).toThrow();
    expect(existsSync(`${path}.format-${newest}-2.backup`)).toBe(true);
  });
});

test('opening a current file makes no backup', () => {
  openWorkspace(path).close();
  expect(existsSync(`${path}.format-${newest}.backup`)).toBe(false);
});

test('migrations are numbered 1, 2, 3 …', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
});

test('format 2 takes what the compiler needs from the facts that format 1 stored', () => {
  const old = join(at.folder, 'old.firebreak');
  const [first] = MIGRATIONS;
  if (first === undefined) throw new Error('there is no first migration');
  const connection = new Database(old);
  connection.pragma(`application_id = ${APPLICATION_ID}`);
  connection.exec(first.sql);
  connection.pragma('user_version = 1');
  const facts = { ssh: { serverPort: 2222 }, resolvers: ['10.0.0.53'], timeServers: [] };
  connection
    .prepare("INSERT INTO hosts VALUES ('h_000000000001', 'a', NULL, '', 1), ('h_000000000002', 'b', NULL, '', 1), ('h_000000000003', 'c', NULL, '', 1)")
    .run();
  connection
    .prepare("INSERT INTO host_states (host_id, facts_json) VALUES ('h_000000000001', ?), ('h_000000000002', ?), ('h_000000000003', NULL)")
    .run(JSON.stringify(facts), JSON.stringify({ ...facts, ssh: null }));
  connection.close();
  const workspace = openWorkspace(old);
  expect(listHostStates(workspace.read).map((s) => s.network)).toEqual([
    { sshPort: 2222, resolvers: ['10.0.0.53'], timeServers: [], published: [], bypasses: [], cgroupKeys: true, backend: 'nft', posture: null },
    { sshPort: null, resolvers: ['10.0.0.53'], timeServers: [], published: [], bypasses: [], cgroupKeys: true, backend: 'nft', posture: null },
    null,
  ]);
  workspace.close();
});

test('format 22 takes who hosts are, and since when they have their addresses, from what they said last', () => {
  const old = join(at.folder, 'old.firebreak');
  const before = new Database(old);
  before.pragma(`application_id = ${APPLICATION_ID}`);
  for (const { sql } of MIGRATIONS.slice(0, 21)) before.exec(sql);
  before.pragma('user_version = 21');
  before.exec(`INSERT INTO hosts (id, name, note, created_at_ms) VALUES ('h_000000000001', 'web-1', '', 1), ('h_000000000002', 'db-1', '', 1);
    INSERT INTO host_states (host_id, facts_json, facts_at_ms) VALUES ('h_000000000001', '{"machineId":"abc"}', 7), ('h_000000000002', '{"machineId":""}', 8);
    INSERT INTO host_addresses VALUES ('h_000000000001', '10.0.0.1', 'facts'), ('h_000000000001', '10.0.0.2', 'manual')`);
  before.close();
  const workspace = openWorkspace(old);
  expect(workspace.read.all('SELECT * FROM host_machines')).toEqual([{ host_id: 'h_000000000001', machine_id: 'abc', standing: 'current', first_seen_at_ms: 7, last_seen_at_ms: 7 }]);
  expect(workspace.read.all('SELECT * FROM host_address_times')).toEqual([{ host_id: 'h_000000000001', address: '10.0.0.1', first_seen_at_ms: 7, last_seen_at_ms: 7, left_at_ms: null }]);
  workspace.close();
});

test('format 23 keeps labels that begin with posture. under a name of their own, by hand and by label rule', () => {
  const old = join(at.folder, 'old.firebreak');
  const before = new Database(old);
  before.pragma(`application_id = ${APPLICATION_ID}`);
  for (const { sql } of MIGRATIONS.slice(0, 22)) before.exec(sql);
  before.pragma('user_version = 22');
  before.exec(`INSERT INTO hosts (id, name, note, created_at_ms) VALUES ('h_000000000001', 'web-1', '', 1);
    INSERT INTO host_labels VALUES ('h_000000000001', 'posture.disk', 'yes'), ('h_000000000001', 'role', 'web')`);
  const rule = { id: 'l_000000000001', names: ['*'], networks: null, facts: null, labels: { 'posture.edr': 'x', app: 'posture.y' }, note: '' };
  before.prepare('INSERT INTO label_rules (id, position, rule_json) VALUES (?, 0, ?), (?, 1, ?)').run(rule.id, JSON.stringify(rule), 'l_000000000002', JSON.stringify({ ...rule, id: 'l_000000000002', labels: { role: 'db' } }));
  before.close();
  const workspace = openWorkspace(old);
  expect(workspace.read.all('SELECT key, value FROM host_labels ORDER BY key')).toEqual([{ key: 'role', value: 'web' }, { key: 'was-posture.disk', value: 'yes' }]);
  expect(loadLabelBook(workspace.read).rules.map(({ labels }) => labels)).toEqual([{ 'was-posture.edr': 'x', app: 'posture.y' }, { role: 'db' }]);
  workspace.close();
});
