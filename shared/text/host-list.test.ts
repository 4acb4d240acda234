import { expect, test } from 'vitest';
import { readHostList } from './host-list.ts';

const only = (text: string) => readHostList(text).hosts[0];

test('a row that was refused holds no name', () => {
  const { hosts, refused } = readHostList('name,ip\nweb-1,\nweb-1,10.0.0.1\nweb-1,10.0.0.2');
  expect(hosts.map(({ line, addresses }) => [line, addresses])).toEqual([[3, ['10.0.0.1']]]);
  expect(refused.map(({ line, reason }) => [line, reason])).toEqual([[2, 'it has neither an address nor a way in over SSH'], [4, 'line 3 has that name already']]);
});

test('a row whose quote is never closed is refused, and is no host that took the rows below it for its note', () => {
  const { hosts, refused } = readHostList('name,ip,note\nweb-1,10.0.0.1,"ok"\nweb-2,10.0.0.2,"rack 7\nweb-3,10.0.0.3,');
  expect([hosts.map(({ name }) => name), refused]).toEqual([['web-1'], [{ line: 3, name: 'web-2', reason: expect.stringContaining('never closed') }]]);
  expect(readHostList('name,"ip\nweb-1,10.0.0.1')).toMatchObject({ hosts: [], refused: [{ line: 1, reason: expect.stringContaining('never closed') }] });
});

test('addresses come from every column of theirs, canonical, once, without the length of a network', () => {
  expect(only('Name,Primary IP4,primary-ip6,IP\nweb-1,10.0.0.1/24,FD00:0::1/64,"10.0.0.1 10.0.0.2"')?.addresses).toEqual(['10.0.0.1', 'fd00::1', '10.0.0.2']);
});

test('labels that were written as such go before those of columns, and what is nothing as a value is no label', () => {
  expect(only('name,ip,labels,role,env,site\nweb-1,10.0.0.1,role=web app=shop,Frontend Server,(unknown),---')?.labels).toEqual({ role: 'web', app: 'shop', env: 'unknown' });
});

test.each([
  ['10.0.0.5', { user: 'root', address: '10.0.0.5', port: 22, sudo: 'none' }],
  ['admin@web.example:2222', { user: 'admin', address: 'web.example', port: 2222, sudo: 'nopasswd' }],
  ['[fd00::5]:22', { user: 'root', address: 'fd00::5', port: 22, sudo: 'none' }],
  ['fd00::5', { user: 'root', address: 'fd00::5', port: 22, sudo: 'none' }],
])('the way in %s', (text, expected) => {
  expect(only(`name,ssh\nweb-1,${text}`)?.ssh).toMatchObject(expected);
});

test.each(['web:99999', 'a@b@c', 'ro ot@x', ':22', '$(id)@x'])('“%s” is no way in', (text) => {
  const { hosts, refused } = readHostList(`name,ssh\nweb-1,${text}`);
  expect([hosts.length, refused.length]).toEqual([0, 1]);
});

test.each<[string, string, readonly [added: number, refused: number]]>([
  ['many short rows under a wide head', `name,ip,${Array.from({ length: 3000 }, (_, n) => `c${n}`).join(',')}\n${Array.from({ length: 3000 }, (_, n) => `web-${n},10.0.${n >> 8}.${n & 255}`).join('\n')}`, [3000, 0]],
  ['a way in of nothing but colons', `name,ssh\nweb-1,${':'.repeat(300_000)}x`, [0, 1]],
])('%s takes no longer than its text', (_name, text, expected) => {
  const startedAtMs = performance.now();
  const { hosts, refused } = readHostList(text);
  expect([hosts.length, refused.length]).toEqual(expected);
  // Tens of milliseconds; by the product of its parts it was more than ten seconds.
  expect(performance.now() - startedAtMs).toBeLessThan(3000);
});
