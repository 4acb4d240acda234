import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { listMachineObstacles } from '../lab/machine.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, overAll, push } from '../main-job/lab-console.ts';

/** A program, and units that run exactly it; what it said lands in a file. */
const CONNECT = (to: string, port: number) => `/usr/bin/python3 /usr/local/lib/lab/connect.py tcp 4 ${to} ${port} 2000`;
const UNIT = (command: string) => `[Service]\nType=oneshot\nStandardOutput=truncate:/var/lib/said\nUser=nobody\nExecStart=${command}\n`;
const DROP_INS = 'ls -d /etc/systemd/system/*.d/50-firebreak.conf 2>/dev/null || true';

describe.runIf(listMachineObstacles().length === 0)('rules for systemd units', () => {
  let lab: Lab;
  let client: LabHost;
  let server: LabHost;
  let console_: { client: BackendClient; backend: Backend };
  let workspace: ReturnType<typeof makeWorkspace>;

  const start = async (unit: string) => {
    await client.run(`rm -f /var/lib/said; systemctl restart ${unit}`);
    return (await client.run('cat /var/lib/said')).trim();
  };
  const fromShell = async (port: number) => (await client.run(CONNECT(server.ipv4, port))).trim();
  const served = async (unit: string) => {
    const listener = await server.listen({ port: 7102, unit });
    try {
      return await client.tryConnect({ to: server, port: 7102, timeoutMs: 700 });
    } finally {
      await listener.close();
    }
  };

  beforeAll(async () => {
    lab = await startLab({ hosts: [{ name: 'client', role: 'plain' }, { name: 'server', role: 'plain' }] });
    [client, server] = [lab.host('client'), lab.host('server')];
    workspace = makeWorkspace();
    console_ = openConsole(workspace.workspacePath);
    await enrol(console_.client, lab.hosts, lab.sshKeyPath);
    await client.run(['tee', '/etc/systemd/system/job.service'], { stdin: UNIT(CONNECT(server.ipv4, 7100)) });
    await client.run(['tee', '/etc/systemd/system/job@.service'], { stdin: UNIT(CONNECT(server.ipv4, 7101)) });
    await client.run('systemctl daemon-reload');
    for (const port of [7100, 7101]) await server.listen({ port });
    await draftZone(console_.client, 'base', 'app=base', 'enforce', 'restricted');
    const rule = (port: number) => aRule('allow', 'host:client', 'host:server', `tcp/${port}`);
    await console_.client.policy.addRules({
      rules: [
        { ...rule(7100), as: { kind: 'unit', name: 'job.service' } },
        { ...rule(7101), as: { kind: 'unit', name: 'job@one.service' } },
        { ...rule(7102), servedBy: 'good.service' },
      ],
    });
    const pushed = await push(console_.client, 30);
    expect(pushed, JSON.stringify(pushed.hosts)).toMatchObject({ outcome: 'confirmed' });
  });
  afterAll(async () => {
    await console_?.backend.close();
    await lab?.stop();
    workspace?.remove();
  });

  test('let the unit connect after each of 20 restarts, and never the same program run from a shell', async () => {
    const said: string[] = [];
    for (let i = 0; i < 20; i += 1) said.push(await start('job.service'), await fromShell(7100));
    expect(said).toEqual(Array.from({ length: 20 }, () => ['connected', 'refused']).flat());
  });

  test('tell one instance of a template from another', async () => {
    expect([await start('job@one.service'), await start('job@two.service'), await fromShell(7101)]).toEqual(['connected', 'refused', 'refused']);
  });

  test('do not match the unit while its drop-in is gone, until verify has put that back', async () => {
    await client.run('rm /etc/systemd/system/job.service.d/50-firebreak.conf; systemctl daemon-reload');
    expect(await start('job.service')).toBe('refused');
    expect(JSON.parse(await client.run('/usr/local/sbin/firebreak-agent verify'))).toMatchObject({ found: 'units', unrepaired: '' });
    expect(await start('job.service')).toBe('connected');
  });

  test('let in what the unit listens for, whenever it was started, and not what another unit listens for', async () => {
    expect([await served('good'), await served('evil'), await served('good')]).toEqual(['connected', 'timeout', 'connected']);
  });

  test('hold after a reboot of both ends', async () => {
    await Promise.all([client.reboot(), server.reboot()]);
    for (const port of [7100, 7101]) await server.listen({ port });
    expect([await start('job.service'), await fromShell(7100), await start('job@one.service'), await served('good'), await served('evil')]).toEqual(['connected', 'refused', 'connected', 'connected', 'timeout']);
  });

  test('leave no drop-in behind when the rule goes, or the agent', async () => {
    expect((await client.run(DROP_INS)).trim().split('\n')).toEqual(['job.service', 'job@one.service'].map((unit) => `/etc/systemd/system/${unit}.d/50-firebreak.conf`));
    const { policy } = await console_.client.policy.get({});
    const [first] = policy.rules;
    if (first) await console_.client.policy.removeRule({ id: first.id });
    expect((await push(console_.client, 30)).outcome).toBe('confirmed');
    expect((await client.run(DROP_INS)).trim()).toBe('/etc/systemd/system/job@one.service.d/50-firebreak.conf');
    expect((await server.run(DROP_INS)).trim()).toBe('/etc/systemd/system/good.service.d/50-firebreak.conf');
    await overAll(console_.client, 'uninstall');
    expect(await Promise.all([client, server].map((host) => host.run('ls -d /etc/systemd/system/*.service.d 2>/dev/null || true')))).toEqual(['', '']);
  });
});
