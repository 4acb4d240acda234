import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowQuery } from '../../shared/contract/views.ts';
import { Cidr } from '../../shared/model/peer.ts';
import { dnsName } from '../../shared/policy/testing/a-ledger.ts';
import { saveNameAnswers } from '../db/name-ledger-store.ts';
import { ingestDrain } from './ingest.ts';
import { readExport } from './testing/read-export.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const QUERY: FlowQuery = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 100, offset: 0 };
let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
  await at.client.policy.putIpList({ name: 'office', cidrs: [Cidr.parse('10.30.0.0/16')], except: [], note: '' });
  ingest('web-1', {
    seq: 1,
    atMs: TEST_NOW_MS - HOUR_MS,
    sets: { out4: [{ key: ['10.0.0.2', 'tcp', 5432, 33, '1234'], packets: 7 }], in4: [{ key: ['10.30.0.5', 'tcp', 443, '1234'], packets: 2 }] },
  });
  ingest('db-1', {
    seq: 1,
    atMs: TEST_NOW_MS - HOUR_MS,
    mode: 'test',
    sets: {
      in4: [
        { key: ['10.0.0.1', 'tcp', 5432, '77'], packets: 6 },
        { key: ['192.0.2.7', 'tcp', 5432, '77'], packets: 1 },
      ],
      miss_in4: [{ key: ['192.0.2.7', 'tcp', 5432, '77'], packets: 1 }],
    },
  });
});
afterEach(() => at.close());

const ingest = (name: string, snapshot: TestSnapshot) => ingestDrain(at.backend, at.hostId(name), [snapshotLine(snapshot)]);
const list = async (query: Partial<FlowQuery>) =>
  (await at.client.flows.list({ ...QUERY, ...query })).rows.map((r) => `${r.reporterName} ${r.direction} ${r.peerName}`).toSorted();

