import { AgentStatus } from '../../../shared/contract/agent-replies.ts';
import { PolicyVersionId, PushId } from '../../../shared/model/ids.ts';
import type { ReachProof, ReachTry } from '../../../shared/model/reach-proof.ts';
import type { Parsed } from '../../../shared/text/parsed.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import { parseSelectorSet } from '../../../shared/text/selector-text.ts';
import { parseServiceRefs } from '../../../shared/text/service-text.ts';
import { saveCursor } from '../../db/baseline-store.ts';
import { saveBundle, setAppliedBundle } from '../../db/bundle-store.ts';
import { addHostEvent } from '../../db/host-event-store.ts';
import { insertWaiver } from '../../db/draft-store.ts';
import { saveClockOffset } from '../../db/recording-hours-store.ts';
import { addFigure, HOUR_MS } from '../../db/recording-store.ts';
import { insertReachProof } from '../../db/reach-proof-store.ts';
import { appendPushStep, insertPush, setPushOutcome } from '../../db/push-store.ts';
import { saveCounters } from '../../db/rule-counter-store.ts';
import type { WriteDb } from '../../db/sql.ts';
import { insertVersion } from '../../db/version-store.ts';
import { recordStatus } from '../agent-record.ts';
import { readDraft } from '../draft.ts';
import { addTestHost, TEST_NOW_MS, type TestBackend } from './test-backend.ts';

const PUSH = PushId.parse('p_000000000001');
const DAY_MS = 24 * HOUR_MS;
const aTry = (given: Partial<ReachTry>): ReachTry => ({
  test: '', from: 'nas', fromZone: '', source: '10.0.9.9', to: 'db-1', toZone: 'data', destination: '10.0.0.1', port: 5432, expect: 'allow', untried: '', user: 'root', tool: 'python3',
  answer: 'connected', sent: 'yes', left: 'yes', arrived: 'yes', entered: 'yes', sourceSilent: '', destinationSilent: '', ...given,
});
/** Of yesterday: one connection that is proven allowed, one that is proven blocked, one against the policy, one of which nothing follows. */
const PROOF: Omit<ReachProof, 'id'> = {
  startedAtMs: TEST_NOW_MS - DAY_MS, endedAtMs: TEST_NOW_MS - DAY_MS + 60_000, by: 'ada', version: 1, zone: null, sample: 2, seed: 7, notes: ['db-1: the rules in its kernel are not those that were confirmed.'],
  tries: [
    aTry({ test: 'any can reach zone:data on tcp/5432' }),
    aTry({ port: 22, expect: 'deny', answer: 'timed-out', entered: 'no' }),
    aTry({ from: 'db-1', fromZone: 'data', source: 'fd00::1', to: 'db-2', toZone: 'data', destination: 'fd00::2', port: 22, expect: 'deny', answer: 'refused' }),
    aTry({ port: 80, expect: 'deny', answer: 'timed-out', arrived: 'unknown', entered: 'unknown', destinationSilent: '=cmd|away' }),
  ],
};
/** What a hostile host says of itself. */
export const FORMULA_USER = '=HYPERLINK("http://evil.example","x")';

/**
 * Two days of evidence on `hosts` managed hosts `db-1`, `db-2` … in the zone `data`, which all were pushed to enforce three days ago: whole records, refused flows, a reading of counters.
 * With more than one host the last was tampered with a day ago, for an hour. One more host is not managed.
 */
