import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { type BackendClient, createClient } from '../rpc/client.ts';
import { type Backend, createBackend } from '../services/backend.ts';
import { resolveTarget } from '../services/ssh-targets.ts';
import { createSample } from './create-sample.ts';
import { SAMPLE_HOSTS } from './sample-hosts.ts';

const NOW_MS = Date.UTC(2026, 10, 27, 12);
const ALL = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 };
/** RFC 5737 and RFC 3849: documentation, routed nowhere. */
const DOCUMENTATION = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:/;
const at = makeFolder();
const path = join(at.folder, 'sample.firebreak');
let backend: Backend;
let client: BackendClient;

beforeAll(async () => {
  await createSample({ path, user: 'ada', nowMs: NOW_MS });
  backend = createBackend({ workspacePath: path, user: 'ada', nowMs: () => NOW_MS });
  client = createClient(backend);
}, 180_000);
afterAll(async () => {
  await backend.close();
  at.remove();
});

describe('the sample', { timeout: 60_000 }, () => {
  test('is a company of about sixty hosts in zones of every mode, with a month of flows of every verdict, all between documentation addresses', async () => {
    expect(await client.workspace.info({})).toMatchObject({ sample: true, hosts: SAMPLE_HOSTS.length, version: 3, draftChanged: true });
    expect(SAMPLE_HOSTS.length).toBeGreaterThan(54);
    const { policy } = await client.policy.get({});
    expect(new Set(policy.zones.map(({ mode }) => mode))).toEqual(new Set(['observe', 'test', 'enforce']));
    const { rows, total } = await client.flows.list(ALL);
    expect(total).toBeGreaterThan(2000);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['accepted', 'would-block', 'blocked']));
    expect(NOW_MS - Math.min(...rows.map(({ firstSeenAtMs }) => firstSeenAtMs))).toBeGreaterThan(29 * 86_400_000);
    const addresses = [...rows.map(({ peerAddress }) => peerAddress), ...(await client.hosts.list({})).flatMap((host) => [...host.addresses, host.ssh?.address ?? '192.0.2.1'])];
    expect(addresses.filter((address) => !DOCUMENTATION.test(address))).toEqual([]);
  });

  test('has the four things to find: a shadow service, a scanner, a backup on Sundays only, and a forgotten rule', async () => {
    const { rows } = await client.flows.list(ALL);
    expect(rows.some(({ reporterName, port, unit }) => reporterName === 'wms-app-2' && port === 8081 && unit === 'user-1004.slice')).toBe(true);
    const suggestions = await client.policy.suggest({ zone: null, sinceMs: null, maxWidth: 'role' });
    expect(suggestions.setAside.map(({ why }) => why)).toContain('scan');
    const backups = rows.filter(({ unit, direction }) => unit === 'borgmatic.service' && direction === 'out');
    expect(backups.length).toBeGreaterThan(5);
    expect(new Set(backups.map(({ lastSeenAtMs }) => new Date(lastSeenAtMs).getUTCDay()))).toEqual(new Set([0]));
    const { findings } = await client.policy.lint({ file: null, days: 30 });
    expect(findings.filter(({ code }) => code === 'REVIEW_OVERDUE')).toHaveLength(1);
  });

  test('can be planned, tested and reported on; its audit log fits', async () => {
    const plan = await client.pushes.plan({ zone: null });
    expect([plan.refusals, plan.brokenTests, plan.impactTotal > 0, plan.policyDiff.length > 0]).toEqual([[], [], true, true]);
    expect((await client.audit.verify({})).brokenAt).toBeNull();
    expect((await client.pushes.list({})).map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed', 'confirmed']);
    expect((await client.reports.html({ kind: 'summary', sinceMs: null })).html).toContain('Sample: made-up hosts and flows');
  });

  test('connects to nothing: every command that would is refused by a sentence, and marks no host', async () => {
    const refused = { code: 'SAMPLE_CONNECTS_TO_NOTHING' };
    await expect(client.agents.collect({ hosts: { kind: 'all' } })).rejects.toMatchObject(refused);
    await expect(client.hosts.showKey({ name: 'bastion' })).rejects.toMatchObject(refused);
    const plan = await client.pushes.plan({ zone: null });
    await expect(client.pushes.start({ planHash: plan.hash, zone: null, note: '', confirmWithinSeconds: 60 })).rejects.toMatchObject(refused);
    await expect(backend.sshPool.showKey(resolveTarget(backend, 'bastion'), { timeoutMs: 1 })).rejects.toMatchObject(refused);
    expect((await client.hosts.list({})).filter(({ lastError }) => lastError !== null).map(({ name }) => name)).toEqual(['dev-3']);
  });

  test('goes over no file', async () => {
    await expect(createSample({ path, user: 'ada', nowMs: NOW_MS })).rejects.toMatchObject({ code: 'WORKSPACE_EXISTS' });
    expect(existsSync(path)).toBe(true);
  });
});
