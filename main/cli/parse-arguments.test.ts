import { describe, expect, test } from 'vitest';
import { isFirebreakError } from '../../shared/errors.ts';
import { parseHostChoice, parseIdentity, parseHostName, parsePause, parseSeconds, parseSince, parseSshAddress } from './parse-arguments.ts';

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isFirebreakError(error, 'INPUT_INVALID')) return error.payload.issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
    throw error;
  }
  return 'accepted';
};

describe('the address of a host', () => {
  test.each([
    ['db1.example.org', { user: 'root', address: 'db1.example.org', port: 22 }],
    ['admin@10.0.0.5:2222', { user: 'admin', address: '10.0.0.5', port: 2222 }],
    ['admin@[fd00::5]:2222', { user: 'admin', address: 'fd00::5', port: 2222 }],
    ['fd00::5', { user: 'root', address: 'fd00::5', port: 22 }],
  ])('%s is understood', (text, expected) => {
    expect(parseSshAddress(text)).toEqual(expected);
  });

  test.each([
    ['db1:70000', '--address: port 70000 does not exist; ports run from 1 to 65535'],
    ['db1:0', '--address: port 0 does not exist; ports run from 1 to 65535'],
    ['db 1', '--address: “db 1” is not [USER@]HOST[:PORT]; an IPv6 address with a port is written [fd00::1]:22'],
    ['', '--address: “” is not [USER@]HOST[:PORT]; an IPv6 address with a port is written [fd00::1]:22'],
  ])('%s gets a sentence', (text, expected) => {
    expect(messageOf(() => parseSshAddress(text))).toBe(expected);
  });
});

test('no hosts named is an error and never means all', () => {
  expect(messageOf(() => parseHostChoice([], false))).toBe('hosts: give host names, a selector such as app=shop, or --all');
});

test('names, a selector and --all are told apart', () => {
  expect([parseHostChoice(['db1', 'db2'], false), parseHostChoice(['app=shop'], false).kind, parseHostChoice([], true)]).toEqual([
    { kind: 'names', names: ['db1', 'db2'] },
    'selector',
    { kind: 'all' },
  ]);
});

test('periods count back from now and nonsense gets a sentence', () => {
  expect([parseSince('7d', 700_000_000), parseSince('2026-01-01T00:00:00Z', 0), parseSince(undefined, 5)]).toEqual([95_200_000, 1_767_225_600_000, null]);
  expect(messageOf(() => parseSince('yesterday-ish', 0))).toContain('is no period such as 90m');
  expect(messageOf(() => parseSince('104000000d', Date.UTC(2026, 0, 1)))).toContain('goes back before 1970');
});

test('without an agent an identity must be given', () => {
  expect(parseIdentity(undefined, true)).toEqual({ kind: 'agent' });
  expect(messageOf(() => parseIdentity(undefined, false))).toContain('there is no ssh-agent here');
});

test('a confirm window is whole seconds within bounds', () => {
  expect([parsePause('--wave-pause', '0'), messageOf(() => parsePause('--wave-pause', '3601'))]).toEqual([0, '--wave-pause: “3601” is no number of seconds from 0 to 3600']);
  expect([parseHostName('--canary', 'web-1'), messageOf(() => parseHostName('--canary', 'web 1'))]).toEqual(['web-1', '--canary: “web 1” is no host name']);
  expect([parseSeconds('--confirm-within', '60'), messageOf(() => parseSeconds('--confirm-within', '4')), messageOf(() => parseSeconds('--confirm-within', '1m'))]).toEqual([
    60,
    '--confirm-within: “4” is no number of seconds from 5 to 3600',
    '--confirm-within: “1m” is no number of seconds from 5 to 3600',
  ]);
});
