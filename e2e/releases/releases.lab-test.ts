import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Push } from '../../shared/model/diff.ts';
import { withoutCgroups } from '../../shared/policy/print-without-cgroups.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, moveZone, openConsole, ourRules, overAll, push } from '../main-job/lab-console.ts';

/**
 * The main job on the Debian releases that the other lab tests do not run on; bookworm is the peer that connects. `npm test` takes the oldest and the newest that are
 * released, `npm run test:releases` also the one that Debian is still making, which changes by the day.
 */
const RELEASES = process.env['FIREBREAK_ALL_RELEASES'] === '1' ? (['bullseye', 'trixie', 'forky'] as const) : (['bullseye', 'trixie'] as const);
const AGENT = '/usr/local/lib/firebreak/firebreak-agent';
const ALLOWED_PORT = 8080;
const FORBIDDEN_PORT = 9090;
const GOLDENS_DIR = join(import.meta.dirname, '../goldens');

let lab: Lab;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
let workspacePath: string;
let peer: LabHost;
let hosts: readonly LabHost[];
const enforced = new Map<string, string>();
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'peer', role: 'plain' }, ...RELEASES.map((release) => ({ name: release, role: 'plain' as const, release }))] });
  peer = lab.host('peer');
  hosts = RELEASES.map((release) => lab.host(release));
  const workspace = makeWorkspace();
  ({ remove, workspacePath } = workspace);
  ({ client, backend } = openConsole(workspace.workspacePath));
  for (const host of hosts) for (const port of [ALLOWED_PORT, FORBIDDEN_PORT]) await host.listen({ port, unit: `echo-${port}` });
  await enrol(client, hosts, lab.sshKeyPath);
  await client.policy.addRules({
    rules: [
      ...[lab.names.subnetIpv4, lab.names.subnetIpv6].map((network) => aRule('allow', network, 'app=base', `tcp/${ALLOWED_PORT}`)),
      { ...aRule('deny', 'app=base', lab.names.subnetIpv4, 'tcp/22'), as: { kind: 'user', name: 'ops' } },
    ],
  });
  await draftZone(client, 'base', 'app=base', 'test');
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

/** Each as a unit of its own, as everything on a real host runs in one: what runs outside of every slice is recorded without its user. */
async function reach(host: LabHost): Promise<Record<string, string>> {
  const tries = {
    // Right after a boot a neighbour may not answer at the first try.
    allowed: peer.tryConnect({ to: host, port: ALLOWED_PORT, timeoutMs: 5000 }),
    allowed6: peer.tryConnect({ to: host, port: ALLOWED_PORT, family: 6, timeoutMs: 5000 }),
    asOps: host.tryConnect({ to: peer, port: 22, user: 'ops', unit: 'as-ops' }),
    asAdmin: host.tryConnect({ to: peer, port: 22, user: 'admin', unit: 'as-admin' }),
    forbidden: peer.tryConnect({ to: host, port: FORBIDDEN_PORT }),
    forbidden6: peer.tryConnect({ to: host, port: FORBIDDEN_PORT, family: 6 }),
  };
  const outcomes = await Promise.all(Object.entries(tries).map(async ([name, outcome]) => [name, await outcome] as const));
  return Object.fromEntries(outcomes);
}
const reachAll = () => Promise.all(hosts.map(reach));
const OPEN = { allowed: 'connected', allowed6: 'connected', asOps: 'connected', asAdmin: 'connected', forbidden: 'connected', forbidden6: 'connected' };
const ENFORCED = { ...OPEN, asOps: 'refused', forbidden: 'timeout', forbidden6: 'timeout' };
const hostOf = (release: string): LabHost => lab.host(release);
/** What decides about packets, in an order that does not depend on how it was loaded; old nft print counters' values in spite of -s. */
const chainsOf = async (host: LabHost): Promise<string> =>
  [...(await ourRules(host)).matchAll(/^\tchain \w+ \{\n(?:\t\t.*\n)*\t\}$/gm)].map(([chain]) => chain.replaceAll(/counter packets \d+ bytes \d+/g, 'counter')).sort().join('\n');
