import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentFacts } from '../../../shared/contract/agent-replies.ts';
import { aRule, expectParsed, hostId } from '../../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../../shared/text/selector-text.ts';
import { saveBundle, setAppliedBundle } from '../../db/bundle-store.ts';
import { insertHost } from '../../db/host-store.ts';
import { saveFacts } from '../../db/host-state-store.ts';
import { ingestDrain } from '../../services/ingest.ts';
import { readDraft } from '../../services/draft.ts';
import { someFacts } from '../../services/testing/some-facts.ts';
import { snapshotLine } from '../../services/testing/snapshot-lines.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { ensureVersion } from '../../services/versions.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const json = async (...argv: string[]) => JSON.parse((await firebreak('--json', ...argv)).out);

function learn(name: string, ports: readonly number[]): void {
  const listening = ports.map((port) => ({ protocol: 'tcp6', address: '::', port, process: 'server', pid: 1, uid: 0, user: 'root', unit: 'server.service' }));
  const hidden = { protocol: 'tcp', address: '127.0.0.1', port: 5555, process: 'local', pid: 2, uid: 0, user: 'root', unit: null };
  at.backend.workspace.transaction((tx) => saveFacts(tx, at.hostId(name), AgentFacts.parse({ ...someFacts(), listening: [...listening, hidden] }), at.clock.nowMs));
}

/** As a push would leave it. */
function confirm(names: readonly string[], mode: 'observe' | 'test' | 'enforce'): void {
  at.backend.workspace.transaction((tx) => {
    const version = ensureVersion(at.backend, tx, readDraft(at.backend).policy, '').id;
    for (const name of names) {
      const host = at.hostId(name);
      saveBundle(tx, { host, hash: `${mode}${version}`, version, mode, zone: 'shop', text: '', rulesetJson: 'null', createdAtMs: at.clock.nowMs });
      setAppliedBundle(tx, host, `${mode}${version}`, at.clock.nowMs);
    }
  });
}

/** web-1 → app-1 → db-1, each listening on one port; a rule for each step; all in one zone. db-1 enforces, the others were never pushed to. */
beforeEach(async () => {
  at = makeBackend();
  at.clock.nowMs = Date.now();
  for (const [i, role] of (['web', 'app', 'db'] as const).entries()) await addTestHost(at.client, i + 1, `${role}-1`, `role=${role} app=shop`);
  // Ids of the test's backend come round after three.
  const printer = { id: hostId(9), name: 'printer', ssh: null, note: '', createdAtMs: 0, handLabels: {}, addresses: [{ address: '10.0.0.9', source: 'manual' as const }] };
  at.backend.workspace.transaction((tx) => insertHost(tx, printer));
  learn('web-1', [8080]);
  learn('app-1', [9000]);
  learn('db-1', [5432]);
  const rules = [aRule({ from: 'role=web', to: 'role=app', services: 'tcp/9000' }), aRule({ from: 'role=app', to: 'role=db', services: 'tcp/5432' })].map(({ id: _id, ...rule }) => rule);
  await at.client.policy.addRules({ rules });
  await at.client.policy.addZone({ name: 'shop', select: expectParsed(parseSelectorSet('app=shop')), outbound: 'restricted', note: '' });
});
afterEach(() => at.close());

test('reach counts hosts by what they run and by the draft, and says what nobody knows', async () => {
  await firebreak('zone', 'mode', 'shop', 'test');
  confirm(['web-1', 'app-1', 'db-1'], 'observe');
  const { out, code } = await firebreak('reach', 'db-1', '--draft');
  expect(code).toBe(0);
  expect(out).toContain('Whoever holds db-1 gets to, within 3 hops: live 2 of 3 hosts and 1 more perhaps; draft 0.');
  expect(out).toContain('By the draft policy: nobody.');
  expect(out).toContain('1 host gave no facts: nobody knows what listens there, so they count as possible, not as reachable: printer.');
  expect(await json('reach', 'web-1', '--draft')).toMatchObject({
    starts: ['web-1'],
    total: 3,
    draft: { reachable: 2, possible: 0, byHop: [1, 1] },
    rows: [
      { hop: 1, host: 'app-1', via: 'web-1', certain: true, services: [{ text: 'tcp/9000', process: 'server', verdict: 'allowed', rules: [expect.stringMatching(/^r_/)] }] },
      { hop: 2, host: 'db-1', via: 'app-1' },
    ],
  });
  expect((await json('reach', 'db-1', '--in', '--draft', '--hops', '1')).rows.map(({ host }: { host: string }) => host)).toEqual(['app-1']);
  expect((await json('reach', 'zone:shop')).starts).toEqual(['app-1', 'db-1', 'web-1']);
});

