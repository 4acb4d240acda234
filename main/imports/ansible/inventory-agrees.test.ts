import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readFleetMembers } from './host-variables.ts';
import { loadInventory } from './load-inventory.ts';

const DATA = process.env.FIREBREAK_REAL_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname;
const hasAnsible = spawnSync('ansible-inventory', ['--version'], { stdio: 'ignore' }).status === 0;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-ansible-'));
  writeFileSync(join(folder, 'ansible.cfg'), '[defaults]\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const Group = z.object({ hosts: z.array(z.string()).default([]), children: z.array(z.string()).default([]) });
const Meta = z.object({ hostvars: z.record(z.string(), z.record(z.string(), z.unknown())) });
type Told = Record<string, { groups: string[]; variables: Record<string, unknown> }>;

/** What Ansible itself makes of an inventory. Lists and mappings are left out: of them no label and no address is made. */
function askAnsible(path: string): Told {
  const text = execFileSync('ansible-inventory', ['-i', path, '--list'], { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), HOME: folder, ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS: 'ignore' }, maxBuffer: 1 << 28 });
  const { _meta, ...rest } = z.looseObject({ _meta: Meta }).parse(JSON.parse(text));
  const groups = new Map(Object.entries(rest).map(([name, group]) => [name, Group.parse(group)]));
  const hostsOf = (name: string): string[] => [...(groups.get(name)?.hosts ?? []), ...(groups.get(name)?.children ?? []).flatMap(hostsOf)];
  const told: Told = {};
  for (const host of hostsOf('all')) told[host] = { groups: [], variables: plain(Object.entries(_meta.hostvars[host] ?? {})) };
  for (const name of groups.keys()) if (name !== 'all' && name !== 'ungrouped') for (const host of new Set(hostsOf(name))) told[host]?.groups.push(name);
  for (const one of Object.values(told)) one.groups.sort();
  return told;
}

async function askUs(path: string): Promise<Told> {
  const { members } = await readFleetMembers(await loadInventory([path]));
  return Object.fromEntries([...members].map(({ name, groups, variables }) => [name, { groups: [...groups].sort(), variables: plain(variables) }]));
}

const plain = (entries: Iterable<[string, unknown]>): Record<string, unknown> => Object.fromEntries([...entries].filter(([, value]) => (typeof value !== 'object' || value === null) && !(typeof value === 'string' && /^\s*[[{]/.test(value))).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function write(files: Record<string, string>): string {
  const at = mkdtempSync(join(folder, 'case-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  return at;
}

const INI = `lonely.example
[web]
web[01:04].example http_port=80 flag=True name='a b' # why
api[a:c] port_of="8080" half=1.50 zero=007
step[1:9:3]:2222
[fd00::1]:2200 v6=yes
[db:vars]
tier = data
quoted = "kept # here"
nothing =
[db]
db1 ansible_host=10.0.0.5 tier=own
web01.example late=1
[prod:children]
web
db # those
[prod:vars]
tier=prod
env=prod
[all:vars]
env=none
everywhere=1
[zeta:children]
db
[alpha:children]
db
[zeta:vars]
pick=z
[alpha:vars]
pick=a
ansible_group_priority=10
`;
const YAML = `all:
  vars: {env: none, every: 1}
  hosts:
    lonely:
  children:
    web:
      hosts:
        web[1:3]: {port: 8080, on: true}
        web2:
          port: 9
      vars: &shared
        tier: web
        text: "00"
    db:
      children:
        pg:
          hosts: {pg-1: {ansible_host: 10.1.1.1}, 'pg-2:2200': null}
          vars:
            <<: *shared
            tier: data
other:
  hosts: single
`;

describe.skipIf(!hasAnsible)('inventories, as ansible-inventory (Debian: ansible-core) tells them', () => {
  test.each<[string, Record<string, string>, string]>([
    ['an INI file with everything that its plugin takes', { hosts: INI }, 'hosts'],
    ['a YAML file', { 'hosts.yml': YAML }, 'hosts.yml'],
    [
      'a folder with several files, group_vars and host_vars in files and folders',
      {
        'one': INI,
        '20-two.yaml': YAML,
        'left-out.ini': '[no]\nno\n',
        'notes.md': '[no]\nno\n',
        'group_vars/all.yml': 'every: 2\nfrom: all\n',
        'group_vars/web/10.yml': 'http_port: 81\nfrom: web-10\n',
        'group_vars/web/20.yml': 'from: web-20\n',
        'group_vars/db': 'tier: file\nfrom: db\n',
        'group_vars/db.yml': 'tier: never\n',
        'group_vars/prod.yaml': 'from: prod\nenv: file\n',
        'host_vars/web01.example': 'from: host\n',
        'host_vars/db1.yml': 'ansible_host: 10.0.0.6\n',
        'host_vars/nobody.yml': 'x: 1\n',
      },
      '.',
    ],
  ])('%s', async (_what, files, name) => {
    const path = join(write(files), name);
    const told = askAnsible(path);
    expect(Object.keys(told).length).toBeGreaterThan(5);
    expect(await askUs(path)).toEqual(told);
  }, 300_000);
});

describe.skipIf(!hasAnsible || !existsSync(DATA))('inventories of other people, as ansible-inventory tells them', () => {
  test.each(['tomcat-standalone', 'tomcat-memcached-failover', 'mongodb', 'lamp_simple_rhel7', 'jboss-standalone', 'lamp_haproxy', 'lamp_simple'])('ansible-examples/%s', async (name) => {
    const path = join(DATA, 'inventories/ansible-examples', `${name}.hosts`);
    expect(await askUs(path)).toEqual(askAnsible(path));
  }, 300_000);

  test('Fedora: 361 hosts with 233 groups', async () => {
    execFileSync('tar', ['xzf', join(DATA, 'inventories/fedora.tar.gz'), '-C', folder]);
    const path = join(folder, 'fedora/inventory');
    const told = askAnsible(path);
    expect(Object.keys(told).length).toBeGreaterThan(350);
    const ours = await askUs(path);
    expect(Object.keys(ours).toSorted()).toEqual(Object.keys(told).toSorted());
    for (const [name, one] of Object.entries(told)) expect({ name, ...ours[name] }).toEqual({ name, ...one });
  }, 300_000);
});