export async function fillEvidence(at: TestBackend, hosts: number): Promise<void> {
  const { client, backend } = at;
  for (let n = 1; n <= hosts; n += 1) await addTestHost(client, n, `db-${n}`, 'role=db');
  await client.hosts.add({ name: 'nas', ssh: null, addresses: ['10.0.9.9'], labels: {}, note: '' });
  await client.policy.addZone({ name: 'data', select: must(parseSelectorSet('role=db')), outbound: 'open', onlyServices: null, note: '' });
  const [rule] = await client.policy.addRules({ rules: [{ action: 'allow', from: must(parsePeer('any')), to: must(parsePeer('zone:data')), services: must(parseServiceRefs('tcp/5432')), owner: 'dba', reason: '', ticket: '', reviewOn: null, expiresOn: null }] });
  if (rule === undefined) throw new Error('the rule was not added');
  const { policy, hash } = readDraft(backend);
  const pushedAtMs = TEST_NOW_MS - 3 * DAY_MS;
  const ids = Array.from({ length: hosts }, (_, i) => ({ name: `db-${i + 1}`, id: at.hostId(`db-${i + 1}`) }));
  backend.workspace.transaction((tx) => {
    insertVersion(tx, { hash, author: 'ada', note: '', createdAtMs: pushedAtMs, policy: { ...policy, zones: policy.zones.map((zone) => ({ ...zone, mode: 'enforce' })) } });
    insertWaiver(tx, { zone: 'data', mode: 'enforce', check: 'days-in-test', reason: '<b>audit</b> on Friday', actor: 'ada', atMs: TEST_NOW_MS - DAY_MS });
    for (const { id } of ids) saveBundle(tx, { host: id, hash: 'b1', version: PolicyVersionId.parse(1), mode: 'enforce', zone: 'data', text: '', rulesetJson: 'null', createdAtMs: pushedAtMs });
    insertPush(tx, { id: PUSH, version: PolicyVersionId.parse(1), kind: 'push', author: 'ada', note: 'first', startedAtMs: pushedAtMs, confirmWithinSeconds: 60, sessions: 'keep', hosts: ids.map(({ id, name }) => ({ host: id, hostName: name, bundle: 'b1', formerBundle: null })) });
    for (const { id } of ids) {
      appendPushStep(tx, PUSH, { host: id, step: 'applying', detail: '', atMs: pushedAtMs });
      appendPushStep(tx, PUSH, { host: id, step: 'confirmed', detail: '', atMs: pushedAtMs + 1000 });
      setAppliedBundle(tx, id, 'b1', pushedAtMs);
      addRecord(tx, id);
      saveCounters(tx, id, { readAtMs: TEST_NOW_MS, sinceMs: pushedAtMs, bundle: 'b1', counters: [{ rule: rule.id, direction: 'in', packets: 7, bytes: 420 }] });
      addRefused(tx, id);
    }
    insertReachProof(tx, PROOF);
    setPushOutcome(tx, PUSH, 'confirmed', pushedAtMs + 1000);
    const last = ids.at(-1);
    if (last === undefined || hosts === 1) return;
    addHostEvent(tx, last.id, { seq: 1, atMs: TEST_NOW_MS - DAY_MS, event: 'tampered', fields: { what: 'rules', difference: '-drop' } });
    addHostEvent(tx, last.id, { seq: 2, atMs: TEST_NOW_MS - DAY_MS + HOUR_MS, event: 'restored', fields: { what: 'rules', from: 'confirmed.nft' } });
  });
  for (const { id } of ids) recordStatus(backend, id, toStatus(id));
}

function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join('; '));
  return parsed.value;
}

type Id = Parameters<typeof saveCursor>[1];

/** Three days, or so many hours, without a gap; the clock half a second behind. */
export function addRecord(tx: WriteDb, id: Id, nowMs = TEST_NOW_MS, hours = 72): void {
  for (let hour = hours; hour > 0; hour -= 1) addFigure(tx, id, nowMs - hour * HOUR_MS, 'snapshots', 1);
  addFigure(tx, id, nowMs - 5 * HOUR_MS, 'lost-in', 3);
  saveClockOffset(tx, id, nowMs - HOUR_MS, -500);
  saveCursor(tx, id, { seq: 9, epoch: 'e', atMs: nowMs });
}

/** Per host four blocked connections of a peer that nobody knows, and one that would have been in its days of test. */
function addRefused(tx: WriteDb, id: Id): void {
  const flows = [
    { peer: '192.0.2.77', verdict: 'blocked', connections: 4, atMs: TEST_NOW_MS - 2 * HOUR_MS },
    { peer: '10.0.9.9', verdict: 'would-block', connections: 1, atMs: TEST_NOW_MS - 30 * HOUR_MS },
    { peer: '10.0.9.9', verdict: 'accepted', connections: 20, atMs: TEST_NOW_MS - 3 * HOUR_MS },
  ];
  for (const { peer, verdict, connections, atMs } of flows) {
    const { lastId } = tx.run(
      `INSERT INTO flows (reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, zone, verdict, policy_version, connections, first_seen_at_ms, last_seen_at_ms)
       VALUES (?, 'in', ?, '', 'tcp', 22, ?, '', 'data', ?, 1, ?, ?, ?)`,
      [id, peer, FORMULA_USER, verdict, connections, atMs, atMs],
    );
    tx.run('INSERT INTO flow_hours (flow_id, hour_start_ms, connections) VALUES (?, ?, ?)', [lastId, Math.floor(atMs / HOUR_MS) * HOUR_MS, connections]);
  }
}

export const toStatus = (hostId: string): AgentStatus =>
  AgentStatus.parse({
    v: 1, agentVersion: '0.1.0', hostId, bootId: 'b', clock: 1, loaded: true, runningBundle: 'b1', runningMode: 'enforce', runningSeq: 1, confirmedBundle: 'b1', confirmedSeq: 1,
    kernelHash: 'k', expectedKernelHash: 'k', pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0,
  });
