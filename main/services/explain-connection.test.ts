import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FirebreakError } from '../../shared/errors.ts';
import { aRule, serviceRefs } from '../../shared/policy/testing/builders.ts';
import { saveBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { PolicyVersionId, type RuleId } from '../../shared/model/ids.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';
import { ingestDrain } from './ingest.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const [PG = { kind: 'any' as const }] = serviceRefs('tcp/5432');

/** What the host's kernel prints; `null` where its login may run the agent alone. */
let listing: string | null = '';
let at: TestBackend;
let rule: RuleId;

const pool: SshPool = {
  run: (target, { argv }) => {
    if (argv[0] === 'sh') {
      if (listing === null) return Promise.reject(new FirebreakError('SUDO_REFUSED', { host: target.hostName, user: target.user, detail: 'not allowed' }));
      return Promise.resolve({ exitCode: listing === 'no nft' ? 3 : 0, signal: null, stdout: `firebreak-counters=1\nboot=${(TEST_NOW_MS - 48 * HOUR_MS) / 1000}\n${listing}`, stderr: '' });
    }
    const status = { v: 1, agentVersion: '1.0.0', hostId: at.hostId(target.hostName), bootId: 'b', clock: 1, loaded: true, runningBundle: 'f'.repeat(64), runningMode: 'enforce', runningSeq: 1, confirmedBundle: 'f'.repeat(64), confirmedSeq: 1, kernelHash: null, expectedKernelHash: null, pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0 };
    return Promise.resolve({ exitCode: 0, signal: null, stdout: JSON.stringify(status), stderr: '' });
  },
  showKey: () => Promise.reject(new Error('no key is asked for')),
  close: () => Promise.resolve(),
};

beforeEach(async () => {
  listing = '';
  at = makeBackend(pool);
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  await addTestHost(at.client, 2, 'db-1', 'role=db');
  await at.client.policy.importText({ text: 'firebreak: 1\nzones:\n  - { name: data, select: role=db, mode: enforce }\n', fileName: 'p.yaml', dryRun: false, take: 'replace' });
  const { id: _id, ...input } = aRule();
  rule = (await at.client.policy.addRules({ rules: [input] }))[0]?.id ?? aRule().id;
});
afterEach(() => at.close());

const explain = (more: { live?: boolean; from?: string; to?: string } = {}) => at.client.policy.explain({ from: 'web-1', to: 'db-1', service: PG, ...more });
const counterText = async (live = false) => (await explain({ live })).steps.find((step) => step.rule === rule)?.counterText;

/** db-1 was last confirmed to run version 3, four hours ago, with `text`. */
function applyThere(text: string): void {
  at.backend.workspace.transaction((tx) => {
    const host = at.hostId('db-1');
    saveBundle(tx, { host, hash: 'f'.repeat(64), version: PolicyVersionId.parse(3), mode: 'enforce', zone: 'data', text, rulesetJson: 'null', createdAtMs: 1 });
    setAppliedBundle(tx, host, 'f'.repeat(64), TEST_NOW_MS - 4 * HOUR_MS);
  });
}

describe('the counter of the deciding rule', () => {
  test('is nobody’s where the host does not run the rule', async () => {
    expect(await counterText()).toBe('db-1 does not run this rule yet, so no kernel counts for it');
    applyThere('nothing of it');
    expect(await counterText()).toBe('db-1 does not run this rule yet (it runs version 3), so no kernel counts for it');
  });

  test('is read from the kernel when asked live, kept, and shown with its age afterwards', async () => {
    applyThere(`comment "${rule}"`);
    expect(await counterText()).toContain('was never read: ask with live counters (--live)');
    listing = `table inet firebreak {\n\tchain allow_in {\n\t\tip saddr 10.0.0.1 tcp dport 5432 counter packets 7 bytes 420 goto pass_in comment "${rule}"\n\t}\n}\n`;
    expect(await counterText(true)).toBe(`the kernel of db-1 counted 7 packets (420 B) for ${rule} since its rules were loaded 2026-11-21 08:00Z, read 0 min ago`);
    at.clock.nowMs += 3 * HOUR_MS;
    expect((await explain()).steps.find((step) => step.rule === rule)).toMatchObject({ counter: { packets: 7, bytes: 420, readAtMs: TEST_NOW_MS, sinceMs: TEST_NOW_MS - 4 * HOUR_MS }, counterText: expect.stringContaining('read 3 h ago') });
  });

  test('that cannot be read now is said with the reason, and the former one stays', async () => {
    applyThere(`comment "${rule}"`);
    listing = null;
    expect(await counterText(true)).toMatch(/was never read; it could not be read now \(.*sudo.*\)$/i);
    listing = 'no nft';
    expect(await counterText(true)).toContain('its nft did not list the rules');
    listing = `\tchain allow_in {\n\t\tcounter packets 1 bytes 60 accept comment "${rule}"\n`;
    await counterText(true);
    listing = null;
    expect(await counterText(true)).toMatch(/^it could not be read now \(.*\); the kernel of db-1 counted 1 packet/);
  });

  test('is not there where the kernel lost the rule', async () => {
    applyThere(`comment "${rule}"`);
    expect(await counterText(true)).toBe('the kernel of db-1 had no such rule when its counters were read 0 min ago');
  });
});

describe('the last real flow', () => {
  test('is told from both ends, with what the kernel did, the version, the process and all connections', async () => {
    applyThere('');
    ingestDrain(at.backend, at.hostId('web-1'), [snapshotLine({ seq: 1, atMs: TEST_NOW_MS - 2 * HOUR_MS, sets: { out4: [{ key: ['10.0.0.2', 'tcp', 5432, 33, '1234'], packets: 7 }, { key: ['10.0.0.2', 'tcp', 22, 33, '1234'], packets: 1 }] } })]);
    ingestDrain(at.backend, at.hostId('db-1'), [snapshotLine({ seq: 1, atMs: TEST_NOW_MS - HOUR_MS, mode: 'enforce', bundle: 'f'.repeat(64), sets: { miss_in4: [{ key: ['10.0.0.1', 'tcp', 5432, '77'], packets: 2 }] } })]);
    const { seen, seenTexts } = await explain();
    expect(seen.map(({ reporterName, direction, verdict, policyVersion, connections }) => [reporterName, direction, verdict, policyVersion, connections])).toEqual([
      ['db-1', 'in', 'blocked', 3, 2],
      ['web-1', 'out', 'accepted', null, 7],
    ]);
    expect(seenTexts).toEqual([
      'web-1 saw it outbound, last 2026-11-21 10:00Z (2 h ago), when the kernel let it through before any policy version; user www-data, unit nginx.service, process unknown; 7 connections since 2026-11-21 10:00Z',
      'db-1 saw it inbound, last 2026-11-21 11:00Z (1 h ago), when the kernel blocked it under policy version 3; unit postgresql@15-main.service, process unknown; 2 connections since 2026-11-21 11:00Z',
    ]);
  });

  test('that never was says since when there was a record, and what it lacks', async () => {
    expect((await explain()).seenTexts[1]).toBe('db-1 never saw it inbound, but nothing was collected from it yet');
    ingestDrain(at.backend, at.hostId('db-1'), [snapshotLine({ seq: 1, atMs: TEST_NOW_MS - 5 * HOUR_MS }), snapshotLine({ seq: 2, atMs: TEST_NOW_MS - 2 * HOUR_MS, epoch: 'e2', counters: { lost_in: 4 } })]);
    expect((await explain()).seenTexts[1]).toBe('db-1 never saw it inbound since 2026-11-21 07:00Z (5 h), but 3 h of that time is in gaps, and 4 events were lost');
    expect((await explain({ from: '192.0.2.1', to: '192.0.2.2' })).seenTexts).toEqual(['neither end has an agent, so nobody would have seen it']);
  });
});
