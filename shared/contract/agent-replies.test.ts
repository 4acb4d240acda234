import { expect, test } from 'vitest';
import { AgentSessions, AgentUninstalled } from './agent-replies.ts';

test.each([
  [0, true],
  [20_000, true],
  [-1, false],
  [1.5, false],
  [Number.MAX_SAFE_INTEGER, false],
])('a host that says it has %d sessions is believed: %s', (total, expected) => {
  expect(AgentSessions.safeParse({ v: 1, clock: 1, tracking: 'proc', sessions: [], total, truncated: false }).success).toBe(expected);
});

test('an uninstall by a newer agent may say more', () => {
  const known = { v: 1, uninstalled: true, rules: 'remove', othersUntouched: true, changedSinceInstall: null, left: [] };
  expect(AgentUninstalled.parse({ ...known, tookSeconds: 3 })).toEqual(known);
});
