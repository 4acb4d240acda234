import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Policy } from '../../../shared/model/policy.ts';
import { aHost, aPolicy, aRule, aZone } from '../../../shared/policy/testing/builders.ts';
import { saveDraft } from '../../db/draft-store.ts';
import { insertHost } from '../../db/host-store.ts';
import { readDraft } from '../../services/draft.ts';
import { ensureVersion } from '../../services/versions.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const draft = (policy: Policy) => at.backend.workspace.transaction((tx) => saveDraft(tx, policy, at.clock.nowMs));
const out = (name: string): string => join(dirname(at.path), name);

/** web-1 has an agent; plc, behind a router, has none. */
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  const plc = { id: aHost({ n: 9 }).id, name: 'plc', ssh: null, note: '', createdAtMs: 0, handLabels: { role: 'db', app: 'shop' }, addresses: [{ address: '10.0.0.9', source: 'manual' as const }] };
  at.backend.workspace.transaction((tx) => insertHost(tx, plc));
  draft(aPolicy({ zones: [aZone()], rules: [aRule()] }));
});
afterEach(() => at.close());

test('hosts without an agent are exported, into files with the endings of the target, and the header says from what', async () => {
  const { code, out: said, err } = await firebreak('export', 'iptables-gateway', '--out', out('rules'));
  expect([code, err]).toEqual([0, '']);
  expect(said).toBe(`Wrote ${out('rules')}.v4, ${out('rules')}.v6: 1 host, from a draft; nothing was pushed yet.`);
  const text = readFileSync(`${out('rules')}.v4`, 'utf8');
  expect(text).toContain('#   plc (zone shop, enforce) = 10.0.0.9\n# Who stood for what:\n#   role=web = ');
  expect(text).toContain('# policy: a draft; nothing was pushed yet\n');
});

test('what the target cannot say: exit 3, the rule, the target and why on stderr, and no file; --partial writes the rest and says so in it', async () => {
  draft(aPolicy({ zones: [aZone()], rules: [aRule(), aRule({ n: 2, schedule: 'Mon-Fri 08:00-18:00 Europe/Berlin' })] }));
  const refused = await firebreak('export', 'iptables-gateway', '--out', out('rules'));
  expect(refused).toEqual({
    code: 3,
    out: 'iptables-gateway cannot say 1 thing of the policy; nothing was written. Change the rules, or take the rest with --partial.',
    err: 'left out: rule r_000000000002 into plc: it has a schedule, which cannot be kept there (without it this would refuse what the policy allows)',
  });
  expect(readdirSync(dirname(at.path)).filter((name) => name.startsWith('rules'))).toEqual([]);
  const partial = await firebreak('export', 'iptables-gateway', '--out', out('rules'), '--partial');
  expect([partial.code, partial.out, partial.err]).toEqual([0, expect.stringContaining('NOT the whole policy'), expect.stringContaining('r_000000000002')]);
  expect(readFileSync(`${out('rules')}.v4`, 'utf8')).toContain('# LEFT OUT, because it cannot be said here:\n#   rule r_000000000002 into plc');
  expect(JSON.parse((await firebreak('--json', 'export', 'iptables-gateway', '--out', out('rules'))).out)).toMatchObject({ files: [], refusals: [{ rule: 'r_000000000002', hosts: ['plc'], effect: 'breaks' }] });
});

test('hosts are chosen by name or label, with an agent or not; as if enforced on demand', async () => {
  draft(aPolicy({ zones: [aZone({ mode: 'observe' })], rules: [aRule()] }));
  expect(await firebreak('export', 'nftables-gateway', '--out', out('a'))).toEqual({ code: 0, out: 'No host of these is judged; nothing was written.', err: 'Not judged, so that everything passes (in no zone, or in one that observes): plc.' });
  expect(existsSync(out('a'))).toBe(false);
  expect((await firebreak('export', 'nftables-gateway', 'app=shop', '--enforced', '--out', out('a'))).out).toBe(`Wrote ${out('a')}: 2 hosts, from a draft; nothing was pushed yet, every zone as if it enforced.`);
  expect((await firebreak('export', 'nftables-gateway', 'web-1', '--enforced', '--out', out('a'))).out).toContain('1 host');
  expect(await firebreak('export', 'nftables-gateway', 'nobody', '--out', out('b'))).toMatchObject({ code: 1, err: expect.stringContaining('There is no host “nobody”') });
  expect(await firebreak('export', 'nftables-gateway', 'app=none', '--out', out('b'))).toMatchObject({ code: 2, err: expect.stringContaining('the selector matches no host') });
  expect(await firebreak('export', 'nftables-gateway')).toMatchObject({ code: 2, err: expect.stringContaining('--out') });
  at.backend.workspace.transaction((tx) => insertHost(tx, { id: aHost({ n: 8 }).id, name: 'PLC', ssh: null, note: '', createdAtMs: 0, handLabels: { app: 'shop' }, addresses: [{ address: '10.0.0.8', source: 'manual' }] }));
  expect(await firebreak('export', 'pf', '--enforced', '--out', out('b'))).toMatchObject({ code: 2, err: expect.stringContaining('would be one where case does not count') });
  expect((await firebreak('export')).out).toContain('iptables-gateway');
});

test('a version can be exported in place of the draft', async () => {
  at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, ''));
  expect((await firebreak('export', 'nftables-gateway', '--out', out('a'))).out).toBe(`Wrote ${out('a')}: 1 host, from version 1.`);
  draft(aPolicy({ zones: [aZone()] }));
  expect((await firebreak('export', 'nftables-gateway', '--out', out('a'))).out).toContain('from a draft that differs from version 1, the newest that was pushed.');
  expect(readFileSync(out('a'), 'utf8')).not.toContain('r_000000000001');
  expect((await firebreak('export', 'nftables-gateway', '--policy-version', '1', '--out', out('a'))).out).toContain('from version 1.');
  expect(readFileSync(out('a'), 'utf8')).toContain('r_000000000001');
  expect(await firebreak('export', 'nftables-gateway', '--policy-version', '7', '--out', out('a'))).toMatchObject({ code: 1, err: expect.stringContaining('There is no policy version “7”') });
  expect(await firebreak('export', 'nftables-gateway', '--policy-version', 'x', '--out', out('a'))).toMatchObject({ code: 2, err: expect.stringContaining('no version number') });
});
