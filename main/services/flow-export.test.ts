import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FlowQuery } from '../../shared/contract/views.ts';
import { ingestDrain } from './ingest.ts';
import { readExport } from './testing/read-export.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const FLOWS = 1300;
const QUERY: FlowQuery = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 1, offset: 0 };
let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  ingest(1, TEST_NOW_MS - HOUR_MS, Array.from({ length: FLOWS }, (_, n) => ({ key: [`10.${30 + (n >> 8)}.0.${n & 255}`, 'tcp', 443, '1234'], packets: 1, secondsAgo: n })));
});
afterEach(() => at.close());

const ingest = (seq: number, atMs: number, in4: { key: (string | number)[]; packets: number; secondsAgo?: number }[]) => ingestDrain(at.backend, at.hostId('web-1'), [snapshotLine({ seq, atMs, sets: { in4 } })]);
const peersOf = (text: string) => text.trimEnd().split('\r\n').slice(1).map((line) => line.split(',')[3]);

test('a file comes in parts, newest first, each flow once, with the words of the list', async () => {
  const { text, rows, parts } = await readExport(at.client, QUERY);
  expect([rows, parts]).toEqual([FLOWS, 4]);
  const peers = peersOf(text);
  expect(new Set(peers).size).toBe(FLOWS);
  const page = await at.client.flows.list({ ...QUERY, limit: 3 });
  expect(peers.slice(0, 3)).toEqual(page.rows.map(({ peerAddress }) => peerAddress));
});

test('a flow that is seen again in the middle of an export is in the file once, as it was when the export began', async () => {
  const events = await at.client.flows.exportCsv(QUERY);
  const oldest = '10.35.0.19';
  let text = '';
  let part = 0;
  for await (const event of events) {
    if (event.type === 'done') expect(event.rows).toBe(FLOWS);
    else text += event.text;
    part += 1;
    // The oldest, which was not read yet, becomes the newest; and one comes that was not there.
    if (part === 2) ingest(2, TEST_NOW_MS, [{ key: [oldest, 'tcp', 443, '1234'], packets: 9 }, { key: ['10.99.0.1', 'tcp', 443, '1234'], packets: 1 }]);
  }
  expect(peersOf(text).filter((peer) => peer === oldest)).toHaveLength(1);
  expect(text).not.toContain('10.99.0.1');
  const again = await readExport(at.client, QUERY);
  expect(again.rows).toBe(FLOWS + 1);
  expect(peersOf(again.text)).toContain('10.99.0.1');
});

test('other calls are answered between two parts, and what the draft would do filters the file', async () => {
  let isOver = false;
  const exported = readExport(at.client, { ...QUERY, draft: ['observed'] }).finally(() => {
    isOver = true;
  });
  await at.client.policy.get({});
  expect(isOver).toBe(false);
  expect((await exported).rows).toBe(FLOWS);
  expect(await readExport(at.client, { ...QUERY, draft: ['blocked'] })).toMatchObject({ rows: 0, text: expect.stringMatching(/^reporter,[^\n]*\r\n$/) });
});

test('an export that is cancelled ends, and keeps nobody from writing or compacting', async () => {
  const stop = new AbortController();
  const events = await at.client.flows.exportCsv(QUERY, { signal: stop.signal });
  let parts = 0;
  const read = async () => {
    for await (const event of events) {
      expect(event.type).toBe('part');
      parts += 1;
      if (parts === 2) stop.abort();
    }
  };
  await expect(read()).rejects.toBeDefined();
  expect(parts).toBeLessThan(4);
  await at.client.workspace.compact({});
  await expect(readExport(at.client, { ...QUERY, from: 'role=' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
