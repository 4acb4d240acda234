import { afterEach, expect, test } from 'vitest';
import { collectStates, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { ContainmentOrder } from '../../shared/contract/containment.ts';
import type { Push } from '../../shared/model/diff.ts';
import { PolicyVersionId } from '../../shared/model/ids.ts';
import { HostName, ZoneName } from '../../shared/model/names.ts';
import { aRule, serviceRefs } from '../../shared/policy/testing/builders.ts';
import { listAudit } from '../db/audit-store.ts';
import { findBundle, listAppliedHeads } from '../db/bundle-store.ts';
import { findVersionEvidence, loadDraftEvidence } from '../db/evidence-store.ts';
import { listContainments } from './containment-list.ts';
import { planContainment, startContainment } from './containment-service.ts';
import { readBasePolicy, readDraft } from './draft.ts';
import { discardDraft } from './draft-whole.ts';
import { getHost } from './find-host.ts';
import { ingestDrain } from './ingest.ts';
import { addHost } from './inventory.ts';
import { preparePlan } from './plan-service.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { setZoneMode } from './zone-mode.ts';

let kit: PushKit;
afterEach(() => kit.close());

const quarantine = (host = 'host-1', forSeconds = 4 * 3600): ContainmentOrder => ({ kind: 'quarantine', host: HostName.parse(host), forSeconds, reason: 'beacons' });
const closing = (services = 'tcp/8080'): ContainmentOrder => ({ kind: 'close', zone: ZoneName.parse('shop'), services: serviceRefs(services), sinceMs: kit.clock.nowMs - 86_400_000, untilMs: null, forSeconds: 3600, reason: 'worm' });
const release = (target: string): ContainmentOrder => ({ kind: 'release', target, reason: 'cleaned' });

async function carryOut(order: ContainmentOrder): Promise<Push> {
  const states = await collectStates(startContainment(kit.backend, { order, planHash: planContainment(kit.backend, order).hash, confirmWithinSeconds: 60 }));
  const last = states.at(-1);
  if (last === undefined) throw new Error('the push published nothing');
  return last;
}

function textOf(name: string): string {
  const { id } = getHost(kit.backend, name);
  const head = listAppliedHeads(kit.backend.workspace.read).get(id);
  return findBundle(kit.backend.workspace.read, id, head?.hash ?? '')?.text ?? '';
}
const bodyOf = (name: string): string => textOf(name).split('# --- phase 1')[1] ?? '';

test('a host that only observes and to which nothing was ever pushed is quarantined, and released to exactly what it ran', async () => {
  kit = await startPushKit(2);
  const before = bodyOf('host-1');
  const push = await carryOut(quarantine());
  expect(push).toMatchObject({ outcome: 'confirmed', version: 1, hosts: [{ hostName: 'host-1', step: 'confirmed' }] });
  expect(bodyOf('host-1')).toContain('meta time < "2026-11-21 04:00:00" jump contain_in');
  expect(kit.host(0).status().runningMode).toBe('observe');
  expect(listContainments(kit.backend)).toMatchObject([{ state: 'in-force', hosts: ['host-1'], text: 'quarantine of host-1', containment: { endsAt: '2026-11-21T04:00:00Z', by: 'ada', reason: 'beacons' } }]);
  expect(listAudit(kit.backend.workspace.read, 50, null).find(({ action }) => action === 'containments.quarantine')).toMatchObject({ actor: 'ada', subject: 'host-1', detail: expect.stringContaining('reason beacons') });
  expect(await carryOut(release('host-1'))).toMatchObject({ outcome: 'confirmed', hosts: [{ hostName: 'host-1', step: 'confirmed' }] });
  expect(bodyOf('host-1')).toBe(before);
  expect(listContainments(kit.backend)).toEqual([]);
});

test('nothing of the draft but the containment is pushed, and the draft keeps its edits and gets the containment', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.push();
  const edited = { ...aShop('enforce'), rules: [aRule({ from: 'any', to: 'any' })] };
  kit.setPolicy(edited);
  const plan = planContainment(kit.backend, quarantine());
  expect(plan).toMatchObject({ policyDiff: [{ change: 'added', what: 'containment' }], hosts: [{ hostName: 'host-1', modeBefore: 'test', modeAfter: 'test', rows: [{ change: 'added', effect: 'tightens' }] }], refusals: [] });
  await carryOut(quarantine());
  expect([kit.host(0).status().runningMode, kit.host(1).status().runningMode]).toEqual(['test', 'test']);
  const draft = readDraft(kit.backend).policy;
  expect({ ...draft, containments: [] }).toEqual({ ...edited, containments: [] });
  expect(draft.containments).toHaveLength(1);
  expect(readBasePolicy(kit.backend)).toEqual({ ...aShop('test'), containments: draft.containments });
  // The next ordinary push brings the edits and leaves the quarantine.
  await kit.push();
  expect(textOf('host-1')).toContain('# mode enforce');
  expect(textOf('host-1')).toContain('jump contain_in');
});

