import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, moveZone, openConsole, overAll, push } from './lab-console.ts';
import { poolThatActsAfterApply } from './pool-that-acts.ts';

/** The main job on a host that has iptables and ipset, and no nft. */
const CONFIRM_WITHIN_SECONDS = 10;
const [ALLOWED, FORBIDDEN] = [8080, 9090];

let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
let client: BackendClient;
let backend: Backend | undefined;
let peer: LabHost;
let host: LabHost;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'peer', role: 'plain' }, { name: 'old', role: 'plain', packages: ['iptables', 'ipset'] }] });
  [peer, host] = [lab.host('peer'), lab.host('old')];
  const older = ['iptables', 'ip6tables'].map((name) => `update-alternatives --set ${name} /usr/sbin/${name}-legacy`).join(' && ');
  await host.run(`systemctl disable --now nftables.service 2>/dev/null; mv /usr/sbin/nft /usr/sbin/nft.away && ${older}`);
  for (const port of [ALLOWED, FORBIDDEN]) await host.listen({ port, unit: `echo-${port}` });
  workspace = makeWorkspace();
  ({ client, backend } = openConsole(workspace.workspacePath));
  await enrol(client, [host], lab.sshKeyPath);
});
afterAll(async () => {
  await backend?.close();
  workspace?.remove();
  await lab?.stop();
});

const rules = () => host.run("{ iptables-save -t security; ip6tables-save -t security; } | sed -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'; ipset list -n | grep '^fb_' | sort");
const reach = async () => {
  const ask = (port: number, family: 4 | 6) => peer.tryConnect({ to: host, port, family, timeoutMs: 4000 });
  const [allowed, allowed6, forbidden, forbidden6] = await Promise.all([ask(ALLOWED, 4), ask(ALLOWED, 6), ask(FORBIDDEN, 4), ask(FORBIDDEN, 6)]);
  return { allowed, allowed6, forbidden, forbidden6 };
};
const OPEN = { allowed: 'connected', allowed6: 'connected', forbidden: 'connected', forbidden6: 'connected' };
const ENFORCED = { ...OPEN, forbidden: 'timeout', forbidden6: 'timeout' };

test('it is onboarded, tested and enforced; what would be refused is recorded before it is', async () => {
  expect(await rules()).toContain('-A FB-IN -m conntrack --ctstate NEW -j FB-REC-IN');
  await client.policy.addRules({ rules: [lab.names.subnetIpv4, lab.names.subnetIpv6].map((network) => aRule('allow', network, 'app=base', `tcp/${ALLOWED}`)) });
  await draftZone(client, 'base', 'app=base', 'test');
  expect(await push(client, CONFIRM_WITHIN_SECONDS)).toMatchObject({ outcome: 'confirmed' });
  expect(await reach()).toEqual(OPEN);
  await overAll(client, 'collect');
  const { rows } = await client.flows.list({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 });
  const seen = rows.filter(({ direction, port }) => direction === 'in' && (port === ALLOWED || port === FORBIDDEN)).map(({ port, verdict }) => `${port} ${verdict}`);
  expect([...new Set(seen)].sort()).toEqual([`${ALLOWED} accepted`, `${FORBIDDEN} would-block`]);
  await moveZone(client, 'base', 'enforce');
  expect(await push(client, CONFIRM_WITHIN_SECONDS)).toMatchObject({ outcome: 'confirmed' });
  expect(await reach()).toEqual(ENFORCED);
});

test('it enforces from its boot on, and puts back by itself what somebody flushed', async () => {
  const before = await rules();
  await host.reboot();
  await expect.poll(rules, { timeout: 60_000 }).toBe(before);
  for (const port of [ALLOWED, FORBIDDEN]) await host.listen({ port, unit: `echo-${port}` });
  await expect.poll(reach, { timeout: 60_000, interval: 1000 }).toEqual(ENFORCED);
  await host.run('iptables -t security -F; ip6tables -t security -F');
  await host.run('systemctl start firebreak-verify.service');
  expect(await rules()).toBe(before);
});

test('a push whose path is cut after the load is undone by the host itself', async () => {
  const before = await rules();
  await backend?.close();
  ({ client, backend } = openConsole(workspace.workspacePath, { sshPool: poolThatActsAfterApply(() => host.cutFrom('console')) }));
  const [added] = await client.policy.addRules({ rules: [aRule('deny', lab.names.subnetIpv4, 'app=base', `tcp/${ALLOWED}`)] });
  const pushing = push(client, CONFIRM_WITHIN_SECONDS);
  await expect.poll(rules, { timeout: 30_000, interval: 200 }).not.toBe(before);
  await expect.poll(rules, { timeout: 60_000, interval: 500 }).toBe(before);
  await host.healFrom('console');
  const ended = await pushing;
  const told = async () => {
    await client.pushes.reconcile({});
    return (await client.pushes.get({ id: ended.id })).hosts.find(({ hostName }) => hostName === 'old');
  };
  await expect.poll(told, { timeout: 120_000, interval: 1000 }).toMatchObject({ step: 'rolled-back' });
  if (added) await client.policy.removeRule({ id: added.id });
});

test('a rule that it cannot have stops the plan, with the rule, the host and why', async () => {
  const [added] = await client.policy.addRules({ rules: [{ ...aRule('allow', 'any', 'app=base', 'tcp/443'), servedBy: 'web.service' }] });
  const { refusals } = await client.pushes.plan({ zone: null });
  expect(refusals.map(({ reason }) => reason)).toEqual([expect.stringContaining(`old has its rules over iptables, which cannot say this: rule ${added?.id} into old: it is for unit:web.service`)]);
  await expect(push(client, CONFIRM_WITHIN_SECONDS)).rejects.toMatchObject({ code: 'PLAN_REFUSED' });
  if (added) await client.policy.removeRule({ id: added.id });
});

test('the agent goes, and leaves no rule, set or file', async () => {
  await overAll(client, 'uninstall');
  expect(await rules()).not.toMatch(/FB-|fb_/);
  expect(await host.run('find /etc /usr/local /var/lib /run -name "*firebreak*"')).toBe('');
  expect(await reach()).toEqual(OPEN);
});
