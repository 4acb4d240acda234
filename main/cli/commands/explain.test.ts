import { afterEach, beforeEach, expect, test } from 'vitest';
import { aRule, expectParsed } from '../../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../../shared/text/selector-text.ts';
import { ingestDrain } from '../../services/ingest.ts';
import { readDraft } from '../../services/draft.ts';
import { snapshotLine } from '../../services/testing/snapshot-lines.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { ensureVersion } from '../../services/versions.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const addRule = async (input: Parameters<typeof aRule>[0] = {}): Promise<string> => {
  const { id: _id, ...rule } = aRule(input);
  return (await at.client.policy.addRules({ rules: [rule] }))[0]?.id ?? '';
};

/** Flows are of now, since the command line counts periods back from now. */
beforeEach(async () => {
  at = makeBackend();
  at.clock.nowMs = Date.now();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  await addTestHost(at.client, 2, 'db-1', 'role=db');
  await addTestHost(at.client, 3, 'web-2', 'role=web');
  await at.client.policy.addZone({ name: 'data', select: expectParsed(parseSelectorSet('role=db')), outbound: 'open', note: '' });
  ingestDrain(at.backend, at.hostId('db-1'), [
    snapshotLine({ seq: 1, atMs: at.clock.nowMs - 3_600_000, sets: { in4: [{ key: ['10.0.0.1', 'tcp', 5432, '77'], packets: 6 }, { key: ['10.0.0.3', 'tcp', 9100, '77'], packets: 2 }] } }),
  ]);
});
afterEach(() => at.close());

test('explain prints pairs, steps, why there is no counter, and what was seen; wrong words say what to write', async () => {
  await firebreak('zone', 'mode', 'data', 'test');
  const rule = await addRule({ from: 'host:web-1' });
  const { code, out } = await firebreak('explain', '--from', 'role=web', '--to', 'role=db', '--service', 'tcp/5432');
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines.slice(0, 4)).toEqual(['role=web → role=db tcp/5432: would-block', '  1 of 2 pairs would-block, such as web-2 → db-1', '  1 of 2 pairs allowed, such as web-1 → db-1', 'The worst of them, web-2 → db-1:']);
  const one = await firebreak('explain', '--from', 'web-1', '--to', 'db-1', '--service', 'tcp/5432', '--as', 'backup', '--at', 'Mon 03:00');
  expect(one.out).toContain(`counter: db-1 does not run this rule yet, so no kernel counts for it`);
  expect(one.out).toMatch(/asked: a connection as user backup at \d{4}-\d\d-\d\d 03:00:00 UTC/);
  expect(one.out).toContain('seen: db-1 saw it inbound, last ');
  expect(one.out).toContain(`(rule ${rule})`);
  expect(JSON.parse((await firebreak('--json', 'explain', '--from', 'web-1', '--to', 'db-1', '--service', 'tcp/5432')).out)).toMatchObject({ verdict: 'allowed', pairs: null, seen: [{ reporterName: 'db-1', connections: 6 }] });
  expect(await firebreak('explain', '--from', 'web-1', '--to', 'db-1', '--service', 'tcp/1', '--at', 'soon')).toMatchObject({ code: 2, err: expect.stringContaining('write a weekday and a time') });
  expect(await firebreak('explain', '--from', 'web-9', '--to', 'db-1', '--service', 'tcp/1')).toMatchObject({ code: 2, err: expect.stringContaining('neither a host of this workspace nor an address') });
});

test('flows are counted and filtered by what the draft would do, in any period', async () => {
  await firebreak('zone', 'mode', 'data', 'test');
  const rule = await addRule();
  const { out } = await firebreak('flows', 'verdicts', '--since', '1d');
  expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([['DRAFT', 'BY', 'FLOWS', 'CONN'], ['blocked', 'default', '1', '2'], ['allowed', rule, '1', '6'], ['2 flows, 8 connections.']]);
  expect((await firebreak('flows', 'verdicts', '--until', '1d')).out).toContain('No flows match');
  const blocked = await firebreak('--json', 'flows', 'list', '--draft', 'blocked,unknown');
  expect(JSON.parse(blocked.out)).toMatchObject({ total: 1, rows: [{ port: 9100 }] });
  expect(await firebreak('flows', 'list', '--draft', 'denied')).toMatchObject({ code: 2, err: expect.stringContaining('allowed, blocked, observed, unknown') });
  expect(await firebreak('flows', 'list', '--since', '1d', '--until', '2d')).toMatchObject({ code: 2, err: expect.stringContaining('nothing can be in between') });
});

test('policy diff says below each change what it flips, and when nothing changed', async () => {
  expect((await firebreak('policy', 'diff')).out).toContain('+ zone data');
  await firebreak('zone', 'mode', 'data', 'enforce', '--waive', ...(await at.client.policy.readiness({ name: 'data', mode: 'enforce' })).map(({ check }) => check), '--reason', 'a lab');
  at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, ''));
  expect((await firebreak('policy', 'diff')).out).toBe('The draft is what the newest version is.');
  const rule = await addRule();
  const { out } = await firebreak('policy', 'diff', '--since', '7d');
  expect(out).toContain(`+ rule ${rule}: allow role=web → role=db on tcp/5432\n    by itself: 1 flow (6 connections) blocked → allowed`);
  expect(out).toMatch(/Judged: 2 distinct flows since /);
  // A plan over this fleet connects to nothing, as no host has an agent.
  expect((await firebreak('plan', '--no-sessions')).out).toContain('by itself: 1 flow (6 connections) blocked → allowed');
});

test('readiness is a check list for the next mode, and version show prints it as it was kept', async () => {
  const asked = await firebreak('zone', 'readiness', 'data');
  expect(asked).toMatchObject({ code: 0, out: expect.stringMatching(/^data → test: /) });
  const { out } = await firebreak('zone', 'readiness', 'data', '--for', 'enforce');
  expect(out).toMatch(/CHECK +STATE +FOUND +WANTED +EVIDENCE/);
  expect(out).toMatch(/days-in-test +BLOCKER +0 d +7 d/);
  expect(out).toContain('days-in-test: test counts exactly what enforce will drop, and only for as long as it runs; see firebreak zone show data');
  expect((await firebreak('zone', 'mode', 'data', 'enforce')).code).toBe(3);
  const blockers = (await at.client.policy.readiness({ name: 'data', mode: 'enforce' })).flatMap(({ check, state }) => (state === 'blocker' ? [check] : []));
  await firebreak('zone', 'mode', 'data', 'enforce', '--waive', ...blockers, '--reason', 'the audit is on Friday');
  const id = at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, 'first').id);
  const shown = await firebreak('version', 'show', String(id));
  expect(shown.out).toMatch(/^Version 1 \(\w{12}\) of .* by ada: first\n {2}after none; 1 zone, 0 rules\n\nZone data: enforce, since this version; evidence of .* by ada \(observe → enforce\): \d+ ok/);
  expect(shown.out).toMatch(/days-in-test: waived by ada on .*: the audit is on Friday/);
  expect(await firebreak('version', 'show', '7')).toMatchObject({ code: 1, err: expect.stringContaining('7') });
});
