import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { Identity } from '../../shared/model/identity.ts';
import { parseServiceRefs } from '../../shared/text/service-text.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { listMachineObstacles } from '../lab/machine.ts';
import type { ConnectOutcome } from '../lab/probe.ts';
import { joinByNslcd, joinBySssd, NSLCD_PACKAGES, SLAPD_PACKAGES, SSSD_PACKAGES, startDirectory } from './directory.ts';
import { addHost, aRule, draftZone, makeWorkspace, openConsole, overAll } from './lab-console.ts';

/** Ports of the server by who may connect there: the user alice; who runs as the group dba; everybody but the user bob. */
const PORTS = { alice: 7200, dba: 7201, notBob: 7202 } as const;
const NAMES = ['group dba', 'user alice', 'user bob'];
/** Rules, and so the names in them, come in the order of their ids. */
const sorted = (text: string): string => text.replace(/(?<= no ).*(?=: rules for)/, (names) => names.split(', ').toSorted().join(', '));
const AGENT = '/usr/local/lib/firebreak/firebreak-agent';
/** What the agent waits for one name. */
const GETENT_SECONDS = 5;
const NOBODY_KNOWN = { alice: 'refused', dba: 'refused', bob: 'connected' } as const;
const AS_WRITTEN = { alice: 'connected', dba: 'connected', bob: 'refused' } as const;

