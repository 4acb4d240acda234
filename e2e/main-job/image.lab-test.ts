import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { play } from './ansible-run.ts';
import { aRule, draftZone, makeWorkspace, openConsole } from './lab-console.ts';

/**
 * Machines that are made from images, and that no console has reached before they are up: `cloudy` by Debian's own cloud-init and everything in its user data, `baked` from an image that a playbook put the agent into. `copy` gets
 * what was made for another.
 */
const SEED = '/var/lib/firebreak-seed';
const AGENT = '/usr/local/sbin/firebreak-agent';

let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
let open: { client: BackendClient; backend: Backend };
let client: BackendClient;
let folder: string;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'cloudy', role: 'plain', packages: ['cloud-init'] }, { name: 'baked', role: 'plain' }, { name: 'copy', role: 'plain' }] });
  workspace = makeWorkspace();
  open = openConsole(workspace.workspacePath);
  client = open.client;
  folder = join(workspace.workspacePath, '..', 'images');
  await client.policy.addRules({ rules: [aRule('allow', 'host:baked', 'app=base', 'tcp/8080')] });
  await draftZone(client, 'base', 'app=base', 'enforce');
  // Only written down: whether a host is there is not asked.
  for (const name of ['cloudy', 'baked']) {
    const host = lab.host(name);
    const ssh = { address: host.ipv4, port: 22, user: 'root', identity: { kind: 'key-file' as const, keyPath: lab.sshKeyPath }, sudo: 'none' as const, jump: null };
    await client.hosts.add({ name, ssh, addresses: [], labels: host.plan.labels, note: '' });
  }
});
afterAll(async () => {
  await open?.backend.close();
  workspace?.remove();
  await lab?.stop();
});

const userData = async (name: string, isAgentInImage: boolean): Promise<string> => {
  await client.exports.images({ target: 'cloud-init', hosts: { kind: 'names', names: [name] }, note: 'new machine', folder, consoles: [lab.names.consoleIpv4], isAgentInImage });
  return readFileSync(join(folder, `${name}.cloud-init.yaml`), 'utf8');
};
type UserData = { write_files: { path: string; content: string }[]; runcmd: string[][] };
/** As cloud-init's write_files does it. */
async function writeFilesOf(host: LabHost, text: string): Promise<void> {
  const data: UserData = parse(text);
  for (const { path, content } of data.write_files) await host.run(`mkdir -p ${SEED} && cat >${path} && chmod 600 ${path}`, { stdin: gunzipSync(Buffer.from(content, 'base64')) });
}
const statusOf = async (host: LabHost) => JSON.parse(await host.run([AGENT, 'status']));

/** The console sees a host for the first time: same id, rules confirmed, and the push that they came by. */
async function expectKnown(host: LabHost): Promise<void> {
  const { presented } = await client.hosts.showKey({ name: host.name });
  await client.hosts.trust({ name: host.name, key: presented, replace: false });
  for await (const event of await client.agents.collect({ hosts: { kind: 'names', names: [host.name] } })) if (event.type === 'done') expect(event.result.hosts).toMatchObject([{ ok: true }]);
  expect(await client.hosts.get({ name: host.name })).toMatchObject({ zone: 'base', appliedMode: 'enforce', state: expect.stringMatching(/^(in-sync|behind)$/) });
  expect((await client.pushes.list({}))[0]).toMatchObject({ note: 'Came with its image: new machine', outcome: 'confirmed', hosts: [{ hostName: host.name }] });
}

