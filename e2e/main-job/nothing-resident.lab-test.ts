import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { enrol, makeWorkspace, openConsole, overAll } from './lab-console.ts';

let lab: Lab;
let host: LabHost;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }] });
  host = lab.host('one');
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  await enrol(client, [host], lab.sshKeyPath);
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

/** What of ours is there: processes by command line, folder, open file or cgroup, and sockets that they hold. Our own shell names none of these before it has looked. */
const FIND_OURS = `
for p in /proc/[0-9]*; do
  case $p in /proc/$$) continue ;; esac
  tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q 'firebreak' && echo "command $p: $(tr '\\0' ' ' <$p/cmdline)"
  grep -qs 'firebreak' $p/cgroup && echo "cgroup $p"
  ls -l $p/cwd $p/exe $p/fd 2>/dev/null | grep -q '/firebreak' && echo "open file $p"
done
ss -Hxlp 2>/dev/null | grep firebreak; ss -Htulnp 2>/dev/null | grep firebreak; find /run /var/run -type s -path '*firebreak*' 2>/dev/null
true`;
const findOurs = () => host.run(['sh', '-c', FIND_OURS]);
/** The units that run for a moment; a timer is no process. */
const running = () => host.run("systemctl list-units --all --plain --no-legend --state=running,activating 'firebreak-*' | grep -v '[.]timer' || true");

/** The timers may fire while we look: what is there must be gone again. */
async function expectNothing(): Promise<void> {
  await expect.poll(async () => (await running()) + (await findOurs()), { timeout: 30_000 }).toBe('');
}

describe('between runs', () => {
  test('a look finds a process of the agent while it runs, so that finding none means something', async () => {
    await host.run('mkfifo /run/hold; cat /run/hold 5</var/lib/firebreak/state >/dev/null 2>&1 &');
    try {
      await expect.poll(findOurs, { timeout: 30_000 }).toContain('open file');
    } finally {
      await host.run('echo >/run/hold; rm /run/hold');
    }
  });

  test('there is no process, no open file and no socket of ours, and the timers are armed', async () => {
    await overAll(client, 'collect');
    await host.run('systemctl start firebreak-collect.service firebreak-verify.service');
    await expectNothing();
    expect((await host.run('systemctl is-active firebreak-collect.timer firebreak-verify.timer')).trim()).toBe('active\nactive');
  });
});

describe('the footprint', () => {
  test('has the runs of units and of the console, and the console tells of them', async () => {
    await overAll(client, 'collect');
    const { summary, recent } = await client.hosts.footprint({ name: 'one' });
    const commands = summary?.commands.map((of) => of.command) ?? [];
    expect(commands).toEqual(expect.arrayContaining(['collect', 'verify', 'drain', 'status', 'facts']));
    expect(summary?.storedBytes).toBeGreaterThan(50_000);
    expect(recent.find((run) => run.command === 'collect')?.cpuMs).toBeGreaterThan(0);
    const [health] = await client.hosts.health({});
    expect(health).toMatchObject({ hostName: 'one', reachable: true, verify: 'ok', keyPinned: true, attention: [] });
    console.log(`footprint: ${JSON.stringify(summary)}`);
  });

  test('the added latency is measured on a real host, and nothing of the measurement stays', async () => {
    const before = await host.run('ip -br link; nft -s list tables');
    const latency = await client.hosts.measureLatency({ name: 'one' });
    expect(latency.withP50Us).toBeGreaterThan(0);
    expect(latency.withP99Us).toBeGreaterThanOrEqual(latency.withP50Us);
    expect(await host.run('ip -br link; nft -s list tables')).toBe(before);
    await expectNothing();
    console.log(`latency: ${JSON.stringify(latency)}`);
  });
});
