import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, ourRules, overAll, push } from '../main-job/lab-console.ts';
import { MANAGERS, type Manager, openPorts, PORTS, type Verdicts } from './managers.ts';
import { until } from './until.ts';

/** Real installations of other firewalls beside our rules: each side's verdicts hold, and neither touches what is the other's. */
const AGENT = '/usr/local/lib/firebreak/firebreak-agent';
const hostNameOf = (manager: Manager): string => manager.name.toLowerCase();

let lab: Lab;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
let peer: LabHost;
let warnings: readonly string[];
const foreignBefore = new Map<string, string>();
const configBefore = new Map<string, string>();
const verdictsBefore = new Map<string, Verdicts>();
const hostOf = (manager: Manager): LabHost => lab.host(hostNameOf(manager));

beforeAll(async () => {
  const theirs = MANAGERS.map((manager) => ({ name: hostNameOf(manager), role: 'plain' as const, packages: manager.packages, diskMegabytes: 2048 }));
  lab = await startLab({ hosts: [{ name: 'peer', role: 'plain' }, ...theirs] });
  peer = lab.host('peer');
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  await Promise.all(MANAGERS.map(setUp));
  await enrol(client, lab.hosts.slice(1), lab.sshKeyPath);
  await client.policy.addRules({ rules: [aRule('allow', lab.names.subnetIpv4, 'app=base', `tcp/${PORTS.both},tcp/${PORTS.oursOnly}`)] });
  await draftZone(client, 'base', 'app=base', 'enforce');
  warnings = (await client.pushes.plan({ zone: null })).warnings;
  expect(await push(client, 30)).toMatchObject({ outcome: 'confirmed' });
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

async function setUp(manager: Manager): Promise<void> {
  const host = hostOf(manager);
  await host.run('systemctl is-system-running --wait || true');
  await manager.setUp(host);
  await openPorts(host, manager);
  // A container that has just been started does not listen yet.
  const isUp = ({ both, theirsOnly }: Verdicts) => both === 'connected' && theirsOnly === 'connected';
  verdictsBefore.set(host.name, await until(() => verdictsOn(host), isUp, 20_000));
  foreignBefore.set(host.name, await foreignRules(host));
  configBefore.set(host.name, await configOf(manager));
}

async function verdictsOn(host: LabHost): Promise<Verdicts> {
  const ask = (port: number) => peer.tryConnect({ to: host, port, timeoutMs: 1000 });
  const [both, oursOnly, theirsOnly] = await Promise.all([ask(PORTS.both), ask(PORTS.oursOnly), ask(PORTS.theirsOnly)]);
  return { both, oursOnly, theirsOnly };
}

/** `nft list ruleset` without our table, byte for byte but for counters. */
const foreignRules = async (host: LabHost): Promise<string> => (await host.nftListRuleset()).replace(/^table inet firebreak \{\n(?:.*\n)*?\}\n/m, '');
/** Without the order: some managers make their chains anew in another one. */
const unordered = (rules: string | undefined): readonly string[] => (rules ?? '').split('\n').toSorted();
const configOf = (manager: Manager): Promise<string> => hostOf(manager).run(`find ${manager.configPaths} -type f -exec sha256sum {} + | sort`);
const verify = async (host: LabHost): Promise<unknown> => JSON.parse(await host.run(`${AGENT} verify`));

describe.each(MANAGERS.map((manager) => [manager.name, manager] as const))('beside %s', (_name, manager) => {
  const alone: Verdicts = { both: 'connected', oursOnly: manager.refusal, theirsOnly: 'connected' };
  const together: Verdicts = { ...alone, theirsOnly: 'timeout' };
  let host: LabHost;
  beforeAll(() => {
    host = hostOf(manager);
  });

  test('what both allow passes, what either refuses does not, and its rules are as they were', async () => {
    expect(verdictsBefore.get(host.name)).toEqual(alone);
    expect(await verdictsOn(host)).toEqual(together);
    expect(await foreignRules(host)).toBe(foreignBefore.get(host.name));
    expect(foreignBefore.get(host.name)).not.toBe('');
  });

  test('the host says that it is there, and the plan said who decides before us', async () => {
    const { facts } = await client.hosts.get({ name: host.name });
    expect(facts?.firewalls).toContainEqual({ name: manager.factsName, state: expect.stringMatching(/active|enabled/) });
    expect(warnings).toContainEqual(expect.stringMatching(manager.warning));
  });

  test.each(manager.operations.map((operation) => [operation.what, operation] as const))('%s leaves our verdicts alone', async (_what, { command, isOff }) => {
    const before = await ourRules(host);
    await host.run(command, { timeoutMs: 120_000 });
    await expect.poll(() => verdictsOn(host), { timeout: 20_000, interval: 300 }).toEqual(isOff === true ? { ...together, oursOnly: 'connected' } : together);
    expect(await ourRules(host)).toBe(before);
    expect(await verify(host)).toEqual({ v: 1, found: '', unrepaired: '', skipped: false });
  });

  test('after all of that its rules are as they were before us', async () => {
    expect(unordered(await foreignRules(host))).toEqual(unordered(foreignBefore.get(host.name)));
  });

  test('after a reboot both are back', async () => {
    await host.reboot();
    await host.run('systemctl is-system-running --wait || true');
    await openPorts(host, manager);
    await manager.afterReboot?.(host);
    await expect.poll(() => verdictsOn(host), { timeout: 30_000, interval: 300 }).toEqual(together);
  });
});

test('when our agent goes, every other firewall is as it was: rules, settings and verdicts', async () => {
  const rebooted = new Map(await Promise.all(MANAGERS.map(async (manager) => [manager.name, await foreignRules(hostOf(manager))] as const)));
  await overAll(client, 'uninstall');
  for (const manager of MANAGERS) {
    const host = hostOf(manager);
    expect(await host.run('nft list tables')).not.toContain('firebreak');
    expect(await foreignRules(host)).toBe(rebooted.get(manager.name));
    expect(unordered(await foreignRules(host))).toEqual(unordered(foreignBefore.get(host.name)));
    expect(await configOf(manager)).toBe(configBefore.get(host.name));
    expect(await verdictsOn(host)).toEqual(verdictsBefore.get(host.name));
  }
});
