import { afterEach, beforeEach, expect, test } from 'vitest';
import { PolicyVersionId, PushId } from '../../shared/model/ids.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { aRule } from '../../shared/policy/testing/builders.ts';
import { saveStatus } from '../db/host-state-store.ts';
import { listHostStandings } from './host-standing.ts';
import { listHostViews } from './host-views.ts';
import { aStatus } from './testing/a-status.ts';
import { type AttentionEvidence, listAttention } from './overview-attention.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
});
afterEach(() => at.close());

const theHost = () => {
  const [host] = listHostStandings(at.backend);
  if (host === undefined) throw new Error('no host');
  return host;
};
const evidence = (fields: Partial<AttentionEvidence> = {}): AttentionEvidence => ({ nowMs: TEST_NOW_MS, hosts: listHostStandings(at.backend), alerts: [], pushes: [], policy: EMPTY_POLICY, draftChanged: false, ...fields });
const codes = (fields: Partial<AttentionEvidence>) => listAttention(evidence(fields)).map(({ code }) => code);

test('nothing needs attention where there is nothing', () => {
  expect(listAttention(evidence({ hosts: [] }))).toEqual([]);
});

test('the worst comes first, whatever part of the site it is about', () => {
  const host = theHost();
  const failing = { ...host, zone: 'shop', agentVersion: '1.0.0', lastError: { code: 'SUDO_REFUSED', title: '', hint: '', atMs: 0 } };
  const old = { ...host, zone: 'shop', agentVersion: '1.0.0', lastContactAtMs: TEST_NOW_MS - 4 * 86_400_000 };
  expect(codes({ hosts: [old, failing], draftChanged: true })).toEqual(['HOST_FAILING', 'NOT_COLLECTED', 'DRAFT_CHANGED']);
});

test('at most five names are told, and the rest is counted', () => {
  const hosts = [1, 2, 3, 4, 5, 6, 7].map((n) => ({ ...theHost(), name: `web-${n}` }));
  expect(listAttention(evidence({ hosts }))[0]).toMatchObject({ code: 'NO_AGENT', text: '7 hosts have no agent: not seen, not protected', names: ['web-1', 'web-2', 'web-3', 'web-4', 'web-5'], more: 2 });
});

test('hosts that wait for a push that they missed are told of, and do not make that push a failed one', () => {
  const host = { ...theHost(), zone: 'shop', agentVersion: '1.0.0', lastContactAtMs: TEST_NOW_MS };
  const waits = { push: PushId.parse('p_000000000000'), version: PolicyVersionId.parse(7), sinceMs: TEST_NOW_MS, held: null };
  expect(listAttention(evidence({ hosts: [{ ...host, waits }] }))).toMatchObject([{ code: 'PUSH_AWAITED', level: 'warning', text: '1 host was away when something was pushed, and waits for it', names: ['web-1'], action: { command: 'firebreak push --pending' } }]);
});

test('a rule is named by its reason, and by its id where none was given', () => {
  const rules = [aRule({ n: 1, reason: 'migration' }), aRule({ n: 2, reason: '' })].map((rule) => ({ ...rule, reviewOn: '2026-01-01' }));
  expect(listAttention(evidence({ hosts: [], policy: { ...EMPTY_POLICY, rules } }))).toMatchObject([{ code: 'RULE_REVIEW', names: ['migration', rules[1]?.id] }]);
});

test('a host of which a silent agent is told is not told of a second time', () => {
  const host = theHost();
  const silent = { ...host, zone: 'shop', agentVersion: '1.0.0', lastError: { code: 'HOST_TIMEOUT', title: '', hint: '', atMs: 0 } };
  const alert = { id: 1, kind: 'agent-silent', host: host.id, hostName: host.name, zone: null, title: 'web-1 does not answer', subject: { kind: 'agent-silent', code: 'HOST_TIMEOUT', title: '' }, peerName: null, state: 'open', count: 1, firstAtMs: 0, lastAtMs: 0, openedAtMs: 0, acknowledged: null, mutedUntilMs: null, settled: null } as const;
  expect(codes({ hosts: [silent], alerts: [alert] })).toEqual(['ALERT_agent-silent']);
  expect(codes({ hosts: [silent], alerts: [{ ...alert, state: 'muted' }] })).toEqual([]);
});

test('a host that runs what was not sent is told of, unless an alert says so', () => {
  const drifted = { ...theHost(), zone: 'shop', agentVersion: '1.0.0', isDrifted: true };
  expect(listAttention(evidence({ hosts: [drifted] }))).toMatchObject([{ code: 'HOST_DRIFTED', level: 'danger', text: '1 host runs rules that Firebreak did not send', names: ['web-1'], action: { path: '/hosts/web-1' } }]);
  const alert = { id: 1, kind: 'drifted', host: drifted.id, hostName: drifted.name, zone: null, title: 'other rules', subject: { kind: 'drifted', what: 'rules', text: '' }, peerName: null, state: 'open', count: 1, firstAtMs: 0, lastAtMs: 0, openedAtMs: 0, acknowledged: null, mutedUntilMs: null, settled: null } as const;
  expect(codes({ hosts: [drifted], alerts: [alert] })).toEqual(['ALERT_drifted']);
  expect(codes({ hosts: [drifted], alerts: [{ ...alert, state: 'muted' }] })).toEqual([]);
  expect(codes({ hosts: [drifted], alerts: [{ ...alert, state: 'settled' }] })).toEqual(['HOST_DRIFTED']);
});

test('what the overview knows of hosts is what the list of hosts says of them', () => {
  const views = listHostViews(at.backend).map(({ id, name, managed, zone, appliedMode, agentVersion, lastContactAtMs, lastError, warnings, waits, state }) => ({ id, name, managed, zone, appliedMode, agentVersion, lastContactAtMs, lastError, warnings, waits, isPending: state === 'pending', isDrifted: state === 'drifted' }));
  expect(listHostStandings(at.backend)).toEqual(views);
  at.backend.workspace.transaction((tx) => saveStatus(tx, theHost().id, { ...aStatus(theHost().id), pending: { id: 'p_000000000001', by: 'ada', bundle: 'b'.repeat(64), deadline: 0, secondsLeft: 60 } }, TEST_NOW_MS));
  expect(listHostStandings(at.backend).map(({ isPending }) => isPending)).toEqual([true]);
  expect(listHostViews(at.backend).map(({ state }) => state)).toEqual(['pending']);
});
