import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { createNewId } from './new-id.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let folder = '';
beforeEach(() => {
  at = makeBackend(undefined, createNewId());
  folder = mkdtempSync(join(tmpdir(), 'firebreak-sources-'));
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
const run = async (...argv: string[]) => {
  const { out, err, code } = await runFirebreak(at, ['--json', 'host', 'import', ...argv]);
  if (out === '') throw new Error(err);
  return { code, ...JSON.parse(out) };
};
const sshOf = async (name: string) => (await at.client.hosts.get({ name })).ssh;
const ME = userInfo().username;

const SSH_CONFIG = `Include FOLDER/conf.d/*
Host gate
  HostName 192.0.2.1
  User jump
Host inner
  HostName 10.0.0.1
  ProxyJump gate,ops@middle.example:2200
Host deep web-[x]
  HostName %h.internal
  ProxyCommand ssh -q -W %h:%p inner
  IdentityFile FOLDER/none
  IdentityFile FOLDER/id
  CertificateFile FOLDER/id-cert.pub
Host odd
  ProxyCommand corkscrew proxy 8080 %h %p
Host github.com
  User git
Host ring-a
  ProxyJump ring-b
Host ring-b
  ProxyJump ring-a
Host other-way
  HostName 10.0.0.9
  ProxyJump root@gate
Match host *.internal exec "touch FOLDER/ran"
  User never
Host *.example *.internal !x
  User ops
`;

test('hosts of an ssh configuration come with their ways in, jump hosts for every hop, and what cannot be is refused with its line', async () => {
  write({ config: SSH_CONFIG.replaceAll('FOLDER', folder), id: 'key', 'conf.d/lan': 'Host nas\n  HostName 192.0.2.9\n  Port 2222\n  User root\n' });
  const file = join(folder, 'config');
  const dry = await run(file, '--from', 'ssh-config', '--dry-run');
  expect(await at.client.hosts.list({})).toEqual([]);
  const result = await run(file, '--from', 'ssh-config');
  expect(result).toEqual(dry);
  expect(result.added.map(({ name, way }: { name: string; way: string }) => [name, way])).toEqual([
    ['nas', 'root@192.0.2.9:2222'],
    ['gate', 'jump@192.0.2.1:22'],
    ['middle.example', 'ops@middle.example:2200 through gate'],
    ['inner', `${ME}@10.0.0.1:22 through middle.example`],
    ['deep', `${ME}@deep.internal:22 through inner`],
  ]);
  expect(await sshOf('deep')).toMatchObject({ identity: { kind: 'key-file', keyPath: join(folder, 'id'), certificatePath: join(folder, 'id-cert.pub') }, jump: 'inner' });
  expect(result.added.at(-1).notes).toEqual([`of its 2 key files ${join(folder, 'id')} is taken`, `Match exec at line 25 of ${file} is not tried: what that block sets is left out`]);
  expect(result.refused.map(({ line, name, reason }: { line: number; name: string; reason: string }) => [line, name, reason.slice(0, 60)])).toEqual([
    [8, 'web-[x]', 'a host name starts with a letter or digit, then letters, dig'],
    [14, 'odd', 'it is reached by a command of this machine (ProxyCommand), w'],
    [16, 'github.com', 'it logs in as git, which takes repositories and gives no she'],
    [18, 'ring-a', 'its way has more than 16 jump hosts, or goes in a circle'],
    [20, 'ring-b', 'its way has more than 16 jump hosts, or goes in a circle'],
    [22, 'other-way', 'it goes through “gate” as root@192.0.2.1:22, but that host i'],
  ]);
  expect(result.notes).toEqual(['3 patterns (with *, ? or !) of Host lines are no hosts; what they set counts for the hosts that they match.']);
  const again = await run(file, '--from', 'ssh-config', '--update');
  expect([again.added, again.changed, again.known.length]).toEqual([[], [], 5]);
  expect((await at.client.audit.list({ limit: 10, beforeSeq: null })).filter(({ action }) => action === 'hosts.importList')).toHaveLength(1);
});

test('an update changes what the file says of a host, keeps what it does not say, and takes nothing away', async () => {
  write({ config: 'Host a\n HostName 192.0.2.1\nHost b\n HostName 192.0.2.2\nHost c\n HostName 192.0.2.3\n ProxyJump b\n' });
  const file = join(folder, 'config');
  await at.client.hosts.add({ name: 'a', ssh: { address: '192.0.2.7', port: 2222, user: 'root', identity: { kind: 'password' }, sudo: 'none', jump: null }, addresses: [], labels: { role: 'db' }, note: 'mine' });
  await at.client.hosts.add({ name: 'b', ssh: null, addresses: ['192.0.2.2'], labels: {}, note: '' });
  const kept = await run(file, '--from', 'ssh-config', '--dry-run');
  expect(kept.changed.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
  // Without the update b stays unmanaged, so that nothing can go through it.
  expect(kept.refused.map(({ name }: { name: string }) => name)).toEqual(['c']);
  const result = await run(file, '--from', 'ssh-config', '--update', '--label', 'env=prod');
  expect(result.changed[0]).toEqual({ name: 'a', changes: [{ what: 'address', from: '192.0.2.7', to: '192.0.2.1' }, { what: 'port', from: '2222', to: '22' }, { what: 'labels.env', from: '', to: 'prod' }], notes: [] });
  const { ssh, labels, note } = await at.client.hosts.get({ name: 'a' });
  expect([ssh, labels, note]).toEqual([{ address: '192.0.2.1', port: 22, user: 'root', identity: { kind: 'password' }, sudo: 'none', jump: null }, { role: 'db', env: 'prod' }, 'mine']);
  expect([(await sshOf('b'))?.address, (await sshOf('c'))?.jump]).toEqual(['192.0.2.2', 'b']);
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'hosts.importList', detail: '1 host added, 2 changed, 0 known, 0 refused' });
  expect((await at.client.hosts.timeline({ name: 'a' })).entries[0]).toMatchObject({ title: 'changed by an import', detail: 'address 192.0.2.7 → 192.0.2.1, port 2222 → 22, labels.env prod' });
  expect((await run(file, '--from', 'ssh-config', '--update', '--label', 'env=prod')).changed).toEqual([]);
});

test('a change that would close a circle, or take the address of another, is refused, and the host stays as it was', async () => {
  const ssh = (address: string, jump: string | null) => ({ address, port: 22, user: 'root', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump });
  await at.client.hosts.add({ name: 'a', ssh: ssh('192.0.2.1', null), addresses: [], labels: {}, note: '' });
  await at.client.hosts.add({ name: 'b', ssh: ssh('192.0.2.2', 'a'), addresses: [], labels: {}, note: '' });
  await at.client.hosts.add({ name: 'd', ssh: ssh('192.0.2.4', null), addresses: [], labels: {}, note: '' });
  write({ 'list.csv': 'name,ssh,jump\na,192.0.2.1,b\nc,192.0.2.3,b\nd,192.0.2.1,\n' });
  const result = await run(join(folder, 'list.csv'), '--update');
  expect(result.refused.map(({ name, reason }: { name: string; reason: string }) => `${name}: ${reason}`)).toEqual([expect.stringContaining('a: its jump host “b”'), 'd: 192.0.2.1 is the address of host “a” already']);
  expect([result.changed, result.added.map(({ name }: { name: string }) => name), await sshOf('a'), await sshOf('d')]).toEqual([[], ['c'], ssh('192.0.2.1', null), ssh('192.0.2.4', null)]);
});

const PASSWORD = 'hunter2-plain';
const INVENTORY = {
  'inventory/hosts': `[web_servers]\nweb[01:02].example ansible_host=10.0.1.1 ansible_ssh_common_args='-o ProxyJump=gate.example -o StrictHostKeyChecking=no'\nfar ansible_host=10.0.1.9 ansible_ssh_common_args='-J ops@gate.example'\nbeyond ansible_host=10.0.1.8 ansible_ssh_common_args='-o "ProxyCommand=ssh -W %h:%p -q root@other.example"'\n[db_servers]\ndb1 ansible_host=10.0.2.1 ansible_password=${PASSWORD} ansible_become_pass=${PASSWORD} ansible_user=adm\ndb2 ansible_host="{{ nowhere }}"\ndb3 ansible_host="10.0.2.{{ number }}" ansible_port=2200 number=3\n[db_replicas]\ndb3\n[windows]\nwin ansible_connection=winrm\n[prod:children]\nweb_servers\ndb_servers\n[gates]\ngate.example ansible_host=192.0.2.1 ansible_user=root\n`,
  'inventory/group_vars/prod.yml': 'env_name: production\nsecret_token: abc\n',
  'inventory/host_vars/db1.yml': `ansible_port: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n`,
  'inventory/host_vars/db3.yml': `env_name: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n`,
  'inventory/group_vars/all.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
  'inventory/cloud.py': '#!/bin/sh\ntouch ran\n',
};

test('hosts of an inventory come with labels of the chosen groups and variables; what is encrypted, a password or unknown is told and never stored', async () => {
  write(INVENTORY);
  chmodSync(join(folder, 'inventory/cloud.py'), 0o755);
  const path = join(folder, 'inventory');
  const options = ['--from', 'ansible', '--user', 'deploy', '--label-from', 'env=var:env_name', '--label-from', 'role=group:*_servers,db_replicas', '--label-from', 'x=group:none*'];
  const dry = await run(path, ...options, '--dry-run');
  const result = await run(path, ...options);
  expect(result).toEqual(dry);
  expect(result.added.map(({ name, way, labels }: { name: string; way: string; labels: object }) => [name, way, labels])).toEqual([
    ['db3', 'deploy@10.0.2.3:2200', {}],
    ['gate.example', 'root@192.0.2.1:22', {}],
    ['other.example', 'root@other.example:22', {}],
    ['web01.example', 'deploy@10.0.1.1:22 through gate.example', { env: 'production', role: 'web' }],
    ['beyond', 'deploy@10.0.1.8:22 through other.example', { env: 'production', role: 'web' }],
  ]);
  expect(result.added[0].notes).toEqual(['its label env is left out: env_name is encrypted by Ansible Vault', 'its label role is left out: group db_replicas says db_replicas, group db_servers says db']);
  expect(result.refused.map(({ name, reason }: { name: string; reason: string }) => `${name}: ${reason}`)).toEqual([
    'web02.example: 10.0.1.1 is the address of host “web01.example” already',
    expect.stringContaining('far: it goes through “gate.example” as ops@192.0.2.1:22, but that host is root@192.0.2.1:22'),
    'db1: its ansible_port is encrypted by Ansible Vault',
    'db2: its ansible_host is a template that the files alone do not tell',
    'win: it is reached by winrm, not over SSH',
  ]);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
  expect(result.notes).toEqual([expect.stringContaining('cloud.py is a script, which is not run'), `${join(path, 'group_vars/all.yml')} is encrypted by Ansible Vault: what it says is not known, and is left out.`, 'No host has the group “none*”, of which a label was to be made.']);
  expect(result.variables).toEqual([{ name: 'env_name', hosts: expect.any(Number), values: ['production'] }, { name: 'number', hosts: 1, values: ['3'] }]);
  const { changed, added } = await run(path, ...options, '--update');
  expect([changed, added]).toEqual([[], []]);
});

test('a password of an inventory is asked for in each session, and its text is nowhere', async () => {
  write({ hosts: `db1 ansible_host=10.0.2.1 ansible_password=${PASSWORD} ansible_become_pass=${PASSWORD} ansible_user=adm\nbad one=${PASSWORD} stray\n` });
  const { out, err } = await runFirebreak(at, ['host', 'import', join(folder, 'hosts'), '--from', 'ansible']);
  expect(out).toContain('ansible_password stands in the inventory and was not taken: no password is stored; it is asked for in each session');
  expect(await sshOf('db1')).toMatchObject({ user: 'adm', identity: { kind: 'password' }, sudo: 'password' });
  for (const file of readdirSync(dirname(at.path), { recursive: true, withFileTypes: true })) if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes(PASSWORD)).toBe(false);
  expect(`${out}${err}`).not.toContain(PASSWORD);
});

