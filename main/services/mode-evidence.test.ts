import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { aRule, expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { insertVersion } from '../db/version-store.ts';
import { readDraft } from './draft.ts';
import { ingestDrain } from './ingest.ts';
import { readReportModel } from './report.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';
import { ensureVersion } from './versions.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  await addTestHost(at.client, 2, 'db-1', 'role=db');
  await at.client.policy.addZone({ name: 'data', select: expectParsed(parseSelectorSet('role=db')), outbound: 'open', note: '' });
});
afterEach(() => at.close());

const addRule = async (input: Parameters<typeof aRule>[0] = {}) => {
  const { id: _id, ...rule } = aRule(input);
  return (await at.client.policy.addRules({ rules: [rule] }))[0];
};
const blockersOf = async (mode: 'test' | 'enforce') => (await at.client.policy.readiness({ name: 'data', mode })).filter(({ state }) => state === 'blocker').map(({ check }) => check);
const move = async (mode: 'observe' | 'test' | 'enforce') =>
  at.client.policy.setZoneMode({ name: 'data', mode, waivers: mode === 'enforce' ? (await blockersOf(mode)).map((check) => ({ check, reason: 'a lab' })) : [] });
/** What a push does first. */
const makeVersion = (): PolicyVersionId => at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, 'x').id);
const zoneOf = async (id: PolicyVersionId) => (await at.client.versions.show({ id })).zones[0];
const staleWarnings = async () => (await at.client.pushes.plan({ zone: null })).warnings.filter((text) => /evidence/.test(text));

test('the whole list goes into the version as it was, with who waived what and why, and stays there', async () => {
  const hash = readDraft(at.backend).hash;
  await move('enforce');
  const version = makeVersion();
  const kept = (await zoneOf(version))?.evidence;
  expect(kept).toMatchObject({ zone: 'data', from: 'observe', mode: 'enforce', actor: 'ada', atMs: TEST_NOW_MS, isStale: false });
  expect(kept?.checks.find(({ check }) => check === 'days-in-test')).toMatchObject({ state: 'waived', figure: '0 d', wanted: '7 d', waiver: { reason: 'a lab', actor: 'ada', atMs: TEST_NOW_MS } });
  expect(await zoneOf(version)).toMatchObject({ mode: 'enforce', isMoved: true });
  at.clock.nowMs += 90 * 86_400_000;
  await addRule();
  expect((await zoneOf(version))?.evidence).toEqual(kept);
  const later = makeVersion();
  expect(await zoneOf(later)).toMatchObject({ isMoved: false, evidence: { atMs: TEST_NOW_MS, isStale: true } });
  // It is beside the policy: the same policy has the same hash with and without it.
  await move('observe');
  await at.client.policy.removeRule({ id: (await at.client.policy.get({})).policy.rules[0]?.id ?? aRule().id });
  expect(readDraft(at.backend).hash).toBe(hash);
  expect((await zoneOf(makeVersion()))?.evidence).toBeNull();
});

test('a version from before evidence was stored says that there is none', async () => {
  await move('test');
  const id = at.backend.workspace.transaction((tx) => insertVersion(tx, { hash: 'old', author: 'ada', note: '', createdAtMs: 1, policy: readDraft(at.backend).policy }).id);
  expect(await zoneOf(id)).toMatchObject({ mode: 'test', isMoved: true, evidence: null });
});

test('the plan says when the rules of the zone were edited after the move, and not when others were', async () => {
  await move('test');
  expect(await staleWarnings()).toEqual([]);
  await addRule({ from: 'role=web', to: 'role=web' });
  expect(await staleWarnings()).toEqual([]);
  const rule = await addRule();
  expect(await staleWarnings()).toEqual([
    'The evidence on which zone data goes to test (2026-11-21, ada) is stale: its rules or hosts changed since; gather it again: firebreak zone readiness data --for test, then firebreak zone mode data test',
  ]);
  await move('test');
  expect(await staleWarnings()).toEqual([]);
  makeVersion();
  if (rule !== undefined) await at.client.policy.updateRule({ ...rule, owner: 'dba' });
  expect(await staleWarnings()).toEqual([]);
  if (rule !== undefined) await at.client.policy.updateRule({ ...rule, services: [{ kind: 'any' }] });
  expect((await staleWarnings())[0]).toContain('zone data went to test');
  makeVersion();
  await addRule({ services: 'tcp/9' });
  // Said once: what was pushed stale is marked so in its version.
  expect(await staleWarnings()).toEqual([]);
});

