import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { type BackendClient, createClient } from '../../main/rpc/client.ts';
import { type Backend, createBackend } from '../../main/services/backend.ts';
import type { SshPool } from '../../main/ssh/ssh-pool.ts';
import type { Push } from '../../shared/model/diff.ts';
import { parsePeer } from '../../shared/text/peer-text.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { parseServiceRefs } from '../../shared/text/service-text.ts';
import type { LabHost } from '../lab/host.ts';

/** A console over a workspace in a temporary folder, for tests on lab hosts. */
export type LabConsole = { client: BackendClient; workspacePath: string; close(): Promise<void>; remove(): void };

export function makeWorkspace(): { workspacePath: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-lab-'));
  const workspacePath = join(folder, 'test.firebreak');
  createWorkspace(workspacePath);
  return { workspacePath, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `wrapPool` lets a test stand between the backend and the hosts, to cut a path at an exact step. */
export function openConsole(workspacePath: string, options: { sshPool?: SshPool } = {}): { client: BackendClient; backend: Backend } {
  const backend = createBackend({ workspacePath, user: 'tester', ...options });
  return { client: createClient(backend), backend };
}

/** The value of a parse that the test itself wrote. */
function given<T>(parsed: { ok: true; value: T } | { ok: false; issues: unknown }): T {
  if (!parsed.ok) throw new Error(`the test's own text is wrong: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
}

export const aRule = (action: 'allow' | 'deny', from: string, to: string, services: string) => ({
  action,
  from: given(parsePeer(from)),
  to: given(parsePeer(to)),
  services: given(parseServiceRefs(services)),
  owner: '',
  reason: '',
  ticket: '',
  reviewOn: null,
  expiresOn: null,
});

/** Adds hosts with their fingerprints compared, installs the agent on each and collects once. */
export async function enrol(client: BackendClient, hosts: readonly LabHost[], sshKeyPath: string): Promise<void> {
  for (const host of hosts) await addHost(client, host, sshKeyPath);
  await overAll(client, 'install');
  await overAll(client, 'collect');
}

/** With its fingerprint compared. */
export async function addHost(client: BackendClient, host: LabHost, sshKeyPath: string, labels: Readonly<Record<string, string>> = host.plan.labels): Promise<void> {
  const ssh = { address: host.ipv4, port: 22, user: 'root', identity: { kind: 'key-file' as const, keyPath: sshKeyPath }, sudo: 'none' as const, jump: null };
  await client.hosts.add({ name: host.name, ssh, addresses: [], labels, note: '' });
  const { presented } = await client.hosts.showKey({ name: host.name });
  if (presented.fingerprint !== (await host.hostKeyFingerprint())) throw new Error(`${host.name} presents another key than it has`);
  await client.hosts.trust({ name: host.name, key: presented, replace: false });
}

export async function overAll(client: BackendClient, verb: 'install' | 'collect' | 'status' | 'uninstall'): Promise<void> {
  for await (const event of await client.agents[verb]({ hosts: { kind: 'all' } })) {
    if (event.type !== 'done') continue;
    const failed = event.result.hosts.filter((host) => !host.ok);
    if (failed.length > 0) throw new Error(`${verb}: ${JSON.stringify(failed)}`);
  }
}

/** A zone over `selector` moved to `mode` in the draft, every readiness blocker waived. */
export async function draftZone(client: BackendClient, name: string, selector: string, mode: 'observe' | 'test' | 'enforce', outbound: 'open' | 'restricted' = 'open'): Promise<void> {
  await client.policy.addZone({ name, select: given(parseSelectorSet(selector)), outbound, note: '' });
  await moveZone(client, name, mode);
}

export async function moveZone(client: BackendClient, name: string, mode: 'observe' | 'test' | 'enforce'): Promise<void> {
  for (const step of mode === 'enforce' ? (['test', 'enforce'] as const) : [mode]) {
    const blockers = (await client.policy.readiness({ name, mode: step })).filter((item) => item.state === 'blocker');
    await client.policy.setZoneMode({ name, mode: step, waivers: blockers.map((item) => ({ check: item.check, reason: 'a test in the lab' })) });
  }
}

/** Plans and pushes; gives the last event. */
export async function push(client: BackendClient, confirmWithinSeconds: number): Promise<Push> {
  const plan = await client.pushes.plan({ zone: null });
  let last: Push | undefined;
  for await (const event of await client.pushes.start({ planHash: plan.hash, zone: null, note: 'test', confirmWithinSeconds })) last = event;
  if (last === undefined) throw new Error('the push sent no event');
  return last;
}

/** The rules of our table without counters, as the kernel has them. */
export const ourRules = (host: LabHost) => host.run(['nft', '--stateless', '--terse', 'list', 'table', 'inet', 'firebreak']);
