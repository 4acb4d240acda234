import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandResult, runCommand } from '../lab/run-command.ts';
import { type GuestFiles, GUEST_IPV4 } from './build-guest.ts';

const BOOT_TIMEOUT_MS = 15 * 60_000;
const SSH_OPTIONS = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=60'];

/** What a test does with a guest. `sshPort` is on the machine's loopback; the guest sees who comes through it as 10.0.2.2. */
export type RunningGuest = Pick<Guest, 'sshPort' | 'sshKeyPath' | 'exec' | 'run' | 'reboot'>;

/** A machine with a kernel of its own, in software. Its disk is as it was built; what it writes is gone when QEMU ends, not when it reboots. */
export class Guest {
  readonly sshPort: number;
  readonly sshKeyPath: string;
  readonly #qemu: ChildProcess;
  readonly #consolePath: string;

  private constructor(sshPort: number, sshKeyPath: string, qemu: ChildProcess, consolePath: string) {
    this.sshPort = sshPort;
    this.sshKeyPath = sshKeyPath;
    this.#qemu = qemu;
    this.#consolePath = consolePath;
  }

  /** Resolves when systemd in the guest says that it is up. Minutes without hardware virtualization, which crashes on this kind of machine. */
  static async boot(files: GuestFiles, consolePath: string): Promise<Guest> {
    const sshPort = await freePort();
    const output = openSync(consolePath, 'w');
    const qemu = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...qemuWords(files, sshPort)], { stdio: ['ignore', output, output] });
    closeSync(output);
    const guest = new Guest(sshPort, files.sshKeyPath, qemu, consolePath);
    try {
      await guest.#untilUp('');
      return guest;
    } catch (error) {
      await guest.stop();
      throw error;
    }
  }

  /** Runs a shell command as root, over OpenSSH; the exit status is a value. */
  exec(command: string, timeoutMs = 300_000, stdin = ''): Promise<CommandResult> {
    const words = SSH_OPTIONS.flatMap((option) => ['-o', option]);
    return runCommand(['ssh', ...words, '-p', String(this.sshPort), '-i', this.sshKeyPath, 'root@127.0.0.1', command], { timeoutMs, stdin });
  }

  /** As {@link exec}, for commands that have to succeed; returns standard output. */
  async run(command: string, timeoutMs?: number, stdin?: string): Promise<string> {
    const { code, stdout, stderr } = await this.exec(command, timeoutMs, stdin);
    if (code !== 0) throw new Error(`in the guest: ${command} ended with ${code}: ${stderr.trim() || stdout.trim()}`);
    return stdout;
  }

  async reboot(): Promise<void> {
    const before = await this.run('cat /proc/sys/kernel/random/boot_id');
    await this.exec('systemctl reboot');
    await this.#untilUp(before);
  }

  async stop(): Promise<void> {
    if (this.#qemu.exitCode !== null || this.#qemu.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#qemu.once('exit', resolve));
    this.#qemu.kill('SIGKILL');
    await ended;
  }

  /** `before` is the boot id that the guest must no longer have. */
  async #untilUp(before: string): Promise<void> {
    const deadlineMs = Date.now() + BOOT_TIMEOUT_MS;
    while (Date.now() < deadlineMs && this.#qemu.exitCode === null && this.#qemu.signalCode === null) {
      const { code, stdout } = await this.exec('cat /proc/sys/kernel/random/boot_id; systemctl is-system-running --wait >/dev/null', 120_000);
      if (code !== 255 && code !== 124 && stdout !== '' && stdout !== before) return;
      await delay(2000);
    }
    throw new Error(`the guest did not come up; the end of its console:\n${readFileSync(this.#consolePath, 'utf8').slice(-3000)}`);
  }
}

function qemuWords(files: GuestFiles, sshPort: number): string[] {
  const netdev = `user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:${sshPort}-${GUEST_IPV4}:22`;
  return [
    ...['-accel', 'tcg', '-cpu', 'max', '-smp', '1', '-m', '1024', '-nodefaults', '-display', 'none', '-serial', 'stdio'],
    ...['-kernel', files.kernelPath, '-initrd', files.initramfsPath],
    ...['-append', 'console=ttyS0 net.ifnames=0 loglevel=4 systemd.show_status=0'],
    ...['-drive', `file=${files.diskPath},format=raw,if=virtio,snapshot=on`],
    ...['-netdev', netdev, '-device', 'virtio-net-pci,netdev=net0', '-device', 'virtio-rng-pci'],
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
