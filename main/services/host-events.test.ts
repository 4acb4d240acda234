import { afterEach, beforeEach, expect, test } from 'vitest';
import { listAudit } from '../db/audit-store.ts';
import { listEventsOf } from '../db/host-event-store.ts';
import { MAX_AUDITED_A_DAY, readEventCursor, storeEvents } from './host-events.ts';
import { getHost } from './find-host.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
});
afterEach(() => at.close());

const line = (seq: number, fields: Record<string, string | number> = {}) => JSON.stringify({ v: 1, seq, at: 1_790_000_000, event: 'tampered', fields });
const manyFields = (count: number, value = '') => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, value]));
const store = (lines: string[], lastSeq = 1e9) => storeEvents(at.backend, getHost(at.backend, 'web-1'), lines, lastSeq);
const audited = (limit = 9_999) => listAudit(at.backend.workspace.read, limit, null).filter(({ actor }) => actor === 'host:web-1');

test('an event numbered above what the status says is passed over, so that it is not the cursor for ever', () => {
  store([line(1), line(Number.MAX_SAFE_INTEGER), line(2), line(4)], 3);
  expect(readEventCursor(at.backend, at.hostId('web-1'))).toBe(2);
  store([line(99_999_999_999_999 + 1)], Number.MAX_SAFE_INTEGER);
  expect(readEventCursor(at.backend, at.hostId('web-1'))).toBe(2);
});

test('an event of more than 32 fields is none, and the audit log has 2,000 characters of a long one', () => {
  store([line(1, manyFields(33)), line(2, manyFields(32, 'x'.repeat(1024)))]);
  expect(listEventsOf(at.backend.workspace.read, at.hostId('web-1'), 9).map(({ seq }) => seq)).toEqual([2]);
  expect(audited()[0]?.detail.length).toBeLessThan(2_100);
});

test('a host fills no more than 2,000 entries of the audit log in a day, and one more says that others were left out', () => {
  for (let from = 1; from < 3_000; from += 500) store(Array.from({ length: 500 }, (_, i) => line(from + i)));
  expect(audited()).toHaveLength(MAX_AUDITED_A_DAY + 1);
  expect(audited(1)).toMatchObject([{ action: 'host.events-left-out', detail: expect.stringMatching(/^500 more events were left out/) }]);
  expect(readEventCursor(at.backend, at.hostId('web-1'))).toBe(3_000);
});
