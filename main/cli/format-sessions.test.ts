import { expect, test } from 'vitest';
import { HostId } from '../../shared/model/ids.ts';
import type { ForbiddenSession, HostSessions } from '../../shared/model/session.ts';
import { formatSessions } from './format-sessions.ts';

const aSession = (change: Partial<ForbiddenSession> = {}): ForbiddenSession => ({
  direction: 'in', protocol: 'tcp', localAddress: '10.0.0.2', localPort: 5432, peerAddress: '10.0.0.1', peerPort: 40_000, peerName: 'web1', port: 5432,
  user: 'postgres', unit: 'postgresql@15-main.service', process: 'postgres', sinceMs: null, by: null, ...change,
});
const aHost = (change: Partial<HostSessions> = {}): HostSessions => ({ host: HostId.parse('h_000000000001'), hostName: 'db1', live: 3, uncertain: 0, total: 0, forbidden: [], warnings: [], ...change });

test('where no host was asked nothing is said, and where nothing is forbidden that is said', () => {
  expect(formatSessions({ hosts: [] }, 'keep')).toBe('');
  expect(formatSessions({ hosts: [aHost()] }, 'keep')).toBe('\nLive connections that the new rules forbid: none');
});

test('each is shown with both ends, who and why, and what becomes of it', () => {
  const hosts = [aHost({ total: 3, uncertain: 1, forbidden: [aSession(), aSession({ direction: 'out', peerName: 'fd00::9', peerAddress: 'fd00::9', localPort: 40_001, port: 443, by: 'r_1', user: null })], warnings: ['only half was read'] })];
  expect(formatSessions({ hosts }, 'cut').split('\n')).toEqual([
    '',
    'Live connections that the new rules forbid: 3 (they are CUT after each host has confirmed, which cannot be undone)',
    expect.stringMatching(/^ {2}HOST +WHO/),
    expect.stringMatching(/^ {2}db1 +web1 10\.0\.0\.1:40000 → :5432 +tcp\/5432 +postgres +postgresql@15-main\.service +postgres +- +default$/),
    expect.stringMatching(/^ {2}db1 +:40001 → \[fd00::9\] +tcp\/443 +- .* r_1$/),
    '  … 1 more',
    '  db1: 1 of 3 cannot be judged (what decides does not show on a live connection); they are never cut',
    '  db1: only half was read',
  ]);
});

test('what a host warns of cannot forge a line', () => {
  expect(formatSessions({ hosts: [aHost({ warnings: ['x\n  db1: all is well'] })] }, 'keep').split('\n').at(-1)).toBe('  db1: x\\x0a  db1: all is well');
});

test('what a host calls its processes cannot move the cursor of a terminal', () => {
  expect(formatSessions({ hosts: [aHost({ total: 1, forbidden: [aSession({ process: 'x\u001b[2J' })] })] }, 'keep')).not.toContain('\u001b');
});
