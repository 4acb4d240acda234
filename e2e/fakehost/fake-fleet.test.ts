import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import { AgentSnapshotHead } from '../../shared/contract/agent-replies.ts';
import { createAgentClient, type AgentClient } from '../../main/services/agent-client.ts';
import { installAgent } from '../../main/services/agent-install.ts';
import { readAgentPackage } from '../../main/services/agent-package.ts';
import { probeHost } from '../../main/services/agent-probe.ts';
import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../../main/ssh/ssh-target.ts';
import { startFakeFleet, type FakeFleet, type FakeFleetHost } from './fake-fleet.ts';
import type { JudgeQuestion } from './fake-host-spec.ts';
import { aTarget, failureOf } from './ssh-kit.ts';

const AGENT_DIR = new URL('../../agent/', import.meta.url).pathname;
const WEB = { name: 'web-1', addresses: ['10.77.0.11', 'fd77::11'], listens: [{ protocol: 'tcp' as const, port: 8080, process: 'nginx', user: 'www-data', unit: 'nginx.service' }] };
const DB = { name: 'db-1', addresses: ['10.77.0.12', 'fd77::12'], listens: [{ protocol: 'tcp' as const, port: 5432, process: 'postgres', user: 'postgres', unit: 'postgresql.service' }] };
const QUERY = { from: 'web-1', to: 'db-1', protocol: 'tcp' as const, port: 5432, user: 'www-data', unit: 'nginx.service' };

let fleet: FakeFleet;
let pool: SshPool;
let agent: AgentClient;
let asked: JudgeQuestion[];
let allowed: boolean;

beforeEach(async () => {
  asked = [];
  allowed = true;
  const judge = (question: JudgeQuestion) => {
    asked.push(question);
    return allowed;
  };
  fleet = await startFakeFleet({ hosts: [WEB, DB], judge });
  pool = createSshPool({ maxConnections: 4 });
  agent = createAgentClient(pool);
});
afterEach(async () => {
  await pool.close();
  await fleet.close();
});

const hostAt = (index: number): FakeFleetHost => {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
};
const targetAt = (index: number): ResolvedTarget => aTarget(hostAt(index), { hostName: hostAt(index).name, sudo: 'nopasswd' });
const idAt = (index: number) => HostId.parse(`h_00000000000${index}`);
function aBundle(index: number, policy: number, mode: string): { text: string; hash: string } {
  const body = `# --- phase 1: declare\ntable inet firebreak {\n}\n# policy ${policy}\n`;
  const hash = createHash('sha256').update(body).digest('hex');
  return { text: `# firebreak bundle 1\n# host ${idAt(index)}\n# policy ${policy}\n# mode ${mode}\n# zone shop\n# hash ${hash}\n${body}`, hash };
}
async function installAt(index: number) {
  const observe = aBundle(index, 0, 'observe');
  return installAgent(pool, targetAt(index), { host: idAt(index), agent: await readAgentPackage(AGENT_DIR), observeBundle: observe.text, manifestSignature: '', signer: 'ssh-ed25519 not checked by simulated hosts' });
}
const pushTo = (index: number, policy: number, mode: string, confirmWithinSeconds = 60) =>
  agent.apply(targetAt(index), { pushId: `p_00000000000${policy}`, by: 'ada', confirmWithinSeconds, bundleText: aBundle(index, policy, mode).text });
const Element = z.object({ elem: z.object({ val: z.object({ concat: z.array(z.union([z.string(), z.number()])) }), expires: z.number(), counter: z.object({ packets: z.number(), bytes: z.number() }) }) });
const Snapshot = z.object({ ...AgentSnapshotHead.shape, sets: z.record(z.string(), z.array(Element)) });
const drainAt = async (index: number, cursor = 0) => (await agent.drain(targetAt(index), { cursor, now: true })).map((line) => Snapshot.parse(JSON.parse(line)));
const keysOf = (snapshot: z.infer<typeof Snapshot> | undefined, set: string) => snapshot?.sets[set]?.map(({ elem }) => [...elem.val.concat, elem.counter.packets]);