test('columns of a CSV file are what the person says they are, and a column that is not there is told', async () => {
  write({ 'cmdb.csv': `Asset,Mgmt,Site,Serial,Root Password\nweb-1,10.0.0.1,Akron,X1,${PASSWORD}\n` });
  const file = join(folder, 'cmdb.csv');
  const result = await run(file, '--column', 'asset=name', '--column', 'Mgmt=ssh', '--column', 'Site=label:loc', '--column', 'Serial=-', '--column', 'Owner=note', '--column', 'Root Password=label:pw');
  expect(result.added).toEqual([{ name: 'web-1', managed: true, way: 'root@10.0.0.1:22', addresses: [], labels: { loc: 'Akron' }, notes: [] }]);
  expect(result.columns.at(-1)).toEqual({ head: 'root_password', meaning: '-', ignored: true });
  expect(result.notes).toEqual(['No column is called “Owner”, for which a meaning was given.']);
});

test('only the hosts that were picked are taken, with the jump hosts before them', async () => {
  write({ config: 'Host a\n HostName 192.0.2.1\nHost b\n HostName 192.0.2.2\n ProxyJump a\n IdentityFile ~/.ssh/own\nHost c\n HostName 192.0.2.3\n' });
  const result = await run(join(folder, 'config'), '--from', 'ssh-config', '--only', 'b', '--identity', '~/.ssh/other');
  expect([result.added.map(({ name }: { name: string }) => name), result.skipped]).toEqual([['a', 'b'], 1]);
  // A key that the file names goes before the one that was given for those that name none.
  expect([(await sshOf('a'))?.identity, (await sshOf('b'))?.identity]).toEqual([{ kind: 'key-file', keyPath: '~/.ssh/other' }, { kind: 'key-file', keyPath: '~/.ssh/own' }]);
});

test.each([
  [['x.csv', 'y.csv'], 'give one CSV file'],
  [['x', '--from', 'puppet'], 'none of csv, ssh-config and ansible'],
  [['x', '--from', 'ansible', '--column', 'a=name'], 'only a CSV file has columns'],
  [['x', '--from', 'ssh-config', '--label-from', 'a=var:b'], 'it is for Ansible inventories'],
  [['x', '--from', 'ansible', '--label-from', 'a=group:*_*'], 'more than one *'],
  [['x', '--column', 'a'], 'is not HEAD=MEANING'],
  [['/nowhere/config', '--from', 'ssh-config'], 'cannot be read'],
])('host import %j says what is wrong', async (argv, sentence) => {
  const { err, code } = await runFirebreak(at, ['host', 'import', ...argv]);
  expect([err, code > 0]).toEqual([expect.stringContaining(sentence), true]);
});