test('each host decides by what it was last confirmed to run: a host that tests lets through what it would block', async () => {
  confirm(['web-1', 'app-1'], 'observe');
  await firebreak('zone', 'mode', 'shop', 'test');
  confirm(['db-1'], 'test');
  const services = (await json('reach', 'db-1', '--in', '--hops', '1')).rows.map(({ host, services: [first] }: { host: string; services: { verdict: string }[] }) => `${host} ${first?.verdict}`);
  expect(services).toEqual(['app-1 allowed', 'printer would-block', 'web-1 would-block']);
  await firebreak('zone', 'mode', 'shop', 'enforce', '--waive', ...(await at.client.policy.readiness({ name: 'shop', mode: 'enforce' })).map(({ check }) => check), '--reason', 'a lab');
  confirm(['db-1'], 'enforce');
  expect((await json('reach', 'db-1', '--in', '--hops', '1')).rows).toMatchObject([{ host: 'app-1', services: [{ text: 'tcp/5432', verdict: 'allowed' }] }]);
});

test('a path tells each step with its service and rule; where there is none, what refuses is told and the exit code is 3', async () => {
  const found = await firebreak('reach', 'web-1', '--to', 'db-1', '--draft');
  expect(found.out).toMatch(/^web-1 → db-1: 2 hops by the draft policy\.\n {2}1\. web-1 → app-1\n {5}tcp\/9000: app-1: rule r_\w+; web-1: rule r_\w+\n {2}2\. app-1 → db-1/);
  const none = await firebreak('reach', 'db-1', '--to', 'web-1', '--draft');
  expect(none).toMatchObject({ code: 3, out: expect.stringContaining('tcp/8080: web-1 refuses it: no rule allows it; db-1 refuses it: no rule allows it') });
  expect(await firebreak('reach', 'db-1', '--to', 'db-1')).toMatchObject({ code: 2, err: expect.stringContaining('choose another host') });
});

test('wrong words say what to write', async () => {
  expect(await firebreak('reach', 'db-9')).toMatchObject({ code: 1, err: expect.stringContaining('db-1') });
  expect(await firebreak('reach', 'zone:shp')).toMatchObject({ code: 1, err: expect.stringContaining('shop') });
  expect(await firebreak('reach', 'db-1', '--hops', '0')).toMatchObject({ code: 2, err: expect.stringContaining('1 to 16') });
});

test('the matrix has what was seen and what passes for each pair of zones, as a table, as CSV and cell by cell', async () => {
  await at.client.policy.addZone({ name: 'data', select: expectParsed(parseSelectorSet('role=db')), outbound: 'open', note: '' });
  await at.client.policy.orderZones({ names: ['data', 'shop'] });
  confirm(['web-1', 'app-1', 'db-1'], 'observe');
  ingestDrain(at.backend, at.hostId('db-1'), [snapshotLine({ seq: 1, atMs: at.clock.nowMs - 3_600_000, sets: { in4: [{ key: ['10.0.0.2', 'tcp', 5432, '77'], packets: 6 }] } })]);
  const { out } = await firebreak('matrix', '--draft');
  expect(out).toMatch(/shop +data +tcp\/5432, 1 rule +6 connections on 1 service, worst allowed/);
  expect((await firebreak('matrix')).out).toMatch(/data +shop +everything +-/);
  const view = await at.client.reach.matrix({ sinceMs: null });
  expect(view.ends.map(({ key }) => key)).toEqual(['any', 'zone:data', 'zone:shop', 'unzoned', 'outside']);
  expect(view.cells).toHaveLength(25);
  expect(view.cells.find(({ from, to }) => from === 'any' && to === 'zone:data')).toMatchObject({ seen: { connections: 6 }, draft: { kind: 'services', services: ['tcp/5432'] } });
  expect(view.cells.find(({ from, to }) => from === 'zone:data' && to === 'zone:data')).toMatchObject({ live: { kind: 'nobody' } });
  const cell = await at.client.reach.cell({ from: 'zone:shop', to: 'zone:data', sinceMs: null });
  expect(cell).toMatchObject({ seen: [{ protocol: 'tcp', port: 5432, connections: 6, worst: 'allowed' }], live: { kind: 'everything' }, draft: { kind: 'services', services: [{ text: 'tcp/5432', asked: 2, pairs: 1 }] } });
  expect(cell.rules).toMatchObject([{ text: 'allow role=app → role=db on tcp/5432', inDraft: true }]);
  const csv = (await firebreak('matrix', '--csv')).out.split(/\r?\n/);
  expect(csv[0]).toContain('from,to,seen_connections');
  expect(csv).toHaveLength(26);
  expect(csv.some((line) => /^shop,data,6,1,allowed,.*,services,tcp\/5432,1$/.test(line))).toBe(true);
  await expect(at.client.reach.cell({ from: 'zone:gone', to: 'any', sinceMs: null })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
