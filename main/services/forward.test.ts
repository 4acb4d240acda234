import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendAudit } from '../db/audit-store.ts';
import { countSpooled, listSpooled, spoolEvent } from '../db/forward-spool.ts';
import { findLease, saveLease } from '../db/forward-store.ts';
import { insertVersion } from '../db/version-store.ts';
import { appendPushStep, insertPush, setPushOutcome } from '../db/push-store.ts';
import type { ForwardEvent, ForwardKind } from '../../shared/model/forward.ts';
import { PushId } from '../../shared/model/ids.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { recordFacts } from './agent-record.ts';
import { createBackend } from './backend.ts';
import { retryAfterMs } from './forward-drain.ts';
import { takeLease } from './forward-lease.ts';
import { startForwarding } from './forward-loop.ts';
import { ingestDrain } from './ingest.ts';
import { thisProcess } from './push-owner.ts';
import { thisMachine } from './this-machine.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { someFacts } from './testing/some-facts.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let logPath: string;
beforeEach(() => {
  at = makeBackend();
  logPath = join(dirname(at.path), 'log.jsonl');
});
afterEach(() => at.close());

const add = (name: string, kinds: ForwardKind[] = ['alert', 'audit', 'flow', 'push'], path = logPath) => at.client.forwards.add({ name, target: { kind: 'file', path, rotateMegabytes: 100, keepFiles: 5 }, format: 'ecs', kinds });
const happen = (subject: string) => at.backend.workspace.transaction((tx) => appendAudit(tx, { atMs: at.clock.nowMs, actor: 'ada', action: 'hosts.label', subject, detail: '' }));
const spooled = (kinds: ForwardKind[]) => listSpooled(at.backend.workspace.read, 0, kinds, 1000).map(({ event }) => event);
const run = () => at.client.forwards.run({ name: null });
const subjects = () => readFileSync(logPath, 'utf8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { firebreak: { subject: string } }).firebreak.subject);
const view = async (name: string) => (await at.client.forwards.list({})).find((each) => each.name === name);

describe('what is put into the spool', () => {
  test('is nothing while nobody wants it, and only what was asked for', async () => {
    happen('before');
    expect(spooled(['audit'])).toEqual([]);
    await add('alerts-only', ['alert']);
    happen('not wanted');
    expect(spooled(['audit'])).toEqual([]);
  });

  test('is an audit entry with its number and hash, its own adding the first', async () => {
    await add('siem');
    happen('web-1');
    const log = (await at.client.audit.list({ limit: 10, beforeSeq: null })).toReversed();
    expect(spooled(['audit'])).toEqual(log.map(({ seq, actor, action, subject, detail, hash }) => ({ kind: 'audit', seq, actor, action, subject, detail, hash })));
  });

  test('goes with the transaction of what it tells of', async () => {
    await add('siem');
    const before = spooled(['audit']).length;
    expect(() =>
      at.backend.workspace.transaction((tx) => {
        appendAudit(tx, { atMs: 1, actor: 'ada', action: 'hosts.add', subject: 'web-1', detail: '' });
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(spooled(['audit'])).toHaveLength(before);
  });

  test('is an alert as it opens and as it settles, not each time that its cause comes', async () => {
    await addTestHost(at.client, 1, 'web-1');
    await add('siem', ['alert']);
    for (const ports of [[22], [22, 8080], [22, 8080], [22], [22, 8080]]) recordFacts(at.backend, at.hostId('web-1'), someFacts({ ports }));
    const seen = { kind: 'alert', alertKind: 'service-new', hostName: 'web-1', subject: expect.objectContaining({ port: 8080 }) };
    expect(spooled(['alert'])).toEqual([expect.objectContaining({ ...seen, change: 'opened' }), expect.objectContaining({ ...seen, change: 'settled', why: expect.stringContaining('listens') }), expect.objectContaining({ ...seen, change: 'opened' })]);
  });

  test('is a push as it begins and ends, with how many hosts stand where', async () => {
    await addTestHost(at.client, 1, 'web-1');
    await add('siem', ['push']);
    const [id, host] = [PushId.parse('p_000000000001'), at.hostId('web-1')];
    at.backend.workspace.transaction((tx) => {
      const version = insertVersion(tx, { hash: 'x', author: 'ada', note: '', createdAtMs: 1, policy: EMPTY_POLICY }).id;
      insertPush(tx, { id, version, kind: 'push', author: 'ada', note: 'n', startedAtMs: 10, confirmWithinSeconds: 60, sessions: 'keep', hosts: [{ host, hostName: 'web-1', bundle: 'b', formerBundle: null }] });
      appendPushStep(tx, id, { host, step: 'failed', detail: '', atMs: 12 });
      setPushOutcome(tx, id, 'failed', 20);
    });
    const push = { kind: 'push', push: id, pushKind: 'push', version: 1, author: 'ada', note: 'n', startedAtMs: 10 };
    expect(listSpooled(at.backend.workspace.read, 0, ['push'], 10).map(({ atMs, event }) => [atMs, event])).toEqual([
      [10, { ...push, outcome: 'running', hosts: { planned: 1 } }],
      [20, { ...push, outcome: 'failed', hosts: { failed: 1 } }],
    ]);
  });
});

const refusedFlow = (connections: number): ForwardEvent => ({
  kind: 'flow', verdict: 'blocked', host: 'h', hostName: 'db-1', direction: 'in', peerAddress: '10.0.0.9', forwardTo: null, protocol: 'tcp', port: 5432, user: null, unit: null, process: null, zone: null, policyVersion: null, connections,
});

describe('a spool that is full', () => {
  test('drops the oldest, and counts them for whoever had not got them and wanted them', async () => {
    await add('got-two', ['audit']);
    happen('1');
    await run();
    await add('got-none', ['audit'], `${logPath}-2`);
    await add('other-kind', ['push'], `${logPath}-3`);
    for (const n of [1, 2, 3, 4]) at.backend.workspace.transaction((tx) => spoolEvent(tx, 'audit', n, () => ({ kind: 'audit', seq: n, actor: 'a', action: 'b.c', subject: String(n), detail: '', hash: '' }), { events: 3, lookEvery: 1 }));
    // Waiting were for the first: the two that were added, and four; for the second the adding of the third, its own, and four.
    expect([(await view('got-two'))?.dropped, (await view('got-none'))?.dropped, (await view('other-kind'))?.dropped]).toEqual([3, 3, 0]);
    expect([(await view('got-two'))?.waiting, (await view('got-none'))?.waiting]).toEqual([3, 3]);
    await run();
    expect(subjects().slice(-3)).toEqual(['2', '3', '4']);
    expect((await view('got-two'))?.waiting).toBe(0);
  });

  test('of connections that were refused pushes out no entry of the audit log: anybody can make them', async () => {
    await add('siem', ['audit', 'flow']);
    for (const n of [1, 2, 3, 4, 5]) at.backend.workspace.transaction((tx) => spoolEvent(tx, 'flow', n, () => refusedFlow(n), { events: 3, lookEvery: 1 }));
    expect(spooled(['audit', 'flow']).map((event) => (event?.kind === 'flow' ? event.connections : event?.kind))).toEqual(['audit', 3, 4, 5]);
    expect(await view('siem')).toMatchObject({ waiting: 4, dropped: 2 });
  });
});

describe('sending', () => {
  test('is in order, once, and the spool is empty afterwards', async () => {
    await add('siem');
    happen('web-1');
    expect(await run()).toEqual([{ name: 'siem', sent: 2, setAside: 0, waiting: 0, busy: false, confirmed: true, error: null }]);
    happen('web-2');
    await run();
    expect(await run()).toEqual([{ name: 'siem', sent: 0, setAside: 0, waiting: 0, busy: false, confirmed: true, error: null }]);
    expect(subjects()).toEqual(['siem', 'web-1', 'web-2']);
    expect(countSpooled(at.backend.workspace.read, 0, ['audit'])).toBe(0);
    expect(await view('siem')).toMatchObject({ sent: 3, waiting: 0, dropped: 0, failures: 0, lastError: null, lastSentAtMs: at.clock.nowMs });
  });

  test('keeps what one does not take, says why and when it tries again, and goes on with the others', async () => {
    const missing = join(dirname(at.path), 'missing');
    await add('broken', ['audit'], join(missing, 'log'));
    await add('well', ['audit']);
    happen('web-1');
    expect((await run()).map(({ name, sent, waiting, error }) => [name, sent, waiting, error])).toEqual([['broken', 0, 3, expect.stringContaining('ENOENT')], ['well', 2, 0, null]]);
    await run();
    expect(await view('broken')).toMatchObject({ failures: 2, lastError: expect.stringContaining('ENOENT'), nextTryAtMs: at.clock.nowMs + 10_000 });
    mkdirSync(missing);
    expect((await run())[0]).toMatchObject({ sent: 3, waiting: 0 });
    expect(await view('broken')).toMatchObject({ failures: 0, lastError: null, nextTryAtMs: null });
  });

  test('is tried again ever later, and never later than in a quarter of an hour', () => {
    expect([1, 2, 3, 8, 9, 1000].map(retryAfterMs)).toEqual([5_000, 10_000, 20_000, 640_000, 900_000, 900_000]);
  });

  test('goes on past events that cannot be read or said: they are set aside, counted, shown, and kept until somebody forgets them', async () => {
    await add('siem');
    for (const subject of ['unreadable', 'misdated', 'well']) happen(subject);
    const change = (set: string, subject: string) => at.backend.workspace.transaction((tx) => tx.run(`UPDATE forward_events SET ${set} WHERE event_json ->> 'subject' = ?`, [subject]));
    // A time that no date can say: a host's clock gave it.
    change('at_ms = 9000000000000000', 'misdated');
    change(`event_json = '{"kind":"of another version"}'`, 'unreadable');
    expect(await run()).toEqual([{ name: 'siem', sent: 2, setAside: 2, waiting: 0, busy: false, confirmed: true, error: null }]);
    expect(subjects()).toEqual(['siem', 'well']);
    expect(await view('siem')).toMatchObject({ sent: 2, waiting: 0, failures: 0, setAside: 2, setAsideReason: expect.stringContaining('Invalid time value') });
    expect(await at.client.forwards.setAside({ name: 'siem' })).toEqual([
      expect.objectContaining({ id: 3, kind: 'audit', text: expect.stringContaining('misdated'), reason: expect.stringContaining('no message can be made of it') }),
      expect.objectContaining({ id: 2, text: '{"kind":"of another version"}', reason: expect.stringContaining('cannot be read'), setAsideAtMs: at.clock.nowMs }),
    ]);
    await at.client.forwards.forgetSetAside({ name: 'siem' });
    expect(await view('siem')).toMatchObject({ setAside: 0, setAsideReason: null });
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'forwards.forgetSetAside', detail: '2 events that were never sent' });
  });

  test('where nothing but such events wait moves on, too', async () => {
    await add('siem');
    at.backend.workspace.transaction((tx) => tx.run("UPDATE forward_events SET event_json = 'no JSON'"));
    expect((await run())[0]).toMatchObject({ sent: 0, setAside: 1, waiting: 0, error: null });
    expect([existsSync(logPath), (await view('siem'))?.lastSentAtMs]).toEqual([false, null]);
    happen('web-1');
    expect((await run())[0]).toMatchObject({ sent: 1, setAside: 0 });
    expect(await view('siem')).toMatchObject({ setAside: 1 });
  });

  test('is left to the process that does it, until that is gone', async () => {
    await add('siem');
    const hold = (pid: number, startToken: string) => at.backend.workspace.transaction((tx) => saveLease(tx, 'siem', { token: 'other', machine: thisMachine(), pid, startToken, untilMs: at.clock.nowMs + 1000 }));
    hold(process.pid, thisProcess().startToken);
    expect(await run()).toEqual([{ name: 'siem', sent: 0, setAside: 0, waiting: 1, busy: true, confirmed: true, error: null }]);
    expect(findLease(at.backend.workspace.read, 'siem')?.token).toBe('other');
    hold(process.pid, 'of a process that had this number before');
    expect((await run())[0]).toMatchObject({ sent: 1, busy: false });
    expect(findLease(at.backend.workspace.read, 'siem')).toBeUndefined();
  });

  test('is left to another machine that has the workspace on a share until that was silent for long, since nothing here tells whether its process lives', async () => {
    await add('siem');
    const leaseMs = 120_000;
    // Of a process number that nobody has here, and of one that is ours here.
    for (const pid of [2 ** 22 + 1, process.pid]) {
      at.backend.workspace.transaction((tx) => saveLease(tx, 'siem', { token: 'other', machine: 'another', pid, startToken: thisProcess().startToken, untilMs: at.clock.nowMs + leaseMs }));
      expect((await run())[0]).toMatchObject({ sent: 0, busy: true });
      // Its clock may be behind ours.
      at.clock.nowMs += leaseMs + 299_000;
      expect((await run())[0]).toMatchObject({ busy: true });
      at.clock.nowMs += 2_000;
      happen(`after ${pid}`);
      expect((await run())[0]).toMatchObject({ busy: false, error: null });
    }
    expect(subjects()).toEqual(['siem', `after ${2 ** 22 + 1}`, `after ${process.pid}`]);
  });

  test('is not held up for years by a machine whose clock was years ahead', async () => {
    await add('siem');
    at.backend.workspace.transaction((tx) => saveLease(tx, 'siem', { token: 'other', machine: 'another', pid: 1, startToken: '', untilMs: at.clock.nowMs + 10 * 365 * 86_400_000 }));
    expect((await run())[0]).toMatchObject({ sent: 1, busy: false });
  });

  test('renews what tells others that it goes on with every batch', async () => {
    await add('siem');
    expect(takeLease(at.backend, 'siem', 'ours')).toBe(true);
    at.clock.nowMs += 100_000;
    expect([takeLease(at.backend, 'siem', 'ours'), takeLease(at.backend, 'siem', 'theirs', 'another')]).toEqual([true, false]);
    at.clock.nowMs += 100_000;
    expect(takeLease(at.backend, 'siem', 'theirs', 'another')).toBe(false);
    expect(findLease(at.backend.workspace.read, 'siem')).toMatchObject({ token: 'ours', machine: thisMachine(), pid: process.pid });
  });

  test('ends with a destination, which is audited with what was given up', async () => {
    await add('siem');
    happen('web-1');
    await at.client.forwards.remove({ name: 'siem' });
    expect(countSpooled(at.backend.workspace.read, 0, ['audit'])).toBe(0);
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'forwards.remove', subject: 'siem', detail: expect.stringContaining('2 events that waited are given up') });
    await expect(at.client.forwards.run({ name: 'siem' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('to a webhook whose address is a secret tells nobody that address: not the audit log, and no error', async () => {
    const secret = 'T0/hook-secret?token=also-secret';
    await at.client.forwards.add({ name: 'hook', target: { kind: 'webhook', url: `https://localhost:1/${secret}`, keyPath: join(dirname(at.path), 'no-key'), caPath: null }, format: 'ecs', kinds: ['audit'] });
    const failed = await at.client.forwards.test({ name: 'hook' }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'FORWARD_FAILED', data: { to: 'https://localhost:1/…' } });
    await at.client.forwards.remove({ name: 'hook' });
    const log = await at.client.audit.list({ limit: 10, beforeSeq: null });
    expect(log.map(({ detail }) => detail).filter((detail) => detail.includes('https://localhost:1/…'))).toHaveLength(2);
    expect(JSON.stringify([log, failed])).not.toMatch(/secret/);
  });

  test('of a test event goes past the spool', async () => {
    await add('siem');
    expect(await at.client.forwards.test({ name: 'siem' })).toEqual({ confirmed: true });
    expect(JSON.parse(readFileSync(logPath, 'utf8'))).toMatchObject({ event: { action: 'test' }, user: { name: 'ada' } });
    expect(await view('siem')).toMatchObject({ sent: 0, waiting: 1 });
  });
});

test('a connection that a host refused is told of, and one that it let through is not', async () => {
  await addTestHost(at.client, 1, 'db-1');
  await add('siem', ['flow']);
  const key = ['10.0.0.9', 'tcp', 5432, '1234'];
  ingestDrain(at.backend, at.hostId('db-1'), [snapshotLine({ seq: 1, atMs: at.clock.nowMs, mode: 'enforce', sets: { in4: [{ key, packets: 10 }], miss_in4: [{ key, packets: 4 }] } })]);
  expect(spooled(['flow'])).toEqual([expect.objectContaining({ kind: 'flow', verdict: 'blocked', hostName: 'db-1', direction: 'in', peerAddress: '10.0.0.9', protocol: 'tcp', port: 5432, connections: 4 })]);
});

test('an open window sends by itself, also what another process put into the spool, and ends with its backend', async () => {
  await add('siem');
  happen('web-1');
  const window = createBackend({ workspacePath: at.path, user: 'ada', configDir: at.backend.configDir, console: { open: () => undefined } });
  try {
    await expect.poll(() => (existsSync(logPath) ? subjects() : []), { timeout: 15_000 }).toEqual(['siem', 'web-1']);
  } finally {
    await window.close();
  }
});

test('a workspace that another process keeps busy does not end the window: it sends at a later look', async () => {
  await add('siem');
  let refused = 0;
  const transaction: typeof at.backend.workspace.transaction = (work, writes) => {
    refused += 1;
    if (refused <= 2) throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
    return at.backend.workspace.transaction(work, writes);
  };
  const loop = startForwarding({ ...at.backend, workspace: { ...at.backend.workspace, transaction } });
  try {
    await expect.poll(() => (existsSync(logPath) ? subjects() : []), { timeout: 15_000 }).toEqual(['siem']);
  } finally {
    await loop.close();
  }
});
