import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, ourRules, push } from './lab-console.ts';
import { poolThatActsAfterApply } from './pool-that-acts.ts';

const CONFIRM_WITHIN_SECONDS = 8;

describe('nobody locks the admin out', () => {
  let lab: Lab;
  let workspace: ReturnType<typeof makeWorkspace>;
  beforeAll(async () => {
    lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }, { name: 'two', role: 'plain' }] });
    workspace = makeWorkspace();
    const { client, backend } = openConsole(workspace.workspacePath);
    await enrol(client, lab.hosts, lab.sshKeyPath);
    await draftZone(client, 'base', 'app=base', 'enforce');
    expect((await push(client, CONFIRM_WITHIN_SECONDS)).outcome).toBe('confirmed');
    await backend.close();
  });
  afterAll(async () => {
    await lab?.stop();
    workspace?.remove();
  });

  test.each([
    ['a deny rule from anyone to SSH', () => aRule('deny', 'any', 'app=base', 'tcp/22')],
    ['a deny rule for the console’s network on every port', () => aRule('deny', lab.names.subnetIpv4, 'host:one', 'any')],
    ['a deny rule for the console’s address in a port range', () => aRule('deny', `${lab.names.consoleIpv4}/32`, 'zone:base', 'tcp/1-1024')],
  ])('the plan refuses %s, and nothing is sent', async (_name, rule) => {
    const { client, backend } = openConsole(workspace.workspacePath);
    const before = await Promise.all(lab.hosts.map((host) => host.nftListRuleset()));
    const [added] = await client.policy.addRules({ rules: [rule()] });
    try {
      const plan = await client.pushes.plan({ zone: null });
      expect(plan.refusals.map((refusal) => refusal.rule)).toContain(added?.id);
      await expect(push(client, CONFIRM_WITHIN_SECONDS)).rejects.toMatchObject({ code: 'PLAN_REFUSED' });
      expect(await Promise.all(lab.hosts.map((host) => host.nftListRuleset()))).toEqual(before);
    } finally {
      if (added) await client.policy.removeRule({ id: added.id });
      await backend.close();
    }
  });

  test('a host whose path to the console is cut after the load goes back by itself, and the console says so', async () => {
    const host = lab.host('one');
    let loadedAtMs = 0;
    const { client, backend } = openConsole(workspace.workspacePath, {
      sshPool: poolThatActsAfterApply(async () => {
        loadedAtMs = performance.now();
        await host.cutFrom('console');
      }),
    });
    const before = await ourRules(host);
    await client.hosts.label({ name: 'one', labels: { cut: 'yes' } });
    await draftZone(client, 'cut', 'cut=yes', 'enforce', 'restricted');
    await client.policy.orderZones({ names: ['cut', 'base'] });
    const pushing = push(client, CONFIRM_WITHIN_SECONDS);
    const restoredAfterMs = await waitForRules(host, before, () => loadedAtMs);
    expect(restoredAfterMs).toBeLessThan((CONFIRM_WITHIN_SECONDS + 5) * 1000);
    await host.healFrom('console');
    const ended = await pushing;
    // A host that gave no answer in time is asked again at every start of the console; on a busy machine the first time may be too early.
    const told = async () => {
      await client.pushes.reconcile({});
      return (await client.pushes.get({ id: ended.id })).hosts.find((entry) => entry.hostName === 'one');
    };
    await expect.poll(told, { timeout: 120_000, interval: 1000 }).toMatchObject({ step: 'rolled-back' });
    expect(await ourRules(host)).toBe(before);
    await backend.close();
    const fresh = openConsole(workspace.workspacePath);
    expect((await fresh.client.hosts.showKey({ name: 'one' })).presented.fingerprint).toBe(await host.hostKeyFingerprint());
    const statuses = await Array.fromAsync(await fresh.client.agents.status({ hosts: { kind: 'names', names: ['one'] } }));
    expect(statuses.at(-1)).toMatchObject({ type: 'done', result: { hosts: [{ hostName: 'one', ok: true }] } });
    await fresh.backend.close();
  });
});

/** Milliseconds from the load until the host's own rules are `expected` again, seen out of band; at least one look must have found others. */
async function waitForRules(host: Parameters<typeof ourRules>[0], expected: string, loadedAtMs: () => number): Promise<number> {
  const deadlineMs = performance.now() + 60_000;
  let changed = false;
  while (performance.now() < deadlineMs) {
    const same = (await ourRules(host)) === expected;
    if (!same) changed = true;
    if (same && changed) return performance.now() - loadedAtMs();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(changed ? 'the host did not restore its rules within 60 s' : 'the new rules were never seen on the host');
}