test('a second quarantine of a host takes the place of the first', async () => {
  kit = await startPushKit(1);
  await carryOut(quarantine());
  await carryOut(quarantine('host-1', 60));
  expect(listContainments(kit.backend).map(({ containment }) => containment.endsAt)).toEqual(['2026-11-21T00:01:00Z']);
  expect(new Set(bodyOf('host-1').match(/c_[0-9a-z]{12}/g)).size).toBe(1);
});

test('what has ended is listed as ended, is no change of any host, and goes with a release', async () => {
  kit = await startPushKit(1);
  await carryOut(quarantine('host-1', 60));
  kit.clock.nowMs += 61_000;
  expect(listContainments(kit.backend)).toMatchObject([{ state: 'ended' }]);
  expect(preparePlan(kit.backend, null).plan.hosts).toMatchObject([{ rows: [{ change: 'removed', effect: 'widens' }] }]);
  const id = listContainments(kit.backend)[0]?.containment.id ?? '';
  expect(await carryOut(release(id))).toMatchObject({ outcome: 'confirmed', hosts: [] });
  expect(listContainments(kit.backend)).toEqual([]);
});

test('a service is closed but for the pairs that used it, and the plan says which seen flows it cuts', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('observe'));
  await kit.push();
  const { id } = getHost(kit.backend, 'host-1');
  const sets = { in4x: [{ key: ['10.77.0.12', 'tcp', 8080], packets: 5 }, { key: ['192.0.2.9', 'tcp', 8080], packets: 2 }, { key: ['192.0.2.10', 'tcp', 22], packets: 2 }] };
  ingestDrain(kit.backend, id, [snapshotLine({ seq: 1_000_000_000, atMs: kit.clock.nowMs - 3_600_000, sets })]);
  kit.clock.nowMs += 1000;
  const plan = planContainment(kit.backend, closing());
  expect(plan.policyDiff[0]?.after).toContain('tcp/8080 closed in zone shop except 192.0.2.9 → host-1, host:host-2 → host-1');
  expect(plan.impact).toEqual([]);
  const order = { ...closing(), sinceMs: kit.clock.nowMs - 60_000 };
  expect(planContainment(kit.backend, order).impact).toMatchObject([{ change: 'allowed-to-blocked', peerAddress: '10.77.0.12', port: 8080, connections: 5, by: expect.stringMatching(/^c_/) }, { peerAddress: '192.0.2.9' }]);
  expect(await carryOut(closing())).toMatchObject({ outcome: 'confirmed', hosts: [{ step: 'confirmed' }, { step: 'confirmed' }] });
  expect(bodyOf('host-1')).toContain('tcp dport 8080 counter goto cut_in');
  expect(bodyOf('host-2')).toContain('\t\tmeta nfproto ipv4 tcp dport 8080 counter goto cut_in');
});

