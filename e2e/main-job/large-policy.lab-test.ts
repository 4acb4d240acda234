import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, ourRules, push } from './lab-console.ts';

const RULES = 2000;
const NETWORKS = 10_000;
let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
let host: LabHost;
let peer: LabHost;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }, { name: 'two', role: 'plain' }] });
  [host, peer] = [lab.host('one'), lab.host('two')];
  workspace = makeWorkspace();
});
afterAll(async () => {
  await lab?.stop();
  workspace?.remove();
});

/** Three networks that no other rule names, so that each rule needs a set of its own. */
const networksOf = (i: number) => [0, 1, 2].map((n) => `172.${16 + n}.${i >> 8}.${i & 255}/32`).join(', ');

test('2,000 rules with sets of their own and a list of 10,000 networks are proved within the usual window, enforced and taken back', async () => {
  const { client, backend } = openConsole(workspace.workspacePath);
  await enrol(client, [host], lab.sshKeyPath);
  const before = await ourRules(host);
  await draftZone(client, 'base', 'app=base', 'enforce');
  const cidrs = Array.from({ length: NETWORKS }, (_, i) => `11.${i >> 8}.${i & 255}.0/30`);
  await client.policy.putIpList({ name: 'big', cidrs, except: [], note: '' });
  const rules = Array.from({ length: RULES }, (_, i) => aRule(i % 7 === 0 ? 'deny' : 'allow', networksOf(i), 'app=base', `tcp/${1000 + i}`));
  await client.policy.addRules({ rules: [...rules, aRule('allow', 'iplist:big', 'app=base', 'tcp/443'), aRule('allow', `${peer.ipv4}/32`, 'app=base', 'tcp/7000')] });
  expect((await push(client, 60)).hosts.map((entry) => [entry.step, entry.detail])).toEqual([['confirmed', expect.any(String)]]);
  const sets = await host.run('nft --terse list table inet firebreak | grep -c "set a4_"');
  expect(Number(sets)).toBe(RULES + 1);

  for (const port of [7000, 7001]) await host.listen({ port });
  expect(await peer.tryConnect({ to: host, port: 7000 })).toBe('connected');
  expect(await peer.tryConnect({ to: host, port: 7001 })).toBe('timeout');

  const states = await Array.fromAsync(await client.pushes.rollback({ hosts: { kind: 'all' }, note: '', confirmWithinSeconds: 60 }));
  expect(states.at(-1)?.outcome).toBe('confirmed');
  expect(await ourRules(host)).toBe(before);
  await backend.close();
});
