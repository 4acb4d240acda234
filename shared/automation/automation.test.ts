import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { SshTarget } from '../model/host.ts';
import { COLLECTION, printCollection } from './ansible-collection.ts';
import { printInventory } from './ansible-inventory.ts';
import { printCloudInit } from './cloud-init.ts';
import { printImage } from './image-files.ts';
import { printTerraformUserData } from './terraform-user-data.ts';

const facts = { version: 12, agentVersion: '0.1.0', signer: 'ssh-ed25519 AAAA', kit: 'k_0123456789ab' };
const order = { name: 'web-1', host: 'h_0123456789ab', push: 'p_0123456789ab', by: 'ada', bundle: 'f'.repeat(64), seq: 1_800_000_001, mode: 'enforce', version: 12, machine: null };
const seed = { order: { push: order.push, host: order.host, name: order.name, by: 'ada', bundle: order.bundle, signer: facts.signer, addresses: ['10.0.0.9', 'fd00::9'] }, rules: 'rules\n', observe: 'observe\n', agentText: 'YWdlbnQ=\n' };
/** Instead of gzip, which is not here. */
const packed = (text: string): string => `x${[...text].map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0')).join('')}`;
const unpacked = (text: string): string => (text.slice(1).match(/.{4}/g) ?? []).map((hex) => String.fromCharCode(Number.parseInt(hex, 16))).join('');
type Task = { readonly block?: readonly Task[]; readonly [key: string]: unknown };
type UserData = { write_files: { path: string; content: string; encoding: string }[]; runcmd: string[][] };
const ssh = (change: Partial<SshTarget>): SshTarget => ({ address: '10.0.0.9', port: 22, user: 'root', identity: { kind: 'agent' }, sudo: 'none', jump: null, ...change });
/** Ansible's own tag, as plain text. */
const UNSAFE = { customTags: [{ tag: '!unsafe', resolve: (text: string) => text }] };

describe('the collection', () => {
  const files = printCollection(facts, [{ order, rules: 'rules\n', observe: 'observe\n' }]);
  test.each(files.filter(({ path }) => path.endsWith('.yml')).map(({ path, text }) => [path, text]))('%s is one document of YAML, without tabs and doubled keys', (_path, text) => {
    const documents = parseAllDocuments(text);
    expect([documents.length, documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]), text.includes('\t')]).toEqual([1, [], false]);
  });

  test('uses modules of ansible-core alone, each by its full name', () => {
    const modules = files.flatMap(({ text }) => [...text.matchAll(/^ +([a-z_]+(?:\.[a-z_]+)+):/gm)].map(([, name]) => name));
    expect(new Set(modules)).toEqual(new Set(['assert', 'set_fact', 'command', 'include_tasks', 'include_role', 'debug', 'tempfile', 'copy', 'file', 'meta'].map((name) => `ansible.builtin.${name}`)));
  });

  test('a host’s order comes behind the rules that it names, and what all share at the end', () => {
    expect(files.map(({ path }) => path).slice(-4)).toEqual(['bundle.nft', 'observe.nft', 'order.json'].map((name) => `${COLLECTION}/hosts/web-1/${name}`).concat(`${COLLECTION}/hosts/export.json`));
  });

  test('each task that changes nothing says so, so that a second run counts no change', () => {
    const tasks = files.filter(({ path }) => path.includes('/tasks/')).flatMap(({ text }): Task[] => parse(text));
    const flat = tasks.flatMap((task) => [task, ...(task.block ?? [])]);
    expect(flat.filter((task) => 'ansible.builtin.command' in task && !('changed_when' in task))).toEqual([]);
  });
});

