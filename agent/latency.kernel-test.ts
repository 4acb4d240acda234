import { afterEach, expect, test } from 'vitest';
import { AgentLatency } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, openInstalled, statusOf } from './testing/agent-story.ts';
import type { Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** What a run must leave as it was: interfaces, addresses, all tables, and no process in another network. */
const surroundings = async () => (await sandbox.run("ip -br addr; nft -s list ruleset; readlink /proc/[0-9]*/ns/net | sort -u | wc -l; ls /run/firebreak | grep '^tmp'")).stdout;

test.each(shellsInTurn(1))('connects are timed with and without the running rules under %s, and nothing is left', async (shell) => {
  sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  const status = statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
  statusOf(await sandbox.agent('confirm p_000000000001'));
  const before = await surroundings();
  const result = await sandbox.agent('latency');
  expect(result, result.stderr + result.stdout).toMatchObject({ code: 0 });
  const latency = AgentLatency.parse(JSON.parse(result.stdout));
  expect(latency).toMatchObject({ bundle: status.runningBundle, connects: 2000 });
  for (const [p50, p99] of [[latency.withoutP50Us, latency.withoutP99Us], [latency.withP50Us, latency.withP99Us]]) {
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50 ?? 0);
  }
  expect(await surroundings()).toBe(before);
});

test('rules that are slow are measured as slow', async () => {
  sandbox = await openInstalled('dash');
  // 6,000 rules that nothing matches, walked by each new connection before the last one.
  await sandbox.run(`awk '/^\\tchain input [{]$/ { inside = 1 } { print } inside && /jump rec_in/ { for (i = 0; i < 6000; i++) print "\\t\\tip saddr 203.0.113." i % 256 " tcp dport " 1000 + i " counter"; inside = 0 }' /var/lib/firebreak/confirmed.nft >/run/slow && cp /run/slow /var/lib/firebreak/confirmed.nft`);
  const result = await sandbox.agent('latency');
  expect(result, result.stderr + result.stdout).toMatchObject({ code: 0 });
  const latency = AgentLatency.parse(JSON.parse(result.stdout));
  expect(latency.withP50Us).toBeGreaterThan(latency.withoutP50Us * 1.5);
});

test('what is missing is said, and nothing is measured', async () => {
  sandbox = await openInstalled('dash');
  await sandbox.run('nft delete table inet firebreak');
  expect(JSON.parse((await sandbox.agent('latency')).stdout)).toMatchObject({ error: 'NOTHING_LOADED' });
});
