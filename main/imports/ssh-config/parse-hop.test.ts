import { expect, test } from 'vitest';
import { matchesList, matchesPattern } from './match-pattern.ts';
import { jumpOfCommand, parseJumps } from './parse-hop.ts';

test.each([
  ['gate', [{ host: 'gate', user: null, port: null }]],
  ['ops@gate:2222,[fd00::1]:33', [{ host: 'gate', user: 'ops', port: 2222 }, { host: 'fd00::1', user: null, port: 33 }]],
  ['ssh://ops@gate:2222', [{ host: 'gate', user: 'ops', port: 2222 }]],
  ['None', []],
  ['gate:99999', null],
  ['a,,b', null],
  ['a b', null],
  [`${'a,'.repeat(20)}a`, null],
])('ProxyJump %s', (text, expected) => {
  expect(parseJumps(text)).toEqual(expected);
});

test.each([
  ['ssh -W %h:%p gate', { host: 'gate', user: null, port: null }],
  ['/usr/bin/ssh -q -W [%h]:%p ops@gate', { host: 'gate', user: 'ops', port: null }],
  ['ssh gate -W %h:%p', { host: 'gate', user: null, port: null }],
  ['ssh -o StrictHostKeyChecking=no -W "%h:%p" -l ops -p 2222 gate', { host: 'gate', user: 'ops', port: 2222 }],
  ['ssh gate nc %h %p', null],
  ['ssh -W %h:%p gate; touch /tmp/x', null],
  ['ssh -o ProxyJump=other -W %h:%p gate', null],
  ['ssh -W other:22 gate', null],
  ['nc %h %p', null],
])('the command %s', (command, expected) => {
  expect(jumpOfCommand(command)).toEqual(expected);
});

test('a command made to be slow is told fast', () => {
  const startedAtMs = performance.now();
  for (const command of [`ssh ${'-q '.repeat(130)}`, `ssh ${'-o a '.repeat(75)}!`, `ssh ${"-o 'a' ".repeat(50)}`]) expect(jumpOfCommand(command)).toBeNull();
  expect(performance.now() - startedAtMs).toBeLessThan(1000);
});

test('patterns take no longer than their text, however many stars they have', () => {
  const startedAtMs = performance.now();
  expect(matchesPattern('a'.repeat(20_000), `${'*a'.repeat(50)}*b`)).toBe(false);
  expect(performance.now() - startedAtMs).toBeLessThan(3000);
  expect([matchesPattern('', '*'), matchesPattern('', ''), matchesPattern('ab', 'a'), matchesPattern('web-12', 'web-??'), matchesPattern('axbxc', 'a*b*c')]).toEqual([true, true, false, true, true]);
  expect([matchesList('a', 'a,b'), matchesList('a', 'a,!a'), matchesList('a', '!b')]).toEqual([true, false, false]);
});