describe('the list of flows', () => {
  test('names peers by host, IP list or address', async () => {
    expect(await list({})).toEqual(['db-1 in 192.0.2.7', 'db-1 in web-1', 'web-1 in office', 'web-1 out db-1']);
  });

  test('names peers that the ledger knows as it knows them, which is never stored, and never what must not be let in', async () => {
    await at.client.policy.putIpList({ name: 'partners', cidrs: [], names: [dnsName('api.example.org')], except: [], note: '' });
    const seen = (addresses: string[], atMs: number) => at.backend.workspace.transaction((tx) => saveNameAnswers(tx, [{ name: dnsName('api.example.org'), seenBy: at.hostId('web-1'), addresses, problem: null }], atMs));
    seen(['192.0.2.7', '10.30.0.5'], TEST_NOW_MS - 2 * HOUR_MS);
    expect(await list({})).toEqual(['db-1 in api.example.org (seen by web-1, 2 h ago)', 'db-1 in web-1', 'web-1 in office', 'web-1 out db-1']);
    expect(await list({ text: 'API.example' })).toEqual(['db-1 in api.example.org (seen by web-1, 2 h ago)']);
    expect((await readExport(at.client, QUERY)).text).toContain('"api.example.org (seen by web-1, 2026-11-21 10:00 UTC)",192.0.2.7');
    await at.client.policy.removeIpList({ name: 'partners' });
    expect(await list({ to: 'db-1' })).toEqual(['db-1 in 192.0.2.7', 'db-1 in web-1', 'web-1 out db-1']);
  });

  test.each<[string, Partial<FlowQuery>, string[]]>([
    ['a consumer by label, at both ends', { from: 'role=web' }, ['db-1 in web-1', 'web-1 out db-1']],
    ['a provider by host', { to: 'host:db-1' }, ['db-1 in 192.0.2.7', 'db-1 in web-1', 'web-1 out db-1']],
    ['a bare host name', { to: 'web-1' }, ['web-1 in office']],
    ['a consumer by IP list', { from: 'iplist:office' }, ['web-1 in office']],
    ['a consumer by network', { from: '192.0.2.0/24' }, ['db-1 in 192.0.2.7']],
    ['both ends', { from: 'role=web', to: 'role=db' }, ['db-1 in web-1', 'web-1 out db-1']],
    ['a selector that matches nobody', { from: 'role=nobody' }, []],
    ['any', { from: 'any', to: 'role=db' }, ['db-1 in 192.0.2.7', 'db-1 in web-1', 'web-1 out db-1']],
    ['a verdict', { verdict: ['would-block'] }, ['db-1 in 192.0.2.7']],
    ['text of a unit', { text: 'nginx' }, ['web-1 in office', 'web-1 out db-1']],
    ['text of a host name', { text: 'DB-' }, ['db-1 in 192.0.2.7', 'db-1 in web-1', 'web-1 out db-1']],
    ['text of an IP list', { text: 'offi' }, ['web-1 in office']],
    ['text of protocol and port', { text: 'tcp/443' }, ['web-1 in office']],
    ['text that is a wildcard elsewhere', { text: '%' }, []],
    ['a window that ended before', { untilMs: TEST_NOW_MS - 5 * HOUR_MS }, []],
  ])('filters by %s', async (_what, query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test('pages and counts', async () => {
    const page = await at.client.flows.list({ ...QUERY, limit: 1, offset: 3 });
    expect([page.rows.length, page.total]).toEqual([1, 4]);
  });

  test('within a window only its hours count', async () => {
    ingest('web-1', { seq: 2, atMs: TEST_NOW_MS, sets: { out4: [{ key: ['10.0.0.2', 'tcp', 5432, 33, '1234'], packets: 10 }] } });
    const { rows } = await at.client.flows.list({ ...QUERY, sinceMs: TEST_NOW_MS, from: 'web-1' });
    expect(rows.map((r) => r.connections)).toEqual([3]);
  });

  test('says what to write for an end that cannot be read', async () => {
    await expect(at.client.flows.list({ ...QUERY, from: '10.0.0.5/8', to: 'zone:nowhere' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: {
        issues: [
          { path: 'from', message: expect.stringContaining('did you mean 10.0.0.0/8?') },
          { path: 'to', message: expect.stringContaining('there is no zone “nowhere”') },
        ],
      },
    });
  });
});

describe('the draft verdict', () => {
  test('says for an observing host whether a rule explains the flow', async () => {
    const before = await at.client.flows.list({ ...QUERY, to: 'db-1', from: 'web-1' });
    expect(before.rows.map((r) => r.draft)).toEqual(before.rows.map(() => ({ kind: 'observed', why: 'in no zone; no rule explains it yet' })));
    const [rule] = await at.client.policy.addRules({ rules: [aRule('role=web', 'role=db', 5432)] });
    const after = await at.client.flows.list({ ...QUERY, to: 'db-1', from: 'web-1' });
    expect(after.rows.map((r) => r.draft)).toEqual(after.rows.map(() => ({ kind: 'observed', why: `in no zone; rule ${rule?.id} explains it` })));
  });
});

describe('the map', () => {
  test('joins what both ends reported of one conversation: one edge, the larger count, users of both', async () => {
    const { edges } = await at.client.flows.map({ sinceMs: null });
    const edge = edges.find((e) => e.source === `host:${at.hostId('web-1')}` && e.target === `host:${at.hostId('db-1')}`);
    expect(edge).toMatchObject({
      protocol: 'tcp',
      port: 5432,
      connections: 7,
      verdict: 'no-rule',
      users: ['www-data'],
      units: ['nginx.service', 'postgresql@15-main.service'],
    });
  });

  test('groups strangers by network and names IP lists', async () => {
    const { nodes, edges } = await at.client.flows.map({ sinceMs: null });
    expect(nodes.filter((n) => n.kind === 'external').map((n) => n.id)).toEqual(['ext:192.0.2.0/24', 'ext:office']);
    expect(edges.find((e) => e.source === 'ext:192.0.2.0/24')?.verdict).toBe('would-block');
  });

  test('an edge that only a rule of the draft explains is allowed there, and has no rule live', async () => {
    await at.client.policy.addRules({ rules: [aRule('role=web', 'role=db', 5432)] });
    const { edges } = await at.client.flows.map({ sinceMs: null });
    expect(edges.filter((e) => e.draft === 'allowed').map(({ port, verdict, differing }) => [port, verdict, differing])).toEqual([[5432, 'no-rule', 1]]);
    expect(edges.filter((e) => e.verdict === 'allowed')).toEqual([]);
  });

  test('keeps where nodes were put', async () => {
    const id = `host:${at.hostId('web-1')}`;
    await at.client.flows.savePositions({ positions: [{ id, x: 10, y: -20.5 }] });
    const { nodes } = await at.client.flows.map({ sinceMs: null });
    expect(nodes.find((n) => n.id === id)).toMatchObject({ x: 10, y: -20.5 });
  });

  test('shows where recordings were lost', async () => {
    ingest('web-1', { seq: 2, atMs: TEST_NOW_MS, counters: { lost_in: 3 } });
    expect((await at.client.flows.map({ sinceMs: null })).lost).toEqual([{ hostName: 'web-1', packets: 3 }]);
  });
});

describe('the CSV export', () => {
  test('holds every flow that matches, however many the list would show', async () => {
    const { total } = await at.client.flows.list({ ...QUERY, limit: 1 });
    expect(total).toBeGreaterThan(1);
    const { text, rows } = await readExport(at.client, { ...QUERY, limit: 1, offset: 1 });
    expect([rows, text.trimEnd().split('\r\n').length]).toEqual([total, total + 1]);
  });

  test('neutralises cells that a spreadsheet would run', async () => {
    const line = snapshotLine({ seq: 2, atMs: TEST_NOW_MS, sets: { out4: [{ key: ['192.0.2.8', 'tcp', 80, 6666, '9'], packets: 1 }] } })
      .replace('"33":"www-data"', '"6666":"=HYPERLINK(\\"http://evil\\")"')
      .replace('"1234":', '"9":"/system.slice/@SUM(A1).service","1234":');
    ingestDrain(at.backend, at.hostId('web-1'), [line]);
    const { text, rows } = await readExport(at.client, { ...QUERY, to: '192.0.2.8/32' });
    expect(rows).toBe(1);
    expect(text.split('\r\n')[1]).toContain(`"'=HYPERLINK(""http://evil"")",'@SUM(A1).service`);
  });
});

function aRule(from: string, to: string, port: number): Parameters<TestBackend['client']['policy']['addRules']>[0]['rules'][number] {
  const peer = (text: string) => {
    const [key = '', value = ''] = text.split('=');
    return { kind: 'selector' as const, select: { include: [{ terms: [{ key, op: '=' as const, values: [value] }] }], exclude: [] } };
  };
  const services = [{ kind: 'inline' as const, entry: { kind: 'ports' as const, protocol: 'tcp' as const, from: port, to: port } }];
  return { action: 'allow', from: peer(from), to: peer(to), services, owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null };
}
