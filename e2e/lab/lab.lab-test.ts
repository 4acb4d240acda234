import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweep } from './claim.ts';
import type { LabHost } from './host.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { listMachineObstacles } from './machine.ts';
import { getCgroup2Dir, labsDir, labSourceDir } from './paths.ts';
import { mustRun, runCommand } from './run-command.ts';

const quiet = () => undefined;

const canRun = listMachineObstacles().length === 0;

describe.runIf(canRun)('a lab whose process is killed', () => {
  test('takes its hosts along, and is swept away afterwards', async () => {
    const keeper = spawn(process.execPath, [join(labSourceDir, 'keep-up.ts'), '--no-shop', '--plain', '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const chunk of keeper.stdout) {
      said += String(chunk);
      if (said.includes('Ctrl-C removes')) break;
    }
    const slot = /labs\/(\d+)\//.exec(said)?.[1] ?? '';
    const initScope = join(getCgroup2Dir(), `fblab${slot}`, 'host01/host/init.scope/cgroup.procs');
    const initPid = Number(readFileSync(initScope, 'utf8').split('\n')[0]);
    expect(isAlive(initPid)).toBe(true);
    keeper.kill('SIGKILL');
    await expect.poll(() => isAlive(initPid), { timeout: 5000 }).toBe(false);
    await sweep(quiet);
    // Another lab on this machine may have taken the free slot at once; that it could is the proof.
    const ownerPath = join(labsDir, slot, 'owner.json');
    expect(existsSync(ownerPath) && readFileSync(ownerPath, 'utf8').includes(`"pid":${keeper.pid},`)).toBe(false);
  });
});

describe.runIf(canRun)('a lab', () => {
  let lab: Lab;
  let web1: LabHost;
  let db1: LabHost;

  beforeAll(async () => {
    lab = await startLab({ log: quiet });
    web1 = lab.host('web1');
    db1 = lab.host('db1');
  });
  afterAll(() => lab?.stop());

  const sshTo = (address: string, user: string, command: string) =>
    runCommand(['ssh', '-i', lab.sshKeyPath, ...SSH_OPTIONS, `${user}@${address}`, command], { timeoutMs: 20_000 });

  test('boots every host without a failed unit', async () => {
    const states = lab.hosts.map(async (host) => [host.name, (await host.exec('systemctl is-system-running --wait')).stdout.trim()]);
    expect(await Promise.all(states)).toEqual(lab.hosts.map((host) => [host.name, 'running']));
  });

  test('answers a shop request through all tiers', async () => {
    expect(await lab.shop.request()).toMatchObject({ ok: true, status: 200, db: { ok: true }, cache: { ok: true } });
  });

  test.each([
    ['root', 'root'],
    ['admin', 'root'],
    ['ops', ''],
    ['nosudo', ''],
  ])('lets %s in over SSH, on both families, with its own right to sudo', async (user, sudoSays) => {
    const ipv4 = await sshTo(web1.ipv4, user, 'id -un; sudo -n id -un');
    const ipv6 = await sshTo(web1.ipv6, user, 'id -un; sudo -n id -un');
    expect([ipv4.stdout, ipv6.stdout].map((text) => text.trim().split('\n'))).toEqual(Array(2).fill(sudoSays === '' ? [user] : [user, sudoSays]));
  });

  test('tells a connection that is accepted from one refused and one dropped, for users and units', async () => {
    await db1.run(['nft', '-f', '-'], { stdin: DROP_5999 });
    expect([
      await web1.tryConnect({ to: db1, port: 5432, user: 'shopweb' }),
      await web1.tryConnect({ to: db1, port: 5432, family: 6, unit: 'probe' }),
      await web1.tryConnect({ to: db1, port: 5998 }),
      await web1.tryConnect({ to: db1, port: 5999, timeoutMs: 300 }),
    ]).toEqual(['connected', 'connected', 'refused', 'timeout']);
    const listener = await db1.listen({ port: 7000, protocol: 'udp', user: 'nobody' });
    expect(await web1.tryConnect({ to: db1, port: 7000, protocol: 'udp' })).toBe('connected');
    await listener.close();
    expect(await web1.tryConnect({ to: db1, port: 7000, protocol: 'udp' })).toBe('refused');
    await db1.run('nft delete table inet probe');
  });

  test('matches the cgroup of a unit in nftables as a real host does', async () => {
    await web1.run(['nft', '-f', '-'], { stdin: COUNT_SHOP_WEB });
    await lab.host('lb1').run('curl -s http://web1:8080/');
    const text = await web1.run('nft list table inet probe');
    await web1.run('nft delete table inet probe');
    expect(Number(/counter packets (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
  });

  test('fires a transient timer', async () => {
    await web1.run('systemd-run --quiet --on-active=300ms --timer-property=AccuracySec=50ms touch /run/fired');
    await expect.poll(async () => (await web1.exec('ls /run/fired')).code, { timeout: 5000 }).toBe(0);
  });

  test('reboots like a machine: files stay, rules and the boot id do not', async () => {
    const look = 'cat /root/kept /proc/sys/kernel/random/boot_id; nft list tables';
    await web1.run('echo kept >/root/kept; nft add table inet gone');
    const before = (await web1.run(look)).split('\n');
    await web1.reboot();
    const after = (await web1.run(look)).split('\n');
    expect([before[0], after[0], before[2], after[2]]).toEqual(['kept', 'kept', 'table inet gone', '']);
    expect(after[1]).not.toBe(before[1]);
  });

  test('loses on a power cut only what had not reached the disk', async () => {
    await web1.run('echo safe >/root/synced; sync /root/synced; echo risky >/root/unsynced');
    await web1.powerCut({ loseUnsynced: true });
    expect(web1.isOn).toBe(false);
    await web1.powerOn();
    expect((await web1.exec('cat /root/synced /root/unsynced')).stdout).toBe('safe\n');
  });

  test('cuts a host from one peer only, then from all, and heals', async () => {
    const ask = async () => [
      await web1.tryConnect({ to: db1, port: 5432, timeoutMs: 300 }),
      await lab.host('web2').tryConnect({ to: db1, port: 5432, timeoutMs: 300 }),
    ];
    await db1.cutFrom(web1);
    expect(await ask()).toEqual(['timeout', 'connected']);
    await db1.healFrom(web1);
    await db1.cutNetwork();
    expect(await ask()).toEqual(['timeout', 'timeout']);
    await db1.healNetwork();
    await expect.poll(ask, { timeout: 10_000 }).toEqual(['connected', 'connected']); // ARP asks again after a second
    await db1.cutNetwork({ pullCable: true });
    expect(await db1.run('cat /sys/class/net/eth0/carrier')).toBe('0\n');
    await db1.healNetwork();
    await expect.poll(ask, { timeout: 10_000 }).toEqual(['connected', 'connected']);
  });

  test('cuts a host from the console and heals', async () => {
    await web1.cutFrom('console');
    expect((await sshTo(web1.ipv4, 'root', 'true')).code).toBe(255);
    await web1.healFrom('console');
    await expect.poll(async () => (await sshTo(web1.ipv4, 'root', 'true')).code, { timeout: 15_000 }).toBe(0);
  });

  test('fills a disk to the block and frees it', async () => {
    await web1.fillDisk(4096);
    expect((await web1.exec('head -c 100000 /dev/zero >/root/big')).stderr).toContain('No space left on device');
    await web1.freeDisk();
    expect((await web1.exec('head -c 100000 /dev/zero >/root/big')).code).toBe(0);
  });

  test('shows a changed host key on the wire', async () => {
    const before = await web1.hostKeyFingerprint();
    const after = await web1.changeHostKey();
    const scanned = await mustRun(['sh', '-c', `ssh-keyscan -t ed25519 ${web1.ipv4} 2>/dev/null | ssh-keygen -lf -`]);
    expect(after).not.toBe(before);
    expect(scanned).toContain(after);
  });

  test('ends a command that takes too long, with its children', async () => {
    expect(await web1.exec('sleep 71 & sleep 72', { timeoutMs: 200 })).toMatchObject({ timedOut: true, code: 124 });
    expect((await web1.exec('pgrep -x sleep')).stdout).toBe('');
  });

  // Looks at rights only. Trying them out would, on the day this breaks, set the clock of the machine that runs the tests.
  test('gives neither a host nor a command in it a right over the machine: clock, modules, kernel log, kernel settings', async () => {
    const statuses = [
      await web1.run('cat /proc/1/status'),
      await web1.run('cat /proc/self/status'),
      (await sshTo(web1.ipv4, 'root', 'cat /proc/self/status')).stdout,
    ];
    const held = statuses.map((text) => BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(text)?.[1] ?? 'f'.repeat(16)}`) & MACHINE_CAPABILITIES);
    expect(held).toEqual([0n, 0n, 0n]);
    expect(await web1.run('findmnt -no OPTIONS /proc/sys')).toMatch(/^ro,/);
  });

  test('runs beside another lab, and leaves nothing behind when that stops', async () => {
    const other = await startLab({ hosts: [{ name: 'brief', role: 'plain' }], log: quiet });
    expect(other.names.slot).not.toBe(lab.names.slot);
    await sweep(quiet); // takes labs of dead processes only
    const { initPid, plan, cgroupDir, site } = other.host('brief');
    expect(isAlive(initPid)).toBe(true);
    await other.stop();
    await other.stop();
    const slotTakenAgain = existsSync(join(labsDir, String(other.names.slot)));
    expect({
      process: isAlive(initPid),
      namespace: existsSync(`/run/netns/${plan.netns}`),
      interface: existsSync(`/sys/class/net/${other.names.prefix}`) && !slotTakenAgain,
      cgroup: existsSync(cgroupDir),
      files: existsSync(site.hostDir),
      mounts: readFileSync('/proc/self/mounts', 'utf8').includes(plan.netns),
    }).toEqual({ process: false, namespace: false, interface: false, cgroup: false, files: false, mounts: false });
    expect((await lab.shop.request()).ok).toBe(true);
  });
});

const SSH_OPTIONS = ['BatchMode=yes', 'UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'LogLevel=ERROR', 'ConnectTimeout=2'].flatMap((option) => [
  '-o',
  option,
]);
const DROP_5999 = `table inet probe {
  chain input { type filter hook input priority 0; tcp dport 5999 drop; }
}
`;
const COUNT_SHOP_WEB = `table inet probe {
  chain output { type filter hook output priority 0; socket cgroupv2 level 2 "system.slice/shop-web.service" counter; }
}
`;

/** CAP_SYS_MODULE 16, CAP_SYS_RAWIO 17, CAP_SYS_TIME 25, CAP_SYSLOG 34: capability.h */
const MACHINE_CAPABILITIES = (1n << 16n) | (1n << 17n) | (1n << 25n) | (1n << 34n);

/** A process that was killed may stay for a moment as a zombie, until the machine's own init has reaped it. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/status`;
  return existsSync(path) && !/^State:\s+[ZX]/m.test(readFileSync(path, 'utf8'));
}