test('user data alone: Debian’s cloud-init takes it for valid, the first boot brings the host into its zone, and the console knows it', async () => {
  const [host, peer] = [lab.host('cloudy'), lab.host('copy')];
  const text = await userData('cloudy', false);
  await host.run('mkdir -p /var/lib/cloud/seed/nocloud && cat >/var/lib/cloud/seed/nocloud/user-data && printf "instance-id: i-1\\n" >/var/lib/cloud/seed/nocloud/meta-data', { stdin: text });
  expect(await host.run('cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data')).toContain('Valid cloud-config');
  // The lab's network, keys and names are its own.
  await host.run(`cat >/etc/cloud/cloud.cfg.d/99-lab.cfg <<'END'
datasource_list: [NoCloud]
network: {config: disabled}
disable_root: false
users: []
ssh_deletekeys: false
preserve_hostname: true
apt_preserve_sources_list: true
END
rm -rf /var/lib/cloud/instance /var/lib/cloud/instances`);
  await host.reboot();
  const ended = await host.exec('cloud-init status --wait --long', { timeoutMs: 180_000 });
  expect([ended.stdout, await host.run('journalctl -b --no-pager -u cloud-final -u firebreak-first-boot | tail -n 20')]).toEqual([expect.stringContaining('status: done'), expect.stringContaining('runs its rules')]);
  expect(await statusOf(host)).toMatchObject({ runningMode: 'enforce', pending: null, pinned: true });
  expect((await host.exec(`ls ${SEED}`)).code).not.toBe(0);
  const [allowed, refused] = [await host.listen({ port: 8080 }), await host.listen({ port: 9090 })];
  expect([await lab.host('baked').tryConnect({ to: host, port: 8080 }), await lab.host('baked').tryConnect({ to: host, port: 9090 }), await peer.tryConnect({ to: host, port: 8080 })]).toEqual(['connected', 'timeout', 'timeout']);
  await allowed.close?.();
  await refused.close?.();
  await expectKnown(host);
  await host.reboot();
  expect(await statusOf(host)).toMatchObject({ runningMode: 'enforce', pending: null });
});

test('an image with the agent: without a host’s part it is nobody; with it, its rules are up before sshd at the next boot', async () => {
  const host = lab.host('baked');
  await client.exports.images({ target: 'ansible', hosts: null, note: '', folder, consoles: [], isAgentInImage: false });
  const arguments_ = ['-i', `${host.ipv4},`, 'image.yml', '-u', 'root', '--private-key', lab.sshKeyPath, '-e', 'firebreak_packages=false'];
  const made = await play(folder, ...arguments_);
  expect([made.code, made.out]).toEqual([0, expect.stringContaining('failed=0')]);
  expect((await play(folder, ...arguments_)).hosts[host.ipv4]).toMatchObject({ changed: 0, failed: 0 });
  await host.reboot();
  expect((await host.exec(`ls /etc/firebreak ${AGENT}; nft list table inet firebreak`)).stdout).toBe('');

  await writeFilesOf(host, await userData('baked', true));
  await host.reboot();
  expect(await statusOf(host)).toMatchObject({ runningMode: 'enforce', pending: null });
  const at = async (unit: string, when: string) => Number((await host.run(['systemctl', 'show', '--value', '-p', when, unit])).trim());
  expect(await at('firebreak-first-boot.service', 'ExecMainExitTimestampMonotonic')).toBeLessThan(await at('ssh.service', 'ExecMainStartTimestampMonotonic'));
  await expectKnown(host);
});

test('a copy does not become the same host: the first boot refuses another machine’s part, and an image refuses to be made of a host', async () => {
  const copy = lab.host('copy');
  await writeFilesOf(copy, await userData('cloudy', false));
  const refused = await copy.exec(['sh', `${SEED}/first-boot.sh`, SEED, '1']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`none of these addresses: ${lab.host('cloudy').ipv4}`)]);
  expect((await copy.exec(`ls -d /etc/firebreak /var/lib/firebreak ${AGENT}; nft list tables`)).stdout).toBe('');
  const baked = await play(folder, '-i', `${lab.host('baked').ipv4},`, 'image.yml', '-u', 'root', '--private-key', lab.sshKeyPath, '-e', 'firebreak_packages=false');
  expect([baked.code === 0, baked.out]).toEqual([false, expect.stringContaining('would be the same host')]);
});

test('the same machine takes its newer rules in the same way, and another host’s agent is never taken over', async () => {
  const host = lab.host('baked');
  const before = await statusOf(host);
  await writeFilesOf(host, await userData('baked', false));
  expect((await host.exec(['sh', `${SEED}/first-boot.sh`])).code).toBe(0);
  expect(await statusOf(host)).toMatchObject({ hostId: before.hostId, confirmedBundle: expect.any(String), pending: null });
  await writeFilesOf(host, await userData('cloudy', false));
  await host.run(`sed -i 's/^addresses=.*/addresses=${host.ipv4}/' ${SEED}/order`);
  const other = await host.exec(['sh', `${SEED}/first-boot.sh`]);
  expect([other.code, other.stderr, (await statusOf(host)).hostId]).toEqual([1, expect.stringContaining('an agent of another host'), before.hostId]);
});
