import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFolder } from './fleet-files.ts';
import { groupsOfHosts } from './groups-of-hosts.ts';
import { INVENTORY_BOUNDS } from './inventory-book.ts';
import { readInventory } from './read-inventory.ts';

const INI = '# hosts\n[web]\nweb[01:03].example ansible_host=10.0.0.1\n; none\n[db]\ndb1.example\n[prod:children]\nweb\ndb\n[all_of_it:children]\nprod\n[web:vars]\nx=1\n[empty]\n[bad]\n$(reboot)\n';

test('groups, children, ranges; variables are no hosts, and what is no name is told', () => {
  const inventory = readInventory([INI, '[web]\nextra.example\n']);
  expect(inventory.hosts).toEqual(['web01.example', 'web02.example', 'web03.example', 'db1.example', 'extra.example']);
  expect([...inventory.groups.keys()]).toEqual(['web', 'db', 'prod', 'all_of_it', 'empty', 'bad']);
  expect(inventory.unread).toEqual([{ line: 16, text: '$(reboot)', reason: 'no name of a host' }]);
});

test('a host has the groups above its own, from above to below, so that the nearest wins', () => {
  const { groups, problems } = groupsOfHosts(readInventory([INI]));
  expect(problems).toEqual([]);
  expect(groups.get('web02.example')).toEqual(['all_of_it', 'prod', 'web']);
  expect(groups.get('db1.example')).toEqual(['all_of_it', 'prod', 'db']);
});

test('groups that contain each other end, and are told', () => {
  const { groups, problems } = groupsOfHosts(readInventory(['[a]\nh\n[a:children]\nb\n[b:children]\na\n']));
  expect([groups.get('h')?.toSorted(), problems]).toEqual([['a', 'b'], ['groups contain each other, which Ansible refuses: a']]);
});

test('the longest way to a group says how deep it lies, also where a shorter one is named first', () => {
  const { groups } = groupsOfHosts(readInventory(['[low]\nh\n[top:children]\nlow\nmiddle\n[middle:children]\nlow\n']));
  expect(groups.get('h')).toEqual(['top', 'middle', 'low']);
});

test('what stands for more hosts, groups or characters than are taken is told with the line, and nothing of that line is taken', () => {
  const { hosts, groups, unread } = readInventory(['[a]\nh[1:3]\n[b]\nx\n[c]\ny\n[b:children]\nd\n', '[a]\nn[1:99999999]\nweb[1:3]\nk[1:2]\n'], { ...INVENTORY_BOUNDS, hosts: 6, groups: 2 });
  expect([hosts, [...groups.keys()]]).toEqual([['h1', 'h2', 'h3', 'x', 'k1', 'k2'], ['a', 'b']]);
  expect(unread.map(({ line, text, reason }) => `${line} ${text}: ${reason}`)).toEqual([
    '5 [c]: there are more than 2 groups, and no more are taken',
    '6 y: there are more than 2 groups, and no more are taken',
    '8 d: there are more than 2 groups, and no more are taken',
    '2 n[1:99999999]: a range stands for at most 10000 hosts; divide it',
    '3 web[1:3]: with it there would be more than 6 hosts; divide the inventory, and read the parts by themselves',
  ]);
});

test.each([
  ['a range that ends beyond every number', `h[${'9'.repeat(400)}:${'9'.repeat(400)}]`, 'at most 253 characters'],
  ['a range with a million zeros', `h[${'0'.repeat(1_000_000)}:1]`, 'at most 253 characters'],
  ['ranges whose product is more than are taken', 'h[1:200]x[1:200]', 'at most 10000 hosts'],
  ['a range that never ends', 'h[1:2', 'no name'],
  ['a range backwards', 'h[3:1]', 'no name'],
  ['a range in something else', '$(reboot)[1:3]', 'no name'],
])('%s is told and gives no host', (_what, pattern, sentence) => {
  expect(readInventory([`[a]\n${pattern}\n`])).toMatchObject({ hosts: [], unread: [{ line: 2, reason: expect.stringContaining(sentence) }] });
});

test('of very many lines that cannot be taken some are listed and the others counted', () => {
  expect(readInventory(['[a]\n?\n?\n?\n'], { ...INVENTORY_BOUNDS, unread: 1 }).unread).toEqual([{ line: 2, text: '?', reason: 'no name of a host' }, { line: 0, text: '', reason: '2 more lines could not be taken' }]);
});

test('groups that lie 20,000 deep in each other, and groups of which each has two ways to the next, are gone through once', () => {
  const chain = Array.from({ length: 19_998 }, (_, n) => `[g${n}:children]\ng${n + 1}\n`).join('');
  const deep = groupsOfHosts(readInventory([`${chain}[g19998]\nh\n`]));
  expect([deep.groups.get('h')?.length, deep.groups.get('h')?.[0], deep.groups.get('h')?.at(-1), deep.problems]).toEqual([19_999, 'g0', 'g19998', []]);
  // Twice as many ways with each of sixty levels.
  const doubling = Array.from({ length: 60 }, (_, n) => `[a${n}:children]\na${n + 1}\nb${n + 1}\n[b${n}:children]\na${n + 1}\nb${n + 1}\n`).join('');
  expect(groupsOfHosts(readInventory([`${doubling}[a60]\nh\n`])).groups.get('h')).toHaveLength(121);
});

test('where hosts would be in more groups than are kept the others have those that name them, and that is told', () => {
  const { groups, problems } = groupsOfHosts(readInventory(['[low]\nh[1:3]\n[middle:children]\nlow\n[top:children]\nmiddle\n']), 5);
  expect([...groups.values()]).toEqual([['top', 'middle', 'low'], ['low'], ['low']]);
  expect(problems).toEqual(['groups lie in each other so often that hosts would be in more than 5 all in all; 2 hosts have only the groups that name them, and may lack variables']);
});

test('a folder with more files or more text than is read says which are missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-inventory-'));
  try {
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), 'x'.repeat(600_000));
    const read = async (bounds: { files: number; bytes: number }) => {
      const unread: { path: string; reason: string }[] = [];
      return [[...(await readFolder(folder, unread, bounds)).keys()], unread.map(({ reason }) => reason)];
    };
    expect(await read({ files: 2, bytes: 10_000_000 })).toEqual([['a', 'b'], ['it holds 3 files; only the first 2 by name were read']]);
    expect(await read({ files: 9, bytes: 1_048_576 })).toEqual([['a'], ['its files hold more than 1 MiB; 2 of them, from b on, were not read']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