type Event = { seq: number; event: string; fields: Record<string, unknown> };
const readEvents = async (host: LabHost, cursor: number): Promise<Event[]> => (await host.run(`${AGENT} events --after ${cursor}`)).split('\n').filter(Boolean).map((line) => JSON.parse(line));
const flowsOf = async (release: string) => (await client.flows.list({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 })).rows.filter((row) => row.reporterName === release);

/** A push whose every host must end as confirmed. */
async function pushed(pushing: Promise<Push>): Promise<void> {
  const { outcome, hosts: ends } = await pushing;
  expect({ outcome, ends: ends.map(({ step, detail }) => `${step}: ${detail}`) }).toEqual({ outcome: 'confirmed', ends: RELEASES.map(() => expect.stringMatching(/^confirmed: /)) });
}

describe.each(RELEASES)('on %s', (release) => {
  test('nft takes every golden, as far as that nft can match control groups', async () => {
    const { facts } = await client.hosts.get({ name: release });
    const canMatchCgroups = facts?.features.cgroupKeys;
    expect([facts?.nftVersion.startsWith('0.9'), canMatchCgroups]).toEqual(release === 'bullseye' ? [true, false] : [false, true]);
    const goldens = readdirSync(GOLDENS_DIR).filter((file) => file.endsWith('.nft'));
    const bundles = goldens.map((file) => ({ file, text: readFileSync(join(GOLDENS_DIR, file), 'utf8') })).flatMap(({ file, text }) => {
      if (canMatchCgroups) return [`@@ ${file}\n${text}`];
      const namesUnit = text.includes('# fill c_');
      const narrow = () => withoutCgroups({ text, hash: /^# hash (\w+)$/m.exec(text)?.[1] ?? '' }, release).text;
      if (!namesUnit) return [`@@ ${file}\n${narrow()}`];
      expect(narrow).toThrow(/INPUT_INVALID/);
      return [];
    });
    expect(bundles.length).toBeGreaterThan(30);
    const script = `set -e; mkdir /run/goldens; cd /run/goldens; awk '/^@@ /{ f = $2; next } { print > f }'
      for f in *; do TZ=UTC nft -c -f "$f" || echo "refused: $f"; done; ls | wc -l; rm -r /run/goldens`;
    expect(await hostOf(release).run(script, { stdin: bundles.join(''), timeoutMs: 120_000 })).toBe(`${bundles.length}\n`);
  });

  test('it is observed: who connected to what, and as whom', async () => {
    const host = hostOf(release);
    expect(await reach(host)).toEqual(OPEN);
    await overAll(client, 'collect');
    const flows = await flowsOf(release);
    expect(flows).toContainEqual(expect.objectContaining({ direction: 'in', peerAddress: peer.ipv4, port: ALLOWED_PORT, unit: `echo-${ALLOWED_PORT}.service` }));
    expect(flows).toContainEqual(expect.objectContaining({ direction: 'in', peerAddress: peer.ipv6, port: FORBIDDEN_PORT, verdict: 'accepted' }));
    expect(flows).toContainEqual(expect.objectContaining({ direction: 'out', peerAddress: peer.ipv4, port: 22, user: 'ops' }));
    const { facts, state } = await client.hosts.get({ name: release });
    expect(facts?.listening).toContainEqual(expect.objectContaining({ protocol: 'tcp', port: ALLOWED_PORT, unit: `echo-${ALLOWED_PORT}.service` }));
    expect(facts?.timers.map(({ unit: name }) => name)).toEqual(expect.arrayContaining(['firebreak-collect.timer', 'firebreak-verify.timer']));
    expect(state).toBe('behind');
  });
});

test('test mode blocks nothing and counts what enforcing would block, on every release', async () => {
  await pushed(push(client, 30));
  expect(await reachAll()).toEqual(hosts.map(() => OPEN));
  await overAll(client, 'collect');
  for (const release of RELEASES) expect(await flowsOf(release)).toContainEqual(expect.objectContaining({ direction: 'in', peerAddress: peer.ipv4, port: FORBIDDEN_PORT, verdict: 'would-block' }));
});

test('enforcing blocks it, on every release', async () => {
  await moveZone(client, 'base', 'enforce');
  await pushed(push(client, 30));
  expect(await reachAll()).toEqual(hosts.map(() => ENFORCED));
  for (const host of hosts) enforced.set(host.name, await chainsOf(host));
});

describe.each(RELEASES)('enforcing on %s', (release) => {
  test('what somebody changed is found and put right, and told as events; a second look finds nothing', async () => {
    const host = hostOf(release);
    // What passed so far has filled sets and counters: that is traffic, and no change.
    expect(JSON.parse(await host.run(`${AGENT} verify`))).toEqual({ v: 1, found: '', unrepaired: '', skipped: false });
    const cursor = (await readEvents(host, 0)).at(-1)?.seq ?? 0;
    await host.run('nft flush chain inet firebreak miss_in');
    expect(await reach(host)).toMatchObject({ forbidden: 'connected', forbidden6: 'connected' });
    await host.run('systemctl start firebreak-verify.service');
    expect(await reach(host)).toEqual(ENFORCED);
    expect(await readEvents(host, cursor)).toMatchObject([{ event: 'tampered', fields: { what: 'rules', difference: expect.stringContaining('miss_in') } }, { event: 'restored', fields: { what: 'rules' } }]);
    expect(JSON.parse(await host.run(`${AGENT} verify`))).toEqual({ v: 1, found: '', unrepaired: '', skipped: false });
    expect(await host.run('journalctl -q -t firebreak -o cat -n 20')).toMatch(/^event=restored /m);
  });

  test('a reboot and a power cut change nothing about what is enforced', async () => {
    const host = hostOf(release);
    await host.reboot();
    for (const port of [ALLOWED_PORT, FORBIDDEN_PORT]) await host.listen({ port, unit: `echo-${port}` });
    expect(await reach(host)).toEqual(ENFORCED);
    await host.powerCut({ loseUnsynced: true });
    await host.powerOn();
    for (const port of [ALLOWED_PORT, FORBIDDEN_PORT]) await host.listen({ port, unit: `echo-${port}` });
    expect(await reach(host)).toEqual(ENFORCED);
    expect(await chainsOf(host)).toBe(enforced.get(release));
    expect(JSON.parse(await host.run(`${AGENT} verify`))).toMatchObject({ found: '', unrepaired: '' });
  });
});

test('a rollback goes back to test mode on every release, and enforcing comes back', async () => {
  const rollBack = async () => {
    let last: Push | undefined;
    for await (const event of await client.pushes.rollback({ hosts: { kind: 'all' }, note: 'back', confirmWithinSeconds: 30 })) last = event;
    if (last === undefined) throw new Error('the rollback sent no event');
    return last;
  };
  await pushed(rollBack());
  expect(await reachAll()).toEqual(hosts.map(() => OPEN));
  await pushed(push(client, 30));
  expect(await reachAll()).toEqual(hosts.map(() => ENFORCED));
});

/** A console whose every confirmation is lost on the way. */
function poolThatCannotConfirm(): SshPool {
  const pool = createSshPool({ maxConnections: 8 });
  return {
    run: (target, request, options) => {
      if (request.argv.includes('confirm')) throw new FirebreakError('HOST_UNREACHABLE', { host: target.hostName, address: target.address, port: target.port, detail: 'cut by the test' });
      return pool.run(target, request, options);
    },
    showKey: (target, options) => pool.showKey(target, options),
    close: () => pool.close(),
  };
}

test('a push that nobody confirms undoes itself, on every release', async () => {
  const before = await Promise.all(hosts.map(chainsOf));
  await moveZone(client, 'base', 'test');
  const mute = openConsole(workspacePath, { sshPool: poolThatCannotConfirm() });
  const { outcome } = await push(mute.client, 8);
  await mute.backend.close();
  expect(outcome).not.toBe('confirmed');
  await expect.poll(() => Promise.all(hosts.map(chainsOf)), { timeout: 30_000, interval: 500 }).toEqual(before);
  for (const host of hosts) expect((await readEvents(host, 0)).at(-1)).toMatchObject({ event: 'rolled-back', fields: { because: 'timeout' } });
});

test('uninstalling leaves nothing, on every release', async () => {
  await overAll(client, 'uninstall');
  for (const host of hosts) {
    expect(await host.run('nft list tables; find /etc /usr/local /var/lib /run -name "*firebreak*" -not -path "*/private/*"; systemctl list-units --all --no-legend "firebreak*"')).toBe('');
    expect(await reach(host)).toEqual(OPEN);
  }
});
