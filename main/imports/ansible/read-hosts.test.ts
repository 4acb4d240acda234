import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expandHosts } from './expand-hosts.ts';
import { INVENTORY_BOUNDS } from './inventory-book.ts';
import { readAnsibleHosts } from './read-hosts.ts';
import { readSshArguments } from './ssh-arguments.ts';

const DATA = process.env.FIREBREAK_REAL_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(name: string, text: string) {
  writeFileSync(join(folder, name), text);
  return readAnsibleHosts([join(folder, name)], { labels: [], user: 'me' });
}

test.each([
  ['web[01:03]', ['web01', 'web02', 'web03'], null],
  ['db-[a:c]', ['db-a', 'db-b', 'db-c'], null],
  ['h[1:9:4].x:2222', ['h1.x', 'h5.x', 'h9.x'], 2222],
  ['r[1:2]n[1:2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2'], null],
  ['[fd00::1]:22', ['fd00::1'], 22],
  ['fd00::1', ['fd00::1'], null],
])('%s stands for its hosts', (pattern, names, port) => {
  expect(expandHosts(pattern, INVENTORY_BOUNDS)).toEqual({ names, port });
});

test.each([
  ['-J a,b -i key', { jumps: [{ host: 'a', user: null, port: null }, { host: 'b', user: null, port: null }], keyPath: 'key', user: null, port: null }],
  ['-o ProxyJump=a -o ControlMaster=auto -C', { jumps: [{ host: 'a', user: null, port: null }], keyPath: null, user: null, port: null }],
  [`-oProxyCommand="ssh -W %h:%p -q ops@gate" -o 'User u'`, { jumps: [{ host: 'gate', user: 'ops', port: null }], keyPath: null, user: 'u', port: null }],
  ['-o ProxyCommand="nc %h %p"', { reason: expect.stringContaining('does not run') }],
  ['-F other', { reason: expect.stringContaining('-F') }],
  ['-o "User=x', { reason: expect.stringContaining('never closed') }],
])('arguments for ssh: %s', (text, expected) => {
  expect(readSshArguments(text)).toEqual(expected);
});

test.each([
  ['a YAML file that would grow by its aliases', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nall: {vars: {x: [*c,*c,*c,*c,*c,*c,*c,*c,*c]}}\n`, 'alias'],
  ['a YAML file of a plugin', 'plugin: amazon.aws.aws_ec2\nregions: [eu-1]\n', 'asks a plugin'],
  ['a YAML file that is none', 'all: {hosts: [\n', 'is no YAML'],
  ['a list', '- a\n- b\n', 'a mapping of groups'],
  ['groups nested without end', `${Array.from({ length: 60 }, (_, n) => `${' '.repeat(n * 4)}g${n}:\n${' '.repeat(n * 4 + 2)}children:`).join('\n')}\n`, 'nested deeper'],
])('%s gives no host and says why', async (_what, text, sentence) => {
  const { hosts, refused } = await read('hosts.yml', text);
  expect(hosts).toEqual([]);
  expect(refused.map(({ reason }) => reason).join(' ')).toContain(sentence);
});

test('what names, addresses and paths of a hostile inventory say is refused or made inert', async () => {
  const { hosts, refused } = await read('hosts', "ok ansible_host='$(reboot)'\nbad! x=1\nesc ansible_host='a\u001b[2J'\nuser ansible_user='root; id'\nport ansible_port=99999\n__proto__ a=1\nconstructor ansible_host=10.0.0.9\n");
  expect(hosts.map(({ name }) => name)).toEqual(['constructor']);
  expect(refused).toHaveLength(6);
  expect(refused.map(({ reason }) => reason).join('')).not.toContain('\u001b');
});

describe.skipIf(!existsSync(DATA))('inventories of other people', () => {
  test('that of Adoptium is of its own plugin: no host, and that is said', async () => {
    const { named, hosts, refused, notes } = await readAnsibleHosts([join(DATA, 'inventories/adoptium_inventory.yml')], { labels: [], user: 'me' });
    expect([named, hosts, refused[0]?.reason, notes[0]]).toEqual([0, [], expect.stringContaining('another kind of file'), expect.stringContaining('No host was found')]);
  });
});
