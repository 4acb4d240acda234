import { rmSync } from 'node:fs';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { type BackendClient, createClient } from '../../main/rpc/client.ts';
import { type Backend, createBackend } from '../../main/services/backend.ts';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { createNewId } from '../../main/services/new-id.ts';
import { createMemoryPool, type MemoryPool } from './memory-pool.ts';
import { createRandom } from '../../shared/seeded-random.ts';
import { addSiteHosts, addSitePolicy, addSiteRules, push } from './seed-steps.ts';
import { createSite, keyOf, type Site } from './site.ts';
import { SITE_DRAFT_RULES, SITE_LATER_RULES } from './site-policy.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP_HOURS = 3;

export type SeedOptions = {
  /** Replaced when it exists. */
  path: string;
  seed?: number;
  /** When the story ends; default now. The same seed and the same end give the same workspace. */
  nowMs?: number;
};

type Story = { client: BackendClient; backend: Backend; pool: MemoryPool; site: Site; clock: { nowMs: number } };

/**
 * Makes a believable workspace through the real services: 17 managed hosts and 2 unmanaged ones, 4 zones in three modes, 26 rules, a week of
 * flows, pushes (one of which a host rolled back), a drifted and an unreachable host, and a changed draft. Connects to nothing; takes some seconds.
 */
export async function seedWorkspace({ path, seed = 1, nowMs = Date.now() }: SeedOptions): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  createWorkspace(path);
  const clock = { nowMs: nowMs - 8 * DAY_MS };
  const random = createRandom(seed);
  const site = createSite(clock, nowMs, random, () => backend);
  const pool = createMemoryPool(site.machines, keyOf);
  const wait = (durationMs: number) => {
    clock.nowMs += durationMs;
    // A host whose new rules cut new connections is back when it has rolled back.
    for (const machine of site.machines) if (expireWindow(machine, clock.nowMs)) pool.mute.delete(machine.spec.name);
    return Promise.resolve();
  };
  const backend: Backend = createBackend({
    workspacePath: path,
    user: 'ada',
    nowMs: () => clock.nowMs,
    wait,
    newId: createNewId((n) => random.below(n)),
    sshPool: pool,
  });
  try {
    await tell({ client: createClient(backend), backend, pool, site, clock }, nowMs);
  } finally {
    await backend.close();
  }
}

async function tell(story: Story, endMs: number): Promise<void> {
  const { client, pool, site } = story;
  await addSiteHosts(client, keyOf);
  await addSitePolicy(client, story.backend);
  await goOnUntil(story, endMs - 5 * DAY_MS);
  for (const name of ['shop-data', 'shop-front']) await client.policy.setZoneMode({ name, mode: 'test', waivers: [] });
  await push(client, null, 'Shop to test');
  await goOnUntil(story, endMs - 3 * DAY_MS);
  await addSiteRules(client, SITE_LATER_RULES, story.clock.nowMs);
  await client.policy.setZoneMode({ name: 'crm', mode: 'test', waivers: [] });
  pool.mute.add('crm-web-1');
  await push(client, 'crm', 'CRM to test');
  await goOnUntil(story, endMs - 2.5 * DAY_MS);
  await push(client, null, 'CRM to test, second try; rules for CI and building automation');
  await goOnUntil(story, endMs - 2 * DAY_MS);
  const waive = (check: string, reason: string) => ({ check, reason });
  await client.policy.setZoneMode({
    name: 'shop-data',
    mode: 'enforce',
    waivers: [
      waive('hours-observed', 'agreed with the shop team: six days are enough'),
      waive('days-in-test', 'audit on Friday'),
      waive('would-block-unreviewed', 'reviewed by hand: CRM and building automation must not reach it'),
    ],
  });
  await push(client, 'shop-data', 'Shop data to enforce');
  await goOnUntil(story, endMs - 1.5 * DAY_MS);
  // A scan from the internet filled the sets of the load balancer, and one host made its sets anew.
  site.machine('lb-1').agent?.lose(412);
  site.machine('crm-app-1').agent?.startEpoch();
  await goOnUntil(story, endMs);
  // Collecting would have the host put itself right.
  site.machine('crm-app-1').agent?.tamper();
  await readStatus(client, 'crm-app-1');
  pool.cut.add('backup-1');
  await unreachableCollect(client, 'backup-1');
  await addSiteRules(client, SITE_DRAFT_RULES, story.clock.nowMs);
}

/** Lets time pass with traffic; hosts snapshot every three hours, the console collects about once a day and at the end. */
async function goOnUntil({ client, clock, site }: Story, untilMs: number): Promise<void> {
  let steps = 0;
  while (clock.nowMs < untilMs) {
    const stepMs = Math.min(STEP_HOURS * HOUR_MS, untilMs - clock.nowMs);
    clock.nowMs += stepMs;
    site.run(stepMs / HOUR_MS);
    for (const machine of site.machines) machine.agent?.collect();
    steps += 1;
    if (steps % 8 !== 0 && clock.nowMs < untilMs) continue;
    await collectAll(client, site);
    // Somebody looks each day, so that the overview has a trend.
    await client.overview.kpis({});
  }
}

/** Fails, and so leaves the host with its last error. */
async function unreachableCollect(client: BackendClient, name: string): Promise<void> {
  const events = await client.agents.collect({ hosts: { kind: 'names', names: [name] } });
  for await (const event of events) if (event.type === 'done' && event.result.hosts.some((h) => h.ok)) throw new Error(`seeding: ${name} answered`);
}

async function readStatus(client: BackendClient, name: string): Promise<void> {
  for await (const event of await client.agents.status({ hosts: { kind: 'names', names: [name] } })) {
    const failed = event.type === 'done' ? event.result.hosts.find((h) => !h.ok) : undefined;
    if (failed !== undefined) throw new Error(`seeding: ${failed.hostName}: ${failed.text}`);
  }
}

async function collectAll(client: BackendClient, site: Site): Promise<void> {
  const names = site.machines.filter((m) => m.agent !== null).map((m) => m.spec.name);
  for await (const event of await client.agents.collect({ hosts: { kind: 'names', names } })) {
    const failed = event.type === 'done' ? event.result.hosts.find((h) => !h.ok) : undefined;
    if (failed !== undefined) throw new Error(`seeding: ${failed.hostName}: ${failed.text}`);
  }
}

/** The machines' rollback windows by the story's clock; their own timers are real and would fire a minute later. True: it went back. */
function expireWindow(machine: Site['machines'][number], nowMs: number): boolean {
  const text = machine.agent?.status().stdout;
  const pending = text === undefined ? null : AgentStatus.parse(JSON.parse(text)).pending;
  if (pending === null || pending.deadline * 1000 > nowMs) return false;
  machine.agent?.rollback(pending.id, false);
  return true;
}

if (import.meta.main) {
  const [path, seedText] = process.argv.slice(2);
  if (path === undefined) throw new Error('usage: node e2e/seed/seed-workspace.ts FILE [SEED]');
  await seedWorkspace({ path, ...(seedText === undefined ? {} : { seed: Number(seedText) }) });
  console.log(`seeded ${path}`);
}