describe.runIf(listMachineObstacles().length === 0)('users and groups of a directory', () => {
  let lab: Lab;
  let [directory, nslcd, sssd, bare, server]: LabHost[] = [];
  let client: BackendClient;
  let backend: Backend;
  let remove: () => void;
  let states: Push[];
  let planned: { texts: string[]; warnings: readonly string[] };
  const the = (host: LabHost | undefined): LabHost => {
    if (host === undefined) throw new Error('the lab has five hosts');
    return host;
  };

  /** Each tries what the rules are about. On a host without the account its number stands for it. */
  async function verdictsOn(host: LabHost): Promise<Record<'alice' | 'dba' | 'bob', ConnectOutcome>> {
    const as = async (uid: number, gid: number, port: number): Promise<ConnectOutcome> => {
      const said = (await host.run(['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', 'python3', '/usr/local/lib/lab/connect.py', 'tcp', '4', the(server).ipv4, String(port), '1000'])).trim();
      const outcome = (['connected', 'refused', 'timeout', 'unreachable'] as const).find((word) => word === said);
      if (outcome === undefined) throw new Error(`connect.py said ${said}`);
      return outcome;
    };
    const [alice, dba, bob] = await Promise.all([as(20_001, 20_000, PORTS.alice), as(20_003, 21_000, PORTS.dba), as(20_002, 20_000, PORTS.notBob)]);
    return { alice, dba, bob };
  }
  const verify = async (host: LabHost): Promise<number> => {
    const beganMs = performance.now();
    await host.run(`${AGENT} verify`, { timeoutMs: 240_000 });
    return (performance.now() - beganMs) / 1000;
  };
  const unresolvedOn = async (host: LabHost): Promise<string[]> => JSON.parse(await host.run(`${AGENT} status`, { timeoutMs: 240_000 })).unresolved.toSorted();

  async function pushAll(): Promise<Push[]> {
    const plan = await client.pushes.plan({ zone: null });
    planned = { texts: plan.hosts.flatMap(({ rows }) => rows.map(({ text }) => text)), warnings: plan.warnings };
    return Array.fromAsync(await client.pushes.start({ planHash: plan.hash, zone: null, note: 'test', confirmWithinSeconds: 120 }));
  }

  beforeAll(async () => {
    lab = await startLab({
      hosts: [
        { name: 'directory', role: 'plain', packages: SLAPD_PACKAGES },
        { name: 'nslcd', role: 'plain', packages: NSLCD_PACKAGES },
        { name: 'sssd', role: 'plain', packages: SSSD_PACKAGES },
        { name: 'bare', role: 'plain' },
        { name: 'server', role: 'plain' },
      ],
    });
    [directory, nslcd, sssd, bare, server] = lab.hosts;
    await startDirectory(the(directory));
    await Promise.all([joinByNslcd(the(nslcd), the(directory)), joinBySssd(the(sssd), the(directory))]);
    for (const port of Object.values(PORTS)) await the(server).listen({ port });
    const workspace = makeWorkspace();
    remove = workspace.remove;
    ({ client, backend } = openConsole(workspace.workspacePath));
    for (const host of lab.hosts) await addHost(client, host, lab.sshKeyPath, { role: [nslcd, sssd, bare].includes(host) ? 'client' : host.name });
    await overAll(client, 'install');
    const rule = (action: 'allow' | 'deny', to: string, port: number, as: Identity | null) => ({ ...aRule(action, 'role=client', to, `tcp/${port}`), as });
    await client.policy.addRules({
      rules: [
        rule('allow', 'host:server', PORTS.alice, { kind: 'user', name: 'alice' }),
        rule('allow', 'host:server', PORTS.dba, { kind: 'group', name: 'dba' }),
        rule('allow', 'host:server', PORTS.notBob, null),
        rule('deny', 'host:server', PORTS.notBob, { kind: 'user', name: 'bob' }),
        // Where outbound is restricted, the way to the directory is a rule like any other.
        rule('allow', 'host:directory', 389, null),
      ],
    });
    await draftZone(client, 'clients', 'role=client', 'enforce', 'restricted');
    states = await pushAll();
  });
  afterAll(async () => {
    await backend?.close();
    remove?.();
    await lab?.stop();
  });

  test('are shown by name in the plan, and the explanation tells one from another', async () => {
    expect(states.at(-1)?.outcome, JSON.stringify(states.at(-1)?.hosts)).toBe('confirmed');
    expect(planned.texts).toEqual(expect.arrayContaining([expect.stringMatching(/ as user alice /), expect.stringMatching(/ as group dba /), expect.stringMatching(/^deny .* as user bob /)]));
    expect(planned.warnings).toContainEqual(expect.stringMatching(/denies nothing on a host that has no user bob/));
    const services = parseServiceRefs(`tcp/${PORTS.alice}`);
    const [service] = services.ok ? services.value : [];
    if (service === undefined) throw new Error('a service');
    const explain = async (name: string) => (await client.policy.explain({ from: 'sssd', to: 'server', service, as: { kind: 'user', name } })).verdict;
    expect([await explain('alice'), await explain('bob')]).toEqual(['allowed', 'blocked']);
  });

  test('are looked for on each host before the push, and the one that does not have them is named with what it lacks', async () => {
    const checked = states.flatMap(({ hosts }) => hosts).filter(({ step, detail }) => step === 'checked' && detail !== '');
    expect([...new Set(checked.map(({ detail }) => sorted(detail)))]).toEqual([`bare has no ${NAMES.join(', ')}: rules for them match nobody there, or whom its directory named in the last week.`]);
    await overAll(client, 'status');
    expect((await client.hosts.get({ name: 'bare' })).warnings).toContainEqual(expect.objectContaining({ code: 'UNRESOLVED_NAMES', text: expect.stringMatching(/^Rules for (?:(?:user alice|group dba|user bob),? ){3}match nobody/) }));
    for (const name of ['nslcd', 'sssd']) expect((await client.hosts.get({ name })).warnings).toEqual([]);
  });

  test('hold in enforce: who is meant passes, others do not, by libnss-ldapd and by SSSD alike', async () => {
    for (const host of [the(nslcd), the(sssd)]) {
      expect(await verdictsOn(host)).toEqual(AS_WRITTEN);
      expect([await host.tryConnect({ to: the(server), port: PORTS.alice, user: 'bob' }), await host.tryConnect({ to: the(server), port: PORTS.dba, user: 'alice' }), await host.tryConnect({ to: the(server), port: PORTS.notBob, user: 'alice' })]).toEqual(['refused', 'refused', 'connected']);
    }
    expect(await verdictsOn(the(bare))).toEqual(NOBODY_KNOWN);
  });

  test('of a directory that is stopped: SSSD and libnss-ldapd alike go on with what they were told, and the host says whom it does not know now', async () => {
    await the(directory).run('systemctl stop slapd.service');
    await Promise.all([the(nslcd), the(sssd)].map(verify));
    expect([await verdictsOn(the(nslcd)), await verdictsOn(the(sssd))]).toEqual([AS_WRITTEN, AS_WRITTEN]);
    expect([await unresolvedOn(the(nslcd)), await unresolvedOn(the(sssd))]).toEqual([NAMES, []]);
    await the(directory).run('systemctl start slapd.service');
    await expect.poll(async () => [await verify(the(nslcd)), await verdictsOn(the(nslcd))][1], { timeout: 60_000, interval: 1000 }).toEqual(AS_WRITTEN);
  });

  test('of a directory that does not answer are waited for 5 s, all at once', async () => {
    // The daemon itself hangs: without a limit getent would wait for a minute.
    const filledSets = () => the(nslcd).run("nft list table inet firebreak | sed -n '/set [ug]_/,/^\t}/p'");
    const before = await filledSets();
    expect(before).toContain('elements');
    await the(nslcd).run('systemctl kill --signal=STOP nslcd.service');
    const tookSeconds = await verify(the(nslcd));
    console.log(`verify with ${NAMES.length} names and a daemon that hangs: ${tookSeconds.toFixed(1)} s`);
    expect(tookSeconds).toBeGreaterThan(GETENT_SECONDS);
    // Each name would be waited for a minute else; a machine under load takes its time for the rest.
    expect(tookSeconds).toBeLessThan(NAMES.length * 40);
    expect(await filledSets()).toBe(before);
    // Not by a connection: the program that makes it would hang there, too.
    expect(await unresolvedOn(the(nslcd))).toEqual(NAMES);
    await the(nslcd).run('systemctl kill --signal=CONT nslcd.service');
    await expect.poll(async () => [await verify(the(nslcd)), await verdictsOn(the(nslcd))][1], { timeout: 60_000, interval: 1000 }).toEqual(AS_WRITTEN);
  });

  test('of a directory behind a cut: a push says who is not known, or stops before anything is loaded where the SSH login itself waits for the directory', async () => {
    await the(nslcd).cutFrom(the(directory));
    await the(sssd).cutFrom(the(directory));
    await client.policy.addRules({ rules: [aRule('allow', 'role=client', 'host:server', 'tcp/7203')] });
    const beganMs = performance.now();
    const pushed = await pushAll();
    const { outcome, hosts } = pushed.at(-1) ?? { outcome: 'none', hosts: [] };
    console.log(`a push with ${NAMES.length} names and a directory behind a cut: ${outcome} in ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
    if (outcome === 'confirmed') {
      const said = pushed.flatMap((state) => state.hosts).filter(({ step }) => step === 'checked').map(({ detail }) => sorted(detail));
      expect(said).toContain(`nslcd has no ${NAMES.join(', ')}: rules for them match nobody there, or whom its directory named in the last week.`);
    } else {
      expect(hosts.map(({ hostName, step }) => [hostName, step]).filter(([, step]) => step !== 'skipped')).toEqual([['nslcd', 'failed']]);
      expect(hosts.find(({ hostName }) => hostName === 'nslcd')?.detail).toMatch(/^nslcd: no answer within .* Nothing was changed there\.$/);
    }
    expect(await verdictsOn(the(sssd))).toEqual(AS_WRITTEN);
    await Promise.all([the(nslcd), the(sssd)].map((host) => host.healFrom(the(directory))));
    if (outcome !== 'confirmed') await expect.poll(async () => (await pushAll()).at(-1)?.outcome, { timeout: 120_000, interval: 1000 }).toBe('confirmed');
    await expect.poll(async () => [await verify(the(nslcd)), await verdictsOn(the(nslcd))][1], { timeout: 90_000, interval: 1000 }).toEqual(AS_WRITTEN);
  });

  test('after a boot without the directory: both have the rules that they had, from the first packet on; no console is needed', async () => {
    await Promise.all([the(nslcd), the(sssd)].map((host) => host.cutFrom(the(directory))));
    await Promise.all([the(nslcd).reboot(), the(sssd).reboot()]);
    expect([await verdictsOn(the(nslcd)), await verdictsOn(the(sssd))]).toEqual([AS_WRITTEN, AS_WRITTEN]);
    await Promise.all([the(nslcd), the(sssd)].map((host) => host.healFrom(the(directory))));
  });
});