test('the console probes and installs a simulated host as it does a real one', async () => {
  expect(await probeHost(pool, targetAt(0))).toEqual({ clientAddress: '10.77.0.1', serverPort: 22, cgroupKeys: true, backend: 'nft', machineId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(await installAt(0)).toMatchObject({ hostId: idAt(0), runningMode: 'observe', pending: null });
  expect(await agent.facts(targetAt(0))).toMatchObject({ hostname: 'web-1', ssh: { clientAddress: '10.77.0.1', serverAddress: '10.77.0.11', serverPort: 22 } });
});

test('a host without an agent says so', async () => {
  expect((await failureOf(agent.status(targetAt(0)))).code).toBe('AGENT_MISSING');
});

test('a push waits, is confirmed, and is what runs', async () => {
  await installAt(0);
  expect(await pushTo(0, 1, 'test')).toMatchObject({ runningMode: 'test', runningSeq: 1, confirmedSeq: 0, pending: { by: 'ada' } });
  expect((await failureOf(pushTo(0, 2, 'test'))).code).toBe('PUSH_PENDING_ELSEWHERE');
  expect(await agent.confirm(targetAt(0), 'p_000000000001')).toMatchObject({ runningSeq: 1, confirmedSeq: 1, pending: null, last: { event: 'confirmed' } });
});

test('a push that nobody confirms goes back by itself, by a real timer', async () => {
  await installAt(0);
  await pushTo(0, 1, 'enforce', 1);
  await vi.waitFor(async () => expect(await agent.status(targetAt(0))).toMatchObject({ runningMode: 'observe', pending: null, last: { event: 'rolled-back-timeout' } }), { timeout: 5_000, interval: 50 });
});

test('a reboot within the window goes back to what was confirmed', async () => {
  await installAt(0);
  await pushTo(0, 1, 'enforce');
  hostAt(0).reboot();
  expect(await agent.status(targetAt(0), { freshConnection: true })).toMatchObject({ runningSeq: 0, last: { event: 'rolled-back-boot' } });
});

test('a bundle for another host or with another hash is refused', async () => {
  await installAt(0);
  const wrong = [aBundle(1, 1, 'test').text, `${aBundle(0, 1, 'test').text}# more\n`];
  for (const bundleText of wrong) {
    expect(await failureOf(agent.apply(targetAt(0), { pushId: 'p_000000000001', by: 'ada', confirmWithinSeconds: 60, bundleText }))).toMatchObject({ code: 'AGENT_FAILED', payload: { exitCode: 3 } });
  }
  expect(await agent.status(targetAt(0))).toMatchObject({ runningSeq: 0, pending: null });
});

test('both ends record a connection with user and unit, and nobody is asked for a verdict in observe', async () => {
  await Promise.all([installAt(0), installAt(1)]);
  expect(fleet.connect(QUERY)).toBe('connected');
  const [[web], [db]] = await Promise.all([drainAt(0), drainAt(1)]);
  const cgroup = (snapshot: typeof web, path: string) => Object.entries(snapshot?.cgroups ?? {}).find(([, known]) => known === path)?.[0];
  expect(keysOf(web, 'out4')).toEqual([['10.77.0.12', 'tcp', 5432, 33, cgroup(web, '/system.slice/nginx.service'), 1]]);
  expect(keysOf(db, 'in4')).toEqual([['10.77.0.11', 'tcp', 5432, cgroup(db, '/system.slice/postgresql.service'), 1]]);
  expect({ users: web?.users, asked }).toEqual({ users: { 33: 'www-data' }, asked: [] });
});

test('in test a forbidden connection succeeds and is counted; in enforce it does not succeed', async () => {
  await Promise.all([installAt(0), installAt(1)]);
  allowed = false;
  await pushTo(1, 1, 'test');
  expect(fleet.connect({ ...QUERY, family: 6 })).toBe('connected');
  expect(keysOf((await drainAt(1)).at(-1), 'miss_in6')).toMatchObject([['fd77::11', 'tcp', 5432, expect.any(String), 1]]);
  await agent.confirm(targetAt(1), 'p_000000000001');
  await pushTo(1, 2, 'enforce');
  expect(fleet.connect(QUERY)).toBe('timeout');
  expect(asked.map((question) => [question.direction, question.mode, question.packet.source])).toEqual([['in', 'test', 'fd77::11'], ['in', 'enforce', '10.77.0.11']]);
});

test('the cursor of drain gives each snapshot once, and a new policy starts a new one', async () => {
  await installAt(0);
  const [first] = await drainAt(0);
  await pushTo(0, 1, 'test');
  const after = await drainAt(0, first?.seq);
  expect(after.map((snapshot) => snapshot.mode)).toEqual(['observe', 'test']);
  expect(new Set(after.map((snapshot) => snapshot.epoch))).toEqual(new Set([first?.epoch]));
});

test('rules changed by hand show in the hashes', async () => {
  await installAt(0);
  hostAt(0).tamper();
  const { kernelHash, expectedKernelHash } = await agent.status(targetAt(0));
  expect(kernelHash).not.toBe(expectedKernelHash);
});

test('a host with its cable out is not reached, and is again when it is in', async () => {
  await installAt(0);
  hostAt(0).setCable('out');
  expect((await failureOf(agent.status(targetAt(0), { freshConnection: true }))).code).toBe('SSH_LIMIT_REACHED');
  hostAt(0).setCable('in');
  expect(await agent.status(targetAt(0))).toMatchObject({ loaded: true });
});
