import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Flow } from '../../../shared/model/flow.ts';
import { FleetHost } from '../../../shared/model/host.ts';
import { Policy } from '../../../shared/model/policy.ts';
import { compileFleet } from '../../../shared/policy/compile.ts';
import { syntheticFlows } from './synthetic-flows.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';

const SIZE = { hosts: 120, rules: 90 };

test('the same seed gives the same site and flows, another one others', () => {
  const [one, same, other] = [syntheticSite(1, SIZE), syntheticSite(1, SIZE), syntheticSite(2, SIZE)];
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  const flowsOf = (partSize: number) => [...syntheticFlows(one, 5, 500, partSize)].flat();
  expect(flowsOf(500)).toEqual(flowsOf(70));
  expect([...syntheticFlows(one, 5, 500, 70)].map((part) => part.length)).toEqual([70, 70, 70, 70, 70, 70, 70, 10]);
});

test('what is made is valid, as large as asked, and compiles to rules on most hosts', () => {
  const { policy, hosts } = syntheticSite(1, SIZE);
  expect([FleetHost.array().parse(hosts).length, Policy.parse(policy).rules.length]).toEqual([SIZE.hosts, SIZE.rules]);
  expect(new Set(hosts.flatMap((host) => host.addresses)).size).toBe(hosts.flatMap((host) => host.addresses).length);
  const rulesets = [...compileFleet(policy, hosts, { nowMs: BENCH_NOW_MS }).values()];
  expect(rulesets.filter(({ allowIn, allowOut }) => allowIn.length + allowOut.length > 0).length).toBeGreaterThan(SIZE.hosts / 2);
});

test('flows are valid, of hosts of the site, both ways and of both families', () => {
  const site = syntheticSite(1, SIZE);
  const flows = Flow.array().parse([...syntheticFlows(site, 1, 2000)].flat());
  const ids = new Set(site.hosts.map((host) => host.id));
  expect(flows.every((flow) => ids.has(flow.reporter))).toBe(true);
  expect(new Set(flows.map((flow) => `${flow.direction} ${flow.peerAddress.includes(':') ? 6 : 4}`))).toEqual(new Set(['in 4', 'out 4', 'in 6', 'out 6']));
});

test('the short benchmark measures every task', { timeout: 300_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [new URL('./bench-policy.ts', import.meta.url).pathname, '--short'], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  for (const step of ['compile', 'edit', 'service', 'verdicts', 'suggest', 'plan', 'terms']) expect(stdout).toMatch(new RegExp(`^${step} +\\d+ × \\d+ `, 'm'));
});