describe('the inventory', () => {
  const inventory = (name: string, target: SshTarget | null, others: { name: string; ssh: SshTarget }[] = []) => {
    const host = { name, ssh: target };
    return parse(printInventory([host], [host, ...others]), UNSAFE).firebreak.hosts[name];
  };

  test.each(['{{ lookup("pipe", "id") }}', '"; rm -rf /', "it's", 'a: b # c', '%{x} ${y}', 'ünïcode\u2028', '- x', '!unsafe y'])('takes %s as text, never as YAML or a template', (hostile) => {
    const text = printInventory([{ name: 'a', ssh: ssh({ address: hostile, identity: { kind: 'key-file', keyPath: hostile } }) }], []);
    expect(inventory('a', ssh({ address: hostile, identity: { kind: 'key-file', keyPath: hostile } }))).toMatchObject({ ansible_host: hostile, ansible_ssh_private_key_file: hostile });
    expect(text.split('\n').filter((line) => line.includes(hostile)).every((line) => line.includes('!unsafe "'))).toBe(true);
  });

  test('names that YAML would read as something else stay names', () => {
    for (const name of ['null', 'yes', '1e3', '0x1']) expect(Object.keys(parse(printInventory([{ name, ssh: null }], []), UNSAFE).firebreak.hosts)).toEqual([name]);
  });

  test('jump hosts become ProxyJump, the nearest first; one whose address is no plain word is left to the user’s own ssh_config', () => {
    const others = [
      { name: 'inner', ssh: ssh({ address: 'fd00::1', user: 'ops', jump: 'outer' }) },
      { name: 'outer', ssh: ssh({ address: 'gate.example', port: 2222 }) },
    ];
    expect(inventory('a', ssh({ jump: 'inner' }), others)).toMatchObject({ ansible_ssh_common_args: '-o ProxyJump=root@gate.example:2222,ops@[fd00::1]:22' });
    expect(inventory('a', ssh({ jump: 'inner' }), [{ name: 'inner', ssh: ssh({ address: 'a -oProxyCommand=id' }) }])).not.toHaveProperty('ansible_ssh_common_args');
    expect(inventory('a', ssh({ jump: 'b' }), [{ name: 'b', ssh: ssh({ jump: 'b' }) }])).toHaveProperty('ansible_ssh_common_args');
  });
});

describe('user data', () => {
  test('unpacks to what was signed, with the order last, and runs the first boot', () => {
    const data: UserData = parse(printCloudInit(seed, packed));
    const files = data.write_files.map(({ path, content }) => [path.replace('/var/lib/firebreak-seed/', ''), unpacked(content)]);
    expect(files.map(([name]) => name)).toEqual(['agent.tar.gz.b64', 'first-boot.sh', 'observe.nft', 'bundle.nft', 'order']);
    expect(files.slice(2)).toEqual([['observe.nft', 'observe\n'], ['bundle.nft', 'rules\n'], ['order', `push=p_0123456789ab\nhost=h_0123456789ab\nname=web-1\nby=ada\nbundle=${order.bundle}\nsigner=ssh-ed25519 AAAA\naddresses=10.0.0.9 fd00::9\n`]]);
    expect([data.runcmd, printCloudInit(seed, packed).split('\n', 1)]).toEqual([[['sh', '/var/lib/firebreak-seed/first-boot.sh']], ['#cloud-config']]);
  });

  test('for an image that has the agent, it has the host’s part alone, and starts the unit of the image', () => {
    const data: UserData = parse(printCloudInit({ ...seed, agentText: null }, packed));
    expect([data.write_files.length, data.runcmd]).toEqual([3, [['systemctl', 'start', 'firebreak-first-boot.service']]]);
  });

  test('Terraform reads it as text: what begins a template is doubled', () => {
    const made = JSON.parse(printTerraformUserData(new Map([['web-1', 'a ${b} %{ if c } $${d}']])));
    expect(made.locals.firebreak_user_data).toEqual({ 'web-1': 'a $${b} %%{ if c } $$${d}' });
  });
});

describe('an image', () => {
  test.each(['ansible', 'dockerfile'] as const)('for %s has nothing of a host in it, and refuses to be made where an agent is', (target) => {
    const files = printImage(target, 'YWdlbnQ=\n');
    expect(files.map(({ path }) => path).slice(0, 3)).toEqual(['firebreak-seed/agent.tar.gz.b64', 'firebreak-seed/first-boot.sh', 'firebreak-first-boot.service']);
    const text = files.at(-1)?.text ?? '';
    expect(text).toContain('/etc/firebreak/host-id');
    expect(files.map((file) => file.text).join('')).not.toMatch(/h_[0-9a-z]{12}|PRIVATE KEY/);
    if (target === 'ansible') expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
  });
});
