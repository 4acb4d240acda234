import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordFacts, recordFailure, recordStatus } from '../../services/agent-record.ts';
import { someFacts } from '../../services/testing/some-facts.ts';
import { aStatus } from '../../services/testing/a-status.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  // The command line reckons ends of mutes by its own clock.
  at.clock.nowMs = Date.now();
  await addTestHost(at.client, 1, 'web-1');
  recordStatus(at.backend, at.hostId('web-1'), aStatus(at.hostId('web-1')));
});
afterEach(() => at.close());

const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const makeAlert = () => {
  recordFacts(at.backend, at.hostId('web-1'), someFacts({ ports: [22] }));
  recordFacts(at.backend, at.hostId('web-1'), someFacts({ ports: [22, 8080] }));
};

test('alerts are listed with exit 3 while one is open, acknowledged with a note, and opened again', async () => {
  expect(await firebreak('alerts', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('No open alert') });
  makeAlert();
  const { code, out } = await firebreak('alerts', 'list');
  expect([code, out]).toEqual([3, expect.stringContaining('web-1 listens on tcp/8080 (p8080)')]);
  expect(await firebreak('alerts', 'ack', '1', '--note', 'the new proxy')).toMatchObject({ code: 0, out: 'Acknowledged: 1' });
  expect(await firebreak('alerts', 'list')).toMatchObject({ code: 0 });
  expect((await firebreak('alerts', 'list', '--all')).out).toContain('(ada: the new proxy)');
  expect((await firebreak('audit', 'list')).out).toContain('alerts.acknowledge');
  expect(await firebreak('alerts', 'reopen', '1')).toMatchObject({ code: 0 });
  expect(await firebreak('alerts', 'list', '--kind', 'service-new', '--host', 'web-1')).toMatchObject({ code: 3 });
});

test('a muted kind is stored and not told, until it is unmuted', async () => {
  makeAlert();
  expect(await firebreak('alerts', 'mute', '--kind', 'service-new', '--host', 'web-1', '--for', '4h', '--note', 'release day')).toMatchObject({ code: 0, out: expect.stringContaining('Muted new listening services at web-1 until') });
  expect(await firebreak('alerts', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('1 muted') });
  expect((await firebreak('alerts', 'mutes')).out).toContain('release day');
  expect(await firebreak('alerts', 'unmute', '1')).toMatchObject({ code: 0 });
  expect(await firebreak('alerts', 'list')).toMatchObject({ code: 3 });
});

test('thresholds are shown and changed, each change in the audit log', async () => {
  expect((await firebreak('alerts', 'settings')).out).toMatch(/silentAfterHours\s+0/);
  expect((await firebreak('alerts', 'settings', 'silentAfterHours=6', 'rateFactor=5')).out).toMatch(/rateFactor\s+5/);
  expect((await firebreak('audit', 'list')).out).toContain('silentAfterHours: 0 → 6, rateFactor: 3 → 5');
});

test('wrong words say what to do', async () => {
  expect(await firebreak('alerts', 'list', '--kind', 'noise')).toMatchObject({ code: 2, err: expect.stringContaining('known: tampered, drifted') });
  expect(await firebreak('alerts', 'mute', '--for', '4h')).toMatchObject({ code: 2, err: expect.stringContaining('say what to mute') });
  expect(await firebreak('alerts', 'mute', '--host', 'web-1', '--for', 'soon')).toMatchObject({ code: 2, err: expect.stringContaining('90m, 4h, 2d or 1w') });
  expect(await firebreak('alerts', 'mute', '--host', 'web-1', '--for', '400d')).toMatchObject({ code: 2, err: expect.stringContaining('a year at most') });
  expect(await firebreak('alerts', 'ack', '7')).toMatchObject({ code: 1, err: expect.stringContaining('no alert “7”') });
  expect(await firebreak('alerts', 'settings', 'loudness=11')).toMatchObject({ code: 2, err: expect.stringContaining('no setting “loudness”') });
  expect(await firebreak('alerts', 'settings', 'rateFactor=')).toMatchObject({ code: 2, err: expect.stringContaining('write a number of times from 1.5 to 1000') });
  expect(await firebreak('alerts', 'settings', 'cpuPercent=101')).toMatchObject({ code: 2, err: expect.stringContaining('write more than 0 and at most 100 % of one CPU') });
});

test('overview says what needs attention, worst first, with exit 3, and keeps a row of figures a day', async () => {
  makeAlert();
  recordFailure(at.backend, at.hostId('web-1'), new FirebreakError('HOST_UNREACHABLE', { host: 'web-1', address: '10.0.0.1', port: 22, detail: 'refused' }));
  const { code, out } = await firebreak('overview');
  expect(code).toBe(3);
  expect(out.split('\n').slice(1, 3)).toEqual([expect.stringMatching(/^DANGER\s+Agent silent: web-1 does not answer\s+firebreak alerts list --kind agent-silent$/), expect.stringMatching(/^WARNING\s+New service: web-1 listens on/)]);
  expect(out).toMatch(/agent installed\s+1 of 1/);
  at.clock.nowMs += 86_400_000;
  expect((await at.client.overview.kpis({})).kpis[0]?.trend).toHaveLength(2);
});