test('a mode that came with a file has no evidence, and the plan says so; going back to a version brings its evidence back', async () => {
  await at.client.policy.importText({ text: 'firebreak: 1\nzones:\n  - { name: data, select: role=db, mode: enforce }\n', fileName: 'p.yaml', dryRun: false, take: 'replace' });
  expect((await staleWarnings())[0]).toContain('Zone data goes to enforce without evidence');
  await move('test');
  const version = makeVersion();
  await move('observe');
  await at.client.versions.restore({ id: version });
  expect(await staleWarnings()).toEqual([]);
  await move('observe');
  await at.client.policy.discardDraft({});
  expect((await zoneOf(makeVersion()))?.evidence).toMatchObject({ mode: 'test' });
});

test('jobs, tests and gaps of the zone’s own hosts are found in what is stored', async () => {
  ingestDrain(at.backend, at.hostId('db-1'), [
    snapshotLine({ seq: 1, atMs: TEST_NOW_MS - 5 * 3_600_000, sets: { in4: [{ key: ['10.0.0.1', 'tcp', 9187, '77'], packets: 1 }], out4: [{ key: ['10.0.0.1', 'tcp', 8007, 33, '1234'], packets: 1 }, { key: ['10.0.0.1', 'tcp', 9100, 33, '1234'], packets: 1 }] } }),
    snapshotLine({ seq: 2, atMs: TEST_NOW_MS - 3_600_000, epoch: 'e2' }),
  ]);
  const find = async (check: string) => (await at.client.policy.readiness({ name: 'data', mode: 'test' })).find((one) => one.check === check);
  expect(await find('monitoring-seen')).toMatchObject({ state: 'ok', text: 'monitoring was seen: PostgreSQL exporter' });
  expect(await find('backup-seen')).toMatchObject({ state: 'ok', text: 'backup was seen: Proxmox Backup Server' });
  expect(await find('policy-tests')).toMatchObject({ state: 'warning', text: 'no policy test names a host of this zone' });
  const text = 'firebreak: 1\nzones:\n  - { name: data, select: role=db, mode: observe }\ntests:\n  - { expect: allow, from: role=web, to: role=db, service: tcp/5432 }\n  - { expect: deny, from: role=web, to: role=web, service: tcp/1 }\n';
  await at.client.policy.importText({ text, fileName: 'p.yaml', dryRun: false, take: 'replace' });
  // The one of web-1 alone is none of this zone's.
  expect(await find('policy-tests')).toMatchObject({ state: 'warning', figure: '0 of 1 hold', text: expect.stringContaining('1 of 1 policy tests of this zone are broken: role=web can reach role=db') });
});

test('the report prints on what each zone stands, however long ago it was gathered', async () => {
  await move('enforce');
  makeVersion();
  at.clock.nowMs += 400 * 86_400_000;
  const model = readReportModel(at.backend, at.clock.nowMs - 86_400_000);
  expect(model.waivers).toEqual([]);
  expect(model.evidence).toMatchObject([{ zone: 'data', mode: 'enforce', actor: 'ada', atMs: TEST_NOW_MS, isStale: false, waived: expect.arrayContaining([{ check: 'days-in-test', reason: 'a lab', actor: 'ada' }]) }]);
});

test('a zone may have the name of something that every object has', async () => {
  await at.client.policy.importText({ text: 'firebreak: 1\nzones:\n  - { name: constructor, select: role=db, mode: enforce }\n', fileName: 'p.yaml', dryRun: false, take: 'replace' });
  expect((await staleWarnings())[0]).toContain('Zone constructor goes to enforce without evidence');
  expect(await zoneOf(makeVersion())).toMatchObject({ name: 'constructor', evidence: null });
  expect(readReportModel(at.backend, 0).evidence).toMatchObject([{ zone: 'constructor', atMs: null }]);
});
