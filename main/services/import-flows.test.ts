import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowImportResult } from '../../shared/contract/flow-imports.ts';
import type { FlowQuery } from '../../shared/contract/views.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { ingestDrain } from './ingest.ts';
import { readExport } from './testing/read-export.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const QUERY: FlowQuery = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 100, offset: 0 };
const AT_SECONDS = (TEST_NOW_MS - 2 * HOUR_MS) / 1000;
let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
beforeEach(async () => {
  at = makeBackend();
  folder = makeFolder();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await at.client.hosts.add({ name: 'printer', ssh: null, addresses: ['10.0.0.9'], labels: { role: 'printer', app: 'office' }, note: '' });
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

const zeekRow = (from: string, to: string, port: number, history = 'ShAdDaFf', atSeconds = AT_SECONDS) => `${atSeconds}\t${from}\t50000\t${to}\t${port}\ttcp\t${history.includes('h') ? 'SF' : 'S0'}\t${history}\n`;
const zeekLog = (...rows: string[]) => `#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\n${rows.join('')}`;

function write(name: string, text: string | Buffer): string {
  const path = join(folder.folder, name);
  writeFileSync(path, text);
  return path;
}

async function importLog(path: string, dryRun = false): Promise<FlowImportResult> {
  for await (const event of await at.client.flows.importLog({ path, format: null, dryRun })) if (event.type === 'done') return event.result;
  throw new Error('the import ended without a result');
}
const list = async (query: Partial<FlowQuery> = {}) =>
  (await at.client.flows.list({ ...QUERY, ...query })).rows.map((row) => `${row.reporter === null ? 'nobody' : row.reporterName} ${row.direction} ${row.peerName} ${row.protocol}/${row.port} ×${row.connections} ${row.origin === null ? 'agent' : `${row.origin.name} ${row.origin.confidence}`}`);

describe('an import', () => {
  test('is reported by the provider where that is a host, managed or not, else by the consumer, else stands between addresses', async () => {
    const path = write('conn.log', zeekLog(zeekRow('192.0.2.1', '10.0.0.9', 9100), zeekRow('10.0.0.1', '10.0.0.9', 9100), zeekRow('10.0.0.1', '192.0.2.2', 443), zeekRow('192.0.2.1', '192.0.2.2', 22)));
    const result = await importLog(path);
    expect(result).toMatchObject({ name: 'conn.log', known: null, ends: { both: 1, one: 2, none: 1 }, source: { id: 1, importedBy: 'ada', importedAtMs: TEST_NOW_MS }, figures: { read: 4, taken: 4, flows: 4 } });
    expect((await list()).toSorted()).toEqual([
      'nobody in 192.0.2.1 tcp/22 ×1 conn.log exact',
      'printer in 192.0.2.1 tcp/9100 ×1 conn.log exact',
      'printer in web-1 tcp/9100 ×1 conn.log exact',
      'web-1 out 192.0.2.2 tcp/443 ×1 conn.log exact',
    ]);
    // Whoever gets an address later is its end from then on.
    await at.client.hosts.add({ name: 'nas', ssh: null, addresses: ['192.0.2.2'], labels: {}, note: '' });
    expect(await list({ to: 'host:nas' })).toEqual(['nas in 192.0.2.1 tcp/22 ×1 conn.log exact', 'nas in web-1 tcp/443 ×1 conn.log exact']);
  });

  test('of a file that somebody else imports meanwhile is refused as well, and is there once', async () => {
    const path = write('conn.log', zeekLog(zeekRow('192.0.2.1', '10.0.0.1', 443)));
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => importLog(path)));
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'imported' : outcome.reason.code)).toSorted()).toEqual(['SOURCE_KNOWN', 'SOURCE_KNOWN', 'imported']);
    expect(await at.client.flows.sources({})).toHaveLength(1);
  });

  test('of a file that was imported before is refused, under another name too, and possible again once the source is out', async () => {
    const text = zeekLog(zeekRow('10.0.0.1', '10.0.0.9', 9100));
    await importLog(write('conn.log', text));
    const again = write('renamed.log', text);
    await expect(importLog(again)).rejects.toMatchObject({ code: 'SOURCE_KNOWN', data: { id: 1, name: 'conn.log' } });
    expect((await importLog(again, true)).known?.id).toBe(1);
    await at.client.flows.removeSource({ id: 1 });
    expect([await list(), await at.client.flows.sources({})]).toEqual([[], []]);
    expect((await importLog(again)).source?.id).toBe(2);
    await expect(at.client.flows.removeSource({ id: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { known: ['2 (renamed.log)'] } });
    expect((await at.client.audit.list({ limit: 5, beforeSeq: null })).map(({ action, subject }) => `${action} ${subject}`).slice(0, 3)).toEqual(['flows.importLog renamed.log', 'flows.removeSource conn.log', 'flows.importLog conn.log']);
  });

  test('stores nothing in a dry run, where no row is a flow, and when it is aborted', async () => {
    const path = write('conn.log', zeekLog(zeekRow('10.0.0.1', '10.0.0.9', 9100)));
    expect(await importLog(path, true)).toMatchObject({ source: null, figures: { flows: 1 }, top: [{ from: 'web-1', fromHost: true, to: 'printer', toHost: true, port: 9100, connections: 1, basis: 'opening' }] });
    expect((await importLog(write('bad.log', zeekLog('nonsense\n')))).source).toBeNull();
    const stop = new AbortController();
    const events = await at.client.flows.importLog({ path, format: null, dryRun: false }, { signal: stop.signal });
    stop.abort();
    await expect((async () => { for await (const event of events) expect(event.type).toBe('progress'); })()).rejects.toBeDefined();
    expect([await list(), await at.client.flows.sources({})]).toEqual([[], []]);
  });

  test('refuses what is no ordinary file, and a path that depends on where one stands', async () => {
    await expect(importLog('/dev/zero')).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
    await expect(importLog(folder.folder)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
    await expect(importLog('conn.log')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('leaves names of files inert wherever they are told, and neutral in CSV', async () => {
    await importLog(write('=1+1\u001b[2J.log', gzipSync(zeekLog(zeekRow('10.0.0.1', '10.0.0.9', 9100)))));
    const { text } = await readExport(at.client, QUERY);
    expect(text).toContain("'=1+1");
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]?.subject).toBe('=1+1\\x1b[2J.log');
  });
});

describe('imports beside agents', () => {
  beforeEach(() => {
    ingestDrain(at.backend, at.hostId('web-1'), [snapshotLine({ seq: 1, atMs: TEST_NOW_MS - HOUR_MS, sets: { out4: [{ key: ['10.0.0.9', 'tcp', 9100, 33, '1234'], packets: 7 }] } })]);
  });

  test('what an agent recorded is not counted a second time on the map, and what none recorded comes on top with its source', async () => {
    const before = await at.client.flows.map({ sinceMs: null });
    await importLog(write('conn.log', zeekLog(zeekRow('10.0.0.1', '10.0.0.9', 9100), zeekRow('192.0.2.1', '10.0.0.9', 9100))));
    const { edges } = await at.client.flows.map({ sinceMs: null });
    const own = edges.find(({ source }) => source === `host:${at.hostId('web-1')}`);
    expect(before.edges.map(({ connections }) => connections)).toEqual([7]);
    expect([own?.connections, own?.sources]).toEqual([7, []]);
    expect(edges.filter(({ sources }) => sources.length > 0).map(({ source, connections, sources }) => [source, connections, sources])).toEqual([['ext:192.0.2.0/24', 1, ['conn.log']]]);
  });

  test('two sources that tell one conversation count once: of each hour the one that tells it most', async () => {
    const [first, second] = [AT_SECONDS, AT_SECONDS + 3600];
    const row = (atSeconds: number) => zeekRow('192.0.2.1', '10.0.0.9', 515, 'ShA', atSeconds);
    await importLog(write('a.log', zeekLog(row(first), row(first), row(first), row(second))));
    await importLog(write('b.log', zeekLog(row(first), row(second), row(second))));
    const { edges } = await at.client.flows.map({ sinceMs: null });
    expect(edges.find(({ port }) => port === 515)?.connections).toBe(3 + 2);
    const { edges: lately } = await at.client.flows.map({ sinceMs: second * 1000 });
    expect(lately.find(({ port }) => port === 515)?.connections).toBe(2);
  });

  test('rules are suggested for what was imported, and not for what was refused, never answered, or opened by nobody knows whom', async () => {
    const vpc = (from: string, ports: string, action: string) => `2 1 eni-a ${from} 10.0.0.1 ${ports} 6 1 1 ${AT_SECONDS} ${AT_SECONDS} ${action} OK\n`;
    await importLog(write('conn.log', zeekLog(zeekRow('10.0.0.9', '10.0.0.1', 631), zeekRow('10.0.0.9', '10.0.0.1', 21, 'S'))));
    await importLog(write('vpc.log', vpc('10.0.0.9', '50000 23', 'REJECT') + vpc('10.0.0.9', '50000 60000', 'ACCEPT')));
    const answer = await at.client.policy.suggest({ zone: null, sinceMs: null });
    const ports = answer.suggestions.flatMap(({ rule }) => rule.services).map((service) => JSON.stringify(service)).join(' ');
    expect(ports).toContain('631');
    expect(ports).not.toMatch(/\b(21|23|60000)\b/);
    expect(answer.imported).toEqual([{ source: 'conn.log', conversations: 1 }]);
  });

  test('the list has both, newest first, and its filters, pages and windows are those of the whole', async () => {
    await importLog(write('conn.log', zeekLog(zeekRow('192.0.2.1', '10.0.0.9', 515), zeekRow('192.0.2.1', '10.0.0.9', 515, 'ShA', AT_SECONDS + 3500), zeekRow('10.0.0.1', '10.0.0.9', 22, 'ShA', AT_SECONDS - 7200))));
    const all = ['web-1 out printer tcp/9100 ×7 agent', 'printer in 192.0.2.1 tcp/515 ×2 conn.log exact', 'printer in web-1 tcp/22 ×1 conn.log exact'];
    expect(await list()).toEqual(all);
    expect(await list({ limit: 1, offset: 1 })).toEqual(all.slice(1, 2));
    expect((await at.client.flows.list({ ...QUERY, limit: 1 })).total).toBe(3);
    expect(await list({ text: 'conn.log' })).toEqual(all.slice(1));
    expect(await list({ from: '192.0.2.0/24' })).toEqual(all.slice(1, 2));
    expect(await list({ from: 'role=web' })).toEqual([all[0], all[2]]);
    expect(await list({ verdict: ['blocked'] })).toEqual([]);
    expect(await list({ sinceMs: TEST_NOW_MS - 2 * HOUR_MS })).toEqual(all.slice(0, 2));
  });
});
