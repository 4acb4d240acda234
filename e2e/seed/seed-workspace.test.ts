import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BackendClient, createClient } from '../../main/rpc/client.ts';
import { type Backend, createBackend } from '../../main/services/backend.ts';
import { seedWorkspace } from './seed-workspace.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const ALL = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 };
let folder: string;
let first: { backend: Backend; client: BackendClient };
let second: { backend: Backend; client: BackendClient };

async function seedAndOpen(name: string): Promise<typeof first> {
  const path = join(folder, name);
  await seedWorkspace({ path, seed: 7, nowMs: NOW_MS });
  const backend = createBackend({ workspacePath: path, user: 'ada', nowMs: () => NOW_MS });
  return { backend, client: createClient(backend) };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-seed-'));
  first = await seedAndOpen('first.firebreak');
  second = await seedAndOpen('second.firebreak');
}, 180_000);
afterAll(async () => {
  await first.backend.close();
  await second.backend.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the seeded workspace', () => {
  test('is the same for the same seed', async () => {
    const read = async ({ client }: typeof first) => ({
      flows: (await client.flows.list(ALL)).rows,
      policy: await client.policy.get({}),
      hosts: await client.hosts.list({}),
    });
    expect(await read(second)).toEqual(await read(first));
  });

  test('has zones in three modes and every kind of flow', async () => {
    const { policy } = await first.client.policy.get({});
    expect(policy.zones.map((z) => z.mode)).toEqual(['enforce', 'test', 'test', 'observe']);
    const { rows, total } = await first.client.flows.list(ALL);
    expect(total).toBeGreaterThan(1500);
    expect([...new Set(rows.map((r) => r.verdict))].toSorted()).toEqual(['accepted', 'blocked', 'would-block']);
    expect(rows.some((r) => r.peerAddress.includes(':'))).toBe(true);
  });

  test('has edges of every verdict on its map', async () => {
    const { edges } = await first.client.flows.map({ sinceMs: null });
    expect([...new Set(edges.map((e) => e.verdict))].toSorted()).toEqual(['allowed', 'blocked', 'no-rule', 'would-block']);
  });

  test('has a drifted host, one that cannot be reached and one without an agent', async () => {
    const hosts = await first.client.hosts.list({});
    expect(hosts.find((h) => h.state === 'drifted')?.name).toBe('crm-app-1');
    expect(hosts.find((h) => h.lastError !== null)).toMatchObject({ name: 'backup-1', lastError: { code: 'HOST_UNREACHABLE' } });
    expect(hosts.filter((h) => h.managed && h.agentVersion === null).map((h) => h.name)).toEqual(['queue-1']);
  });

  test('has pushes that ended well and one that a host rolled back', async () => {
    const pushes = await first.client.pushes.list({});
    expect(pushes.map((p) => p.outcome)).toEqual(['confirmed', 'confirmed', 'partly', 'confirmed']);
    expect(
      pushes
        .flatMap((p) => p.hosts)
        .filter((h) => h.step === 'rolled-back')
        .map((h) => h.hostName),
    ).toEqual(['crm-web-1']);
  });

  test('has an unbroken audit log, a changed draft and tests that hold', async () => {
    expect((await first.client.audit.verify({})).brokenAt).toBeNull();
    expect((await first.client.workspace.info({})).draftChanged).toBe(true);
    expect((await first.client.policy.test({})).broken).toEqual([]);
  });

  test('gives a plan without refusals and a report', async () => {
    const plan = await first.client.pushes.plan({ zone: null });
    expect([plan.refusals, plan.brokenTests]).toEqual([[], []]);
    expect((await first.client.reports.html({ kind: 'summary', sinceMs: null })).html).toContain('shop-data');
  });
});
