import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freezeCgroup, hasProcesses, hostCgroupDir, removeCgroup, sendKill } from './cgroup.ts';
import { copyOfOneMoment, fillHostDisk, freeHostDisk } from './host-disk.ts';
import { execInHost } from './host-exec.ts';
import type { Command, ExecOptions } from './host-exec.ts';
import { readHostKeyFingerprint, replaceHostKey } from './host-key.ts';
import { startHostProcess } from './host-process.ts';
import type { HostProcess } from './host-process.ts';
import { hasAddresses, isListening } from './host-sockets.ts';
import { plugHost, setCut, setHostLink, unplugHost } from './network.ts';
import type { Link } from './network.ts';
import type { HostPlan, LabNames } from './plan.ts';
import { listenOnHost, tryConnectFromHost } from './probe.ts';
import type { Listener, ListenOptions, ConnectOptions, ConnectOutcome } from './probe.ts';
import type { CommandResult } from './run-command.ts';
import { isDiskHeld } from './tear-down.ts';

export type HostSite = {
  readonly names: LabNames;
  readonly treePath: string;
  /** What the host's packages add to the tree; absent when it has none of its own. */
  readonly layerPath?: string;
  /** Folder of this host on the machine: disk.img, seed/, console.log. */
  readonly hostDir: string;
  readonly sshKeyPath: string;
};

const BOOT_TIMEOUT_MS = 60_000;

/** One Debian host. What is done here is done from outside, as at its power button, its cable and its own console: never over SSH. */
export class LabHost {
  readonly plan: HostPlan;
  readonly site: HostSite;
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly cgroupDir: string;
  /** Times that this host has been started, the first included. */
  bootCount = 0;
  #process: HostProcess | undefined;
  #powerWanted = false;
  #link: Link = 'up';
  #ready: Promise<void> = Promise.resolve();

  constructor(plan: HostPlan, site: HostSite) {
    this.plan = plan;
    this.site = site;
    this.name = plan.name;
    this.ipv4 = plan.ipv4;
    this.ipv6 = plan.ipv6;
    this.cgroupDir = hostCgroupDir(site.names, plan);
  }

  get isOn(): boolean {
    return this.#process !== undefined;
  }

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
      await copyOfOneMoment(diskPath, `${diskPath}.cut`);
    }
    await this.#kill();
    await lostProcess?.exited;
    await this.#ready.catch(() => undefined); // a boot that was under way fails at once, and has then let go of the disk
    await this.#clearAway();
    if (options.loseUnsynced === true && lostProcess) renameSync(`${diskPath}.cut`, diskPath);
  }

  /** Asks systemd to reboot and waits until the host is up again. */
  async reboot(): Promise<void> {
    const before = this.bootCount;
    await this.exec(['systemctl', 'reboot', '--no-block']);
    await this.#until('going down', () => this.bootCount > before || this.#process === undefined);
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

  /** Nothing enters or leaves any more. The host cannot tell, unless its cable is pulled: then its link has no carrier. */
  cutNetwork(options: { readonly pullCable?: boolean } = {}): Promise<void> {
    return this.#setLink(options.pullCable === true ? 'unplugged' : 'silent');
  }

  healNetwork(): Promise<void> {
    return this.#setLink('up');
  }

  /** Drops silently, on the bridge, all between this host and the console or one other host; the carrier stays. */
  cutFrom(peer: 'console' | LabHost): Promise<void> {
    return setCut(this.site.names, this.#pairWith(peer), true);
  }

  healFrom(peer: 'console' | LabHost): Promise<void> {
    return setCut(this.site.names, this.#pairWith(peer), false);
  }

  /** Fills the host's own disk (everything it writes is on it) until this many bytes are free. */
  fillDisk(bytesLeft: number): Promise<void> {
    return fillHostDisk(this, bytesLeft);
  }

  freeDisk(): Promise<void> {
    return freeHostDisk(this);
  }

  /** `SHA256:…` as ssh-keygen prints it, read from the host's disk. */
  hostKeyFingerprint(): Promise<string> {
    return readHostKeyFingerprint(this);
  }

  /** A new host key, as after a reinstall; resolves with its fingerprint when sshd listens again. */
  async changeHostKey(): Promise<string> {
    await replaceHostKey(this);
    await this.#until('listening on 22', () => isListening(this.initPid, 'tcp', 22));
    return this.hostKeyFingerprint();
  }

  async #boot(): Promise<void> {
    const { names, treePath, layerPath, hostDir } = this.site;
    const layer = layerPath === undefined ? {} : { layerPath };
    await plugHost(names, this.plan, this.#link);
    if (!this.#powerWanted) throw new Error(`${this.name}: the power was cut before it started`);
    const started = await startHostProcess({ name: this.name, netns: this.plan.netns, treePath, ...layer, hostDir, cgroupDir: this.cgroupDir });
    if (!this.#powerWanted) {
      await this.#kill();
      throw new Error(`${this.name}: the power was cut while it started`);
    }
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
    await this.#kill();
    removeCgroup(this.cgroupDir);
    await unplugHost(this.site.names, this.plan);
    await this.#until('rid of its disk', () => !isDiskHeld(this.site.hostDir));
  }

  /** Without blocking this thread: a slow machine needs seconds for it, in which the other hosts of the lab go on. */
  async #kill(): Promise<void> {
    sendKill(this.cgroupDir);
    await this.#until('dead', () => !hasProcesses(this.cgroupDir));
  }

  #isUp({ initPid: pid }: HostProcess): boolean {
    if (this.#process?.initPid !== pid) throw new Error(`${this.name} went down while it booted`);
    return isListening(pid, 'tcp', 22) && (this.#link === 'unplugged' || hasAddresses(pid, this.ipv4, this.ipv6));
  }

  async #setLink(link: Link): Promise<void> {
    this.#link = link;
    if (this.isOn) await setHostLink(this.site.names, this.plan, link);
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