test('what a containment refused is stored as blocked although the host only observes', async () => {
  kit = await startPushKit(1);
  await carryOut(quarantine());
  const { id } = getHost(kit.backend, 'host-1');
  const bundle = listAppliedHeads(kit.backend.workspace.read).get(id)?.hash ?? '';
  const sets = { in4x: [{ key: ['192.0.2.9', 'tcp', 8080], packets: 3 }], miss_in4x: [{ key: ['192.0.2.9', 'tcp', 8080], packets: 3 }] };
  ingestDrain(kit.backend, id, [snapshotLine({ seq: 1_000_000_000, atMs: kit.clock.nowMs + 1000, bundle, sets })]);
  expect(kit.backend.workspace.read.all("SELECT verdict, connections FROM flows WHERE peer_address = '192.0.2.9'")).toEqual([{ verdict: 'blocked', connections: 3 }]);
});

test('wrong orders are refused with what to do, and change nothing', async () => {
  kit = await startPushKit(1);
  addHost(kit.backend, { name: 'printer', ssh: null, addresses: ['10.77.0.99'], labels: {}, note: '' });
  const failures = await Promise.all(
    [quarantine('printer'), quarantine('nobody'), closing(), release('host-1')].map((order) => failureOf(Promise.resolve(order).then((one) => planContainment(kit.backend, one)))),
  );
  expect(failures.map(({ code }) => code)).toEqual(['INPUT_INVALID', 'NOT_FOUND', 'INPUT_INVALID', 'NOT_FOUND']);
  expect(JSON.stringify(failures)).toContain('printer has no agent');
  expect(JSON.stringify(failures)).toContain('Push the zone first');
  expect(listContainments(kit.backend)).toEqual([]);
});

test('an order that cannot begin leaves nothing behind: no edit of the draft, no version, no push', async () => {
  kit = await startPushKit(1);
  kit.backend.workspace.transaction((tx) => tx.run("UPDATE hosts SET ssh_json = json_set(ssh_json, '$.jump', 'gone')"));
  const hash = readDraft(kit.backend).hash;
  expect(await failureOf(carryOut(quarantine()))).toMatchObject({ code: 'NOT_FOUND' });
  expect(listContainments(kit.backend)).toEqual([]);
  expect(readDraft(kit.backend).hash).toBe(hash);
  expect(kit.backend.workspace.read.all('SELECT id FROM versions UNION ALL SELECT id FROM pushes')).toEqual([]);
  expect(listAudit(kit.backend.workspace.read, 50, null).some(({ action }) => action.startsWith('containments.'))).toBe(false);
});

test('the version that a containment makes keeps the evidence of the one before, so that discarding the draft does not lose it', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('observe'));
  setZoneMode(kit.backend, { name: 'shop', mode: 'test', waivers: [] });
  await kit.push();
  const evidence = findVersionEvidence(kit.backend.workspace.read, PolicyVersionId.parse(1));
  expect(evidence).toMatchObject({ shop: { mode: 'test', actor: 'ada' } });
  const { version } = await carryOut(quarantine());
  expect(version).toBe(2);
  expect(findVersionEvidence(kit.backend.workspace.read, version)).toEqual(evidence);
  discardDraft(kit.backend);
  expect(loadDraftEvidence(kit.backend.workspace.read)).toEqual(evidence);
});

test('an order is stale when somebody was recorded meanwhile whom it would spare, and nobody saw that', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('observe'));
  await kit.push();
  const order = closing();
  const { hash } = planContainment(kit.backend, order);
  expect(planContainment(kit.backend, order).hash).toBe(hash);
  const sets = { in4x: [{ key: ['192.0.2.66', 'tcp', 8080], packets: 1 }] };
  ingestDrain(kit.backend, getHost(kit.backend, 'host-1').id, [snapshotLine({ seq: 1_000_000_000, atMs: kit.clock.nowMs, sets })]);
  expect(await failureOf(Promise.resolve().then(() => startContainment(kit.backend, { order, planHash: hash, confirmWithinSeconds: 60 })))).toMatchObject({ code: 'PLAN_STALE' });
});
