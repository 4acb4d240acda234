import { createHash } from 'node:crypto';
import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freezeCgroup, hostCgroupDir, killCgroup, removeCgroup } from './cgroup.ts';
import { execInHost } from './host-exec.ts';
import type { Command, ExecOptions } from './host-exec.ts';
import { startHostProcess } from './host-process.ts';
import type { HostProcess } from './host-process.ts';
import { hasAddresses, isListening } from './host-sockets.ts';
import { plugHost, setCut, setHostLink, unplugHost } from './network.ts';
import type { HostPlan, LabNames } from './plan.ts';
import { listenOnHost, tryConnectFromHost } from './probe.ts';
import type { Listener, ListenOptions, ConnectOptions, ConnectOutcome } from './probe.ts';
import type { CommandResult } from './run-command.ts';
import { mustRun } from './run-command.ts';
import { waitForDisksReleased } from './tear-down.ts';

export type HostSite = {
  readonly names: LabNames;
  readonly treePath: string;
  /** Folder of this host on the machine: disk.img, seed/, console.log. */
  readonly hostDir: string;
  readonly sshKeyPath: string;
};

const BOOT_TIMEOUT_MS = 60_000;
const FILLER_PATH = '/var/tmp/.lab-filler';

/** One Debian host. What is done here is done from outside, as at its power button, its cable and its own console: never over SSH. */
export class LabHost {
  readonly plan: HostPlan;
  readonly site: HostSite;
  /** Times that this host has been started, the first included. */
  bootCount = 0;
  #process: HostProcess | undefined;
  #powerWanted = false;
  #linkUp = true;
  #ready: Promise<void> = Promise.resolve();

  constructor(plan: HostPlan, site: HostSite) {
    this.plan = plan;
    this.site = site;
  }

