import { afterEach, beforeEach, expect, test } from 'vitest';
import { ingestDrain } from '../../services/ingest.ts';
import { snapshotLine } from '../../services/testing/snapshot-lines.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  const in4 = [{ key: ['192.0.2.7', 'tcp', 443, '1234'], packets: 2 }, { key: ['192.0.2.8', 'tcp', 8443, '1234'], packets: 3 }];
  ingestDrain(at.backend, at.hostId('web-1'), [snapshotLine({ seq: 1, atMs: at.backend.nowMs(), sets: { in4 } })]);
});
afterEach(() => at.close());

const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const peersOf = async (...argv: string[]) => ((await firebreak('flows', 'list', ...argv)).out.match(/192\.0\.2\.\d/g) ?? []).toSorted();

test('a saved view filters the list, and what is given beside it takes its place', async () => {
  expect(await firebreak('flows', 'view', 'save', 'TLS to web', '--to', 'role=web', '--service', 'tcp/443', '--period', 'all')).toMatchObject({ code: 0, out: expect.stringContaining('firebreak flows list --view "TLS to web"') });
  expect(await peersOf('--view', 'TLS to web')).toEqual(['192.0.2.7']);
  expect(await peersOf('--view', 'TLS to web', '--service', '8443')).toEqual(['192.0.2.8']);
  expect(await peersOf('--service', 'tcp/400-9000')).toEqual(['192.0.2.7', '192.0.2.8']);
  expect((await firebreak('flows', 'view', 'list')).out).toMatch(/TLS to web +period all, to role=web, service tcp\/443 +ada/);
  await firebreak('flows', 'view', 'remove', 'TLS to web');
  expect(await firebreak('flows', 'list', '--view', 'TLS to web')).toMatchObject({ code: 1, err: expect.stringContaining('TLS to web') });
});

test('words that no view can have are refused with the option that they stand at', async () => {
  expect(await firebreak('flows', 'view', 'save', 'x', '--period', 'yesterday')).toMatchObject({ code: 2, err: expect.stringContaining('--period') });
});

test('search tells of what kind each hit is', async () => {
  expect((await firebreak('search', 'web-1')).out).toMatch(/host +web-1/);
  expect((await firebreak('search', 'nobody')).out).toBe('Nothing fits.');
});
