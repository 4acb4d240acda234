import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FlowCursor, FlowPageQuery } from '../../shared/contract/flow-pages.ts';
import type { FlowQuery, FlowRow } from '../../shared/contract/views.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { ingestDrain } from './ingest.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const ALL: Omit<FlowQuery, 'limit' | 'offset'> = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null };
let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
beforeEach(async () => {
  at = makeBackend();
  folder = makeFolder();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
  const element = (n: number) => ({ key: [`10.30.0.${n}`, 'tcp', 443 + n, '1234'], packets: n, secondsAgo: 60 * n });
  ingestDrain(at.backend, at.hostId('web-1'), [snapshotLine({ seq: 1, atMs: TEST_NOW_MS - HOUR_MS, sets: { in4: [1, 2, 3, 4, 5].map(element), out4: [{ key: ['10.0.0.2', 'tcp', 5432, 33, '1234'], packets: 7 }] } })]);
  const row = (minutesAgo: number, port: number) => `${(TEST_NOW_MS - HOUR_MS) / 1000 - 60 * minutesAgo}\t192.0.2.1\t50000\t10.0.0.2\t${port}\ttcp\tSF\tShADF\n`;
  const path = join(folder.folder, 'conn.log');
  writeFileSync(path, `#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\n${row(2.5, 9100)}${row(4.5, 9200)}${row(90, 9300)}`);
  for await (const event of await at.client.flows.importLog({ path, format: null, dryRun: false })) expect(event.type).not.toBe('failed');
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

async function readAll(query: Partial<FlowPageQuery>, limit: number): Promise<FlowRow[]> {
  const rows: FlowRow[] = [];
  let cursor: FlowCursor | null = null;
  do {
    const page: Awaited<ReturnType<typeof at.client.flows.page>> = await at.client.flows.page({ ...ALL, order: 'newest', ...query, cursor, limit });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

test('pages of any size hold what agents recorded and what was imported, in one order', async () => {
  const { rows } = await at.client.flows.list({ ...ALL, limit: 100, offset: 0 });
  expect(rows.length).toBe(9);
  for (const limit of [1, 2, 4, 100]) expect(await readAll({}, limit)).toEqual(rows);
  expect(await readAll({ order: 'oldest' }, 2)).toEqual(rows.toReversed());
  expect((await readAll({ order: 'busiest' }, 2)).map((row) => row.connections)).toEqual([7, 5, 4, 3, 2, 1, 1, 1, 1]);
});

test('services, users and units filter pages, lists and counts alike', async () => {
  await at.client.policy.putService({ name: 'metrics', entries: [{ kind: 'ports', protocol: 'tcp', from: 9100, to: 9200 }], note: '' });
  for (const [filter, count] of [[{ service: 'metrics' }, 2], [{ service: '445' }, 1], [{ service: 'tcp/5432,tcp/9300' }, 2], [{ service: 'any' }, 9], [{ user: 'WWW' }, 1], [{ unit: 'nginx' }, 6], [{ unit: 'nothing' }, 0]] as const) {
    expect([filter, (await readAll(filter, 2)).length]).toEqual([filter, count]);
    expect((await at.client.flows.list({ ...ALL, ...filter, limit: 1, offset: 0 })).total).toBe(count);
    expect(await at.client.flows.count({ ...ALL, ...filter })).toEqual({ count, isExact: true });
  }
});

test('what the draft would do filters pages', async () => {
  const all = await readAll({}, 100);
  expect((await readAll({ draft: ['observed'] }, 2)).length).toBe(all.filter((row) => row.draft.kind === 'observed').length);
  expect(await readAll({ draft: ['blocked'] }, 2)).toEqual([]);
});

test('the busiest within a window, and a service that there is not, are refused with what to do', async () => {
  const page = (fields: Partial<FlowPageQuery>) => at.client.flows.page({ ...ALL, order: 'newest', cursor: null, limit: 10, ...fields });
  await expect(page({ order: 'busiest', sinceMs: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'order', message: expect.stringContaining('All that is stored') }] } });
  await expect(page({ service: 'postgres' })).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'service', message: expect.stringContaining('there is no service “postgres”') }] } });
});

test('a call that is aborted ends', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(at.client.flows.page({ ...ALL, order: 'newest', cursor: null, limit: 10 }, { signal: abort.signal })).rejects.toThrow();
});

test('views are kept by name, replaced under the same name, audited, and removed', async () => {
  await at.client.flows.saveView({ name: ' Refused ', filters: { verdict: 'blocked', period: '24h' } });
  await at.client.flows.saveView({ name: 'Refused', filters: { verdict: 'would-block' } });
  expect(await at.client.flows.views({})).toEqual([{ name: 'Refused', filters: { verdict: 'would-block' }, savedAtMs: TEST_NOW_MS, savedBy: 'ada' }]);
  await at.client.flows.removeView({ name: 'Refused' });
  expect(await at.client.flows.views({})).toEqual([]);
  await expect(at.client.flows.removeView({ name: 'Refused' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await at.client.audit.list({ limit: 3, beforeSeq: null })).map(({ action, subject }) => `${action} ${subject}`)).toEqual(['flows.removeView Refused', 'flows.saveView Refused', 'flows.saveView Refused']);
});

test('a search finds what has a name, addresses and flows, best first', async () => {
  await at.client.policy.putService({ name: 'web-metrics', entries: [{ kind: 'ports', protocol: 'tcp', from: 9100, to: 9100 }], note: '' });
  await at.client.policy.addZone({ name: 'web', select: { include: [{ terms: [{ key: 'role', op: '=', values: ['web'] }] }], exclude: [] }, outbound: 'open', note: '' });
  const find = async (text: string) => (await at.client.search.find({ text, limit: 20 })).map(({ kind, title }) => `${kind} ${title}`);
  expect((await find('web')).slice(0, 3)).toEqual(['zone web', 'host web-1', 'service web-metrics']);
  expect(await find('10.30.0.3')).toEqual(['address 10.30.0.3', 'flow 10.30.0.3 → web-1 tcp/446']);
  expect(await find('10.0.0.2')).toEqual(['host db-1', expect.stringMatching(/^flow /), expect.stringMatching(/^flow /), expect.stringMatching(/^flow /), expect.stringMatching(/^flow /)]);
  expect(await find('zzz')).toEqual([]);
});