  get name(): string { return this.plan.name; }
  get ipv4(): string { return this.plan.ipv4; }
  get ipv6(): string { return this.plan.ipv6; }
  get labels(): HostPlan['labels'] { return this.plan.labels; }
  get isOn(): boolean { return this.#process !== undefined; }
  get cgroupDir(): string { return hostCgroupDir(this.site.names, this.plan); }

  /** PID 1 of the host, as this machine numbers it. Throws when the host is off. */
  get initPid(): number {
    if (this.#process === undefined) throw new Error(`${this.name} is off`);
    return this.#process.initPid;
  }

  /** Boots; resolves when sshd listens and the addresses are there. Does nothing to a host that is on. */
  async powerOn(): Promise<void> {
    if (!this.#powerWanted) {
      this.#powerWanted = true;
      this.#ready = this.#boot();
    }
    await this.#ready;
  }

  /** Takes the power away: SIGKILL to everything at once. What was written stays; with `loseUnsynced`, only what had reached the disk. */
  async powerCut(options: { readonly loseUnsynced?: boolean } = {}): Promise<void> {
    const diskPath = join(this.site.hostDir, 'disk.img');
    const lostProcess = this.#process;
    this.#process = undefined;
    this.#powerWanted = false;
    if (options.loseUnsynced === true && lostProcess) {
      freezeCgroup(join(this.cgroupDir, 'host'));
      await mustRun(['cp', '--sparse=always', diskPath, `${diskPath}.cut`]);
    }
    killCgroup(this.cgroupDir);
    await lostProcess?.exited;
    await this.#ready.catch(() => undefined); // a boot that was under way fails at once, and has then let go of the disk
    await this.#clearAway();
    if (options.loseUnsynced === true && lostProcess) renameSync(`${diskPath}.cut`, diskPath);
  }

  /** Asks systemd to reboot and waits until the host is up again. */
  async reboot(): Promise<void> {
    const before = this.bootCount;
    await this.exec(['systemctl', 'reboot', '--no-block']);
    await this.#until(`rebooted`, () => this.bootCount > before);
    await this.#ready;
  }

  /** As the Ctrl-Alt-Del way down: systemd stops everything; resolves when the host is off. */
  async powerOff(): Promise<void> {
    await this.exec(['systemctl', 'poweroff', '--no-block']);
    await this.#until('off', () => !this.#powerWanted);
    await this.#ready;
  }

  /** Runs a command inside as at the machine's own console. A string goes to `sh -c`. The exit status is a value. */
  exec(command: Command, options: ExecOptions = {}): Promise<CommandResult> {
    return execInHost({ initPid: this.initPid, cgroupDir: join(this.cgroupDir, 'host') }, command, options);
  }

  /** As {@link exec}, for commands that have to succeed; returns standard output. */
  async run(command: Command, options: ExecOptions = {}): Promise<string> {
    const result = await this.exec(command, options);
    if (result.code === 0) return result.stdout;
    throw new Error(`on ${this.name}: ${JSON.stringify(command)} ended with ${result.code}: ${result.stderr.trim() || result.stdout.trim()}`);
  }

  nftListRuleset(): Promise<string> {
    return this.run(['nft', '--stateless', 'list', 'ruleset']);
  }

  tryConnect(options: ConnectOptions): Promise<ConnectOutcome> {
    return tryConnectFromHost(this, options);
  }

  listen(options: ListenOptions): Promise<Listener> {
    return listenOnHost(this, options);
  }

  /** Pulls the host's cable: nothing enters or leaves, and the host notices only that its link has no carrier. */
  async cutNetwork(): Promise<void> {
    this.#linkUp = false;
    await setHostLink(this.site.names, this.plan, 'down');
  }

  async healNetwork(): Promise<void> {
    this.#linkUp = true;
    await setHostLink(this.site.names, this.plan, 'up');
  }

  /** Drops silently, on the bridge, all between this host and the console or one other host; the carrier stays. */
  cutFrom(peer: 'console' | LabHost): Promise<void> {
    return setCut(this.site.names, this.#pairWith(peer), true);
  }

  healFrom(peer: 'console' | LabHost): Promise<void> {
    return setCut(this.site.names, this.#pairWith(peer), false);
  }

  /** Fills the host's own disk (everything it writes is on it) until this many bytes are free. */
  async fillDisk(bytesLeft: number): Promise<void> {
    await this.run(['sh', '-c', FILL_SCRIPT, 'sh', String(bytesLeft), FILLER_PATH]);
  }

  async freeDisk(): Promise<void> {
    await this.run(['rm', '-f', FILLER_PATH]);
  }

  /** Fingerprint of the host's key, read from its disk: `SHA256:…` as ssh-keygen prints it. */
  async hostKeyFingerprint(): Promise<string> {
    const [, blob = ''] = (await this.run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub'])).split(' ');
    return `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`;
  }

  /** Gives the host a new key, as a reinstall would; returns the new fingerprint. */
  async changeHostKey(): Promise<string> {
    const path = '/etc/ssh/ssh_host_ed25519_key';
    await this.run(`rm -f ${path} ${path}.pub && ssh-keygen -q -t ed25519 -N '' -f ${path} && systemctl restart ssh.service`);
    await this.#until('listening on 22', () => isListening(this.initPid, 'tcp', 22));
    return this.hostKeyFingerprint();
  }

  /** Keeps a copy of the disk as it is now, for tests that look into it or boot it elsewhere. */
  copyDisk(targetPath: string): void {
    copyFileSync(join(this.site.hostDir, 'disk.img'), targetPath);
  }

  async #boot(): Promise<void> {
    const { names, treePath, hostDir } = this.site;
    await plugHost(names, this.plan, this.#linkUp);
    if (!this.#powerWanted) throw new Error(`${this.name}: the power was cut before it started`);
    const started = await startHostProcess({ name: this.name, netns: this.plan.netns, treePath, hostDir, cgroupDir: this.cgroupDir });
    this.#process = started;
    this.bootCount += 1;
    void started.exited.then((why) => this.#onExit(started, why));
    await this.#until('up', () => this.#isUp(started));
  }

  /** A host that reboots by itself, or is told to over SSH, comes back as hardware would. */
  #onExit(ended: HostProcess, why: Awaited<HostProcess['exited']>): void {
    if (this.#process !== ended) return; // the power was cut from here
    this.#process = undefined;
    this.#powerWanted = why === 'reboot';
    this.#ready = this.#clearAway().then(() => (this.#powerWanted ? this.#boot() : undefined));
    this.#ready.catch(() => undefined); // whoever waits for the host gets the error from #ready itself
  }

  async #clearAway(): Promise<void> {
    killCgroup(this.cgroupDir);
    removeCgroup(this.cgroupDir);
    await unplugHost(this.plan);
    waitForDisksReleased(this.site.hostDir);
  }

  #isUp({ initPid: pid }: HostProcess): boolean {
    if (this.#process?.initPid !== pid) throw new Error(`${this.name} went down while it booted`);
    return isListening(pid, 'tcp', 22) && (!this.#linkUp || hasAddresses(pid, this.ipv4, this.ipv6));
  }

  #pairWith(peer: 'console' | LabHost): { portA: string; portB: string } {
    return { portA: this.plan.bridgePort, portB: peer === 'console' ? 'console' : peer.plan.bridgePort };
  }

  async #until(state: string, isSo: () => boolean): Promise<void> {
    const deadlineMs = Date.now() + BOOT_TIMEOUT_MS;
    while (!isSo()) {
      if (Date.now() > deadlineMs) throw new Error(`${this.name} is not ${state} after ${BOOT_TIMEOUT_MS / 1000} s`);
      await delay(20);
    }
  }
}

/** `$1` bytes left, `$2` the filler: allocated in one go, then in what small steps the file system still grants. */
const FILL_SCRIPT = `
for attempt in 1 2 3 4 5 6 7 8; do
  sync -f /
  excess=$(( $(stat -f -c '%a * %S' /) - $1 ))
  [ "$excess" -gt 0 ] || exit 0
  size=$(stat -c %s "$2" 2>/dev/null || echo 0)
  fallocate -o "$size" -l "$excess" "$2" 2>/dev/null || head -c "$excess" /dev/zero >>"$2" 2>/dev/null || :
done
`;
