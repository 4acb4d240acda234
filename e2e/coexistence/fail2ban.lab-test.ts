import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, ourRules, overAll, push } from '../main-job/lab-console.ts';
import { until } from './until.ts';

/** fail2ban bans whom it sees fail at sshd; our rules let the same address in, and must neither undo the ban nor be disturbed by it. */
const AGENT = '/usr/local/lib/firebreak/firebreak-agent';
/** As on a Debian 12 without syslog files; the action of the ban is the package's own default. */
const JAIL = '[DEFAULT]\nbackend = systemd\nmaxretry = 3\n[sshd]\nenabled = true\n';

let lab: Lab;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
let host: LabHost;
let attacker: LabHost;
let bystander: LabHost;
let foreignBefore: string;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'attacker', role: 'plain' }, { name: 'bystander', role: 'plain' }, { name: 'guarded', role: 'plain', packages: ['fail2ban', 'python3-systemd'] }] });
  [attacker, bystander, host] = [lab.host('attacker'), lab.host('bystander'), lab.host('guarded')];
  // The ban answers by ICMP, of which the kernel sends one address one a second: a third try within a second would look like silence.
  await host.run('echo 0 >/proc/sys/net/ipv4/icmp_ratelimit');
  await host.run('cat >/etc/fail2ban/jail.local && systemctl restart fail2ban.service', { stdin: JAIL, timeoutMs: 120_000 });
  await until(() => host.run('fail2ban-client status sshd 2>&1 || true'), (status) => status.includes('Currently banned:\t0'), 120_000);
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  foreignBefore = await foreignRules();
  await enrol(client, [host], lab.sshKeyPath);
  await client.policy.addRules({ rules: [aRule('allow', lab.names.subnetIpv4, 'app=base', 'tcp/22')] });
  await draftZone(client, 'base', 'app=base', 'enforce');
  expect(await push(client, 30)).toMatchObject({ outcome: 'confirmed' });
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

const foreignRules = async () => (await host.nftListRuleset()).replace(/^table inet firebreak \{\n(?:.*\n)*?\}\n/m, '');
const reach = async () => ({ attacker: await attacker.tryConnect({ to: host, port: 22 }), bystander: await bystander.tryConnect({ to: host, port: 22 }) });
const BANNED = { attacker: 'refused', bystander: 'connected' };
const OPEN = { attacker: 'connected', bystander: 'connected' };
const failToLogIn = () => attacker.exec(['ssh', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'ConnectTimeout=2', `mallory@${host.ipv4}`, 'true'], { timeoutMs: 30_000 });

test('who fails to log in is banned, though our rules allow the address; verify leaves the ban alone', async () => {
  const ours = await ourRules(host);
  expect(await reach()).toEqual(OPEN);
  for (let attempt = 0; attempt < 4; attempt += 1) await failToLogIn();
  await expect.poll(reach, { timeout: 60_000 }).toEqual(BANNED);
  expect(JSON.parse(await host.run(`${AGENT} verify`))).toMatchObject({ found: '' });
  expect(await reach()).toEqual(BANNED);
  expect(await ourRules(host)).toBe(ours);
  await overAll(client, 'collect');
  expect((await client.hosts.get({ name: 'guarded' })).facts?.firewalls).toContainEqual({ name: 'fail2ban.service', state: 'active, enabled' });
});

test('a push and a rollback keep the ban, and fail2ban’s reload and restart keep our rules', async () => {
  await client.policy.addRules({ rules: [aRule('allow', lab.names.subnetIpv4, 'app=base', 'tcp/8080')] });
  const banned = await foreignRules();
  expect(await push(client, 30)).toMatchObject({ outcome: 'confirmed' });
  expect(await foreignRules()).toBe(banned);
  const ours = await ourRules(host);
  for (const command of ['fail2ban-client reload', 'systemctl restart fail2ban.service']) {
    await host.run(command, { timeoutMs: 60_000 });
    await expect.poll(reach, { timeout: 60_000 }).toEqual(BANNED);
    expect(await ourRules(host)).toBe(ours);
  }
});

test('after uninstalling the ban still holds, and lifting it leaves the tables as they were without us', async () => {
  const banned = await foreignRules();
  await overAll(client, 'uninstall');
  expect(await host.nftListRuleset()).toBe(banned);
  expect(await reach()).toEqual(BANNED);
  await host.run(`fail2ban-client set sshd unbanip ${attacker.ipv4}`);
  expect(await reach()).toEqual(OPEN);
  await host.run('systemctl stop fail2ban.service');
  // iptables-nft leaves its empty chains where its first rule made them.
  expect((await host.nftListRuleset()).replaceAll(/^table ip filter \{\n(\tchain \w+ \{\n(\t\ttype .*\n)?\t\}\n\n?)*\}\n/gm, '')).toBe(foreignBefore);
});
