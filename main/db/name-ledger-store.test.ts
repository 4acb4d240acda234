import { afterEach, beforeEach, expect, test } from 'vitest';
import { dnsName } from '../../shared/policy/testing/a-ledger.ts';
import { addTestHost, makeBackend, type TestBackend } from '../services/testing/test-backend.ts';
import { loadNameLedger, readLedgerRevision, saveNameAnswers } from './name-ledger-store.ts';

const DAY_MS = 86_400_000;
const T0 = Date.UTC(2026, 5, 1);
const NAME = dnsName('deb.example.org');
let at: TestBackend;
beforeEach(() => {
  at = makeBackend();
});
afterEach(() => at.close());

const save = (addresses: readonly string[], atMs: number, { seenBy = null, problem = null, name = NAME }: { seenBy?: ReturnType<TestBackend['hostId']> | null; problem?: string | null; name?: typeof NAME } = {}) =>
  at.backend.workspace.transaction((tx) => saveNameAnswers(tx, [{ name, seenBy, addresses, problem }], atMs));
const ledger = () => loadNameLedger(at.backend.workspace.read);

test('counts what each asker saw, from the first time to the last', async () => {
  await addTestHost(at.client, 1, 'web-1');
  const seenBy = at.hostId('web-1');
  save(['198.51.100.7'], T0);
  save(['198.51.100.7', '198.51.100.8'], T0 + 5);
  save(['198.51.100.7'], T0 + 9, { seenBy });
  expect(ledger()).toEqual({
    sightings: [
      { name: NAME, address: '198.51.100.7', seenBy: null, firstSeenAtMs: T0, lastSeenAtMs: T0 + 5, times: 2 },
      { name: NAME, address: '198.51.100.8', seenBy: null, firstSeenAtMs: T0 + 5, lastSeenAtMs: T0 + 5, times: 1 },
      { name: NAME, address: '198.51.100.7', seenBy, firstSeenAtMs: T0 + 9, lastSeenAtMs: T0 + 9, times: 1 },
    ],
    questions: [
      { name: NAME, seenBy: null, askedAtMs: T0 + 5, problem: null },
      { name: NAME, seenBy, askedAtMs: T0 + 9, problem: null },
    ],
  });
});

test('a failure says so and takes nothing away', () => {
  save(['198.51.100.7'], T0);
  save([], T0 + 5, { problem: 'no DNS server answered' });
  expect([ledger().sightings.length, ledger().questions]).toEqual([1, [{ name: NAME, seenBy: null, askedAtMs: T0 + 5, problem: 'no DNS server answered' }]]);
});

test('keeps 64 addresses of a name and asker, the newest, and nobody else loses any by it', async () => {
  await addTestHost(at.client, 1, 'web-1');
  const seenBy = at.hostId('web-1');
  save(['198.51.100.7'], T0);
  for (let round = 0; round < 5; round += 1) save(Array.from({ length: 50 }, (_, i) => `203.0.${round}.${i}`), T0 + round, { seenBy });
  const [own, others] = [ledger().sightings.filter((one) => one.seenBy === seenBy), ledger().sightings.filter((one) => one.seenBy === null)];
  expect([own.length, own.filter(({ address }) => address.startsWith('203.0.4.')).length, others.length]).toEqual([64, 50, 1]);
});

test('forgets what nobody saw for 120 days, and a host that is removed', async () => {
  await addTestHost(at.client, 1, 'web-1');
  save(['198.51.100.7'], T0);
  save(['198.51.100.9'], T0 + 119 * DAY_MS, { seenBy: at.hostId('web-1') });
  expect(ledger().sightings).toHaveLength(2);
  save(['198.51.100.8'], T0 + 121 * DAY_MS);
  expect(ledger().sightings.map(({ address }) => address)).toEqual(['198.51.100.8', '198.51.100.9']);
  await at.client.hosts.remove({ name: 'web-1', force: true });
  expect(ledger().sightings.map(({ address }) => address)).toEqual(['198.51.100.8']);
});

test('its revision grows with every answer', () => {
  const before = readLedgerRevision(at.backend.workspace.read);
  save(['198.51.100.7'], T0);
  save(['198.51.100.7'], T0);
  expect(readLedgerRevision(at.backend.workspace.read)).toBe(before + 2);
});
