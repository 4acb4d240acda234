import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimSlot } from './claim.ts';
import { LabHost } from './host.ts';
import { makeLabNetwork } from './network.ts';
import { forgetLab, rememberLab } from './on-exit.ts';
import { labsDir } from './paths.ts';
import { planHosts, SHOP_HOSTS } from './plan.ts';
import type { HostPlan, HostSpec, LabNames } from './plan.ts';
import { mustRunNow } from './run-command.ts';
import { writeSeed } from './seed.ts';
import { Shop } from './shop.ts';
import { tearDown } from './tear-down.ts';
import { ensureLayer, ensureTree } from './tree.ts';

export type LabOptions = {
  /** Default: the shop's six. */
  readonly hosts?: readonly HostSpec[];
  /** Progress, in plain lines; default: standard error. */
  readonly log?: (line: string) => void;
};

export type Lab = {
  readonly names: LabNames;
  readonly hosts: readonly LabHost[];
  /** The host of that name; throws if there is none. */
  host(name: string): LabHost;
  /** Path of the private key that opens root, admin, ops and nosudo on every host. */
  readonly sshKeyPath: string;
  /** Throws when this lab has no lb1. */
  readonly shop: Shop;
  /** Ends all and removes all. Safe to call twice. */
  stop(): Promise<void>;
};

/** Boots a lab; resolves when sshd listens on every host and the shop, if it is part of it, has answered. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`lab: ${line}\n`));
  const specs = options.hosts ?? SHOP_HOSTS;
  const trees = await ensureTrees(specs, log);
  raiseInotifyLimit();
  const names = await claimSlot(log);
  rememberLab(names);
  try {
    return await bootLab(names, trees, specs);
  } catch (error) {
    tearDown(names);
    forgetLab(names);
    throw error;
  }
}

type HostTree = { readonly treePath: string; readonly layerPath?: string };
/** By host name. */
type Trees = ReadonlyMap<string, HostTree>;

/** One after the other: they share the cache of packages. */
async function ensureTrees(specs: readonly HostSpec[], log: (line: string) => void): Promise<Trees> {
  const trees = new Map<string, HostTree>();
  for (const { name, release, packages = [] } of specs) {
    const treePath = await ensureTree(log, release);
    trees.set(name, packages.length === 0 ? { treePath } : { treePath, layerPath: await ensureLayer(log, treePath, packages) });
  }
  return trees;
}

function treeOf(trees: Trees, hostName: string): HostTree {
  const tree = trees.get(hostName);
  if (tree === undefined) throw new Error(`no tree was made for ${hostName}`);
  return tree;
}

async function bootLab(names: LabNames, trees: Trees, specs: readonly HostSpec[]): Promise<Lab> {
  const labDir = join(labsDir, String(names.slot));
  const sshKeyPath = join(labDir, 'id_ed25519');
  mustRunNow(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'firebreak-lab', '-f', sshKeyPath]);
  const plans = planHosts(names, specs);
  makeLabNetwork(names);
  const hosts = plans.map((plan) => makeHost(plan, plans, { names, tree: treeOf(trees, plan.name), labDir, sshKeyPath }));
  await Promise.all(hosts.map((host) => host.powerOn()));
  const lab = new RunningLab(names, hosts, sshKeyPath);
  if (specs.some((spec) => spec.role === 'lb')) await lab.shop.waitUntilOpen();
  return lab;
}

class RunningLab implements Lab {
  readonly names: LabNames;
  readonly hosts: readonly LabHost[];
  readonly sshKeyPath: string;
  #stopped: Promise<void> | undefined;

  constructor(names: LabNames, hosts: readonly LabHost[], sshKeyPath: string) {
    this.names = names;
    this.hosts = hosts;
    this.sshKeyPath = sshKeyPath;
  }

  get shop(): Shop {
    return new Shop(this.host('lb1'));
  }

  host(name: string): LabHost {
    const found = this.hosts.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no host ${name} in this lab`);
    return found;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Once only: after it the slot may already belong to another lab. */
  async #stop(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.powerCut()));
    tearDown(this.names);
    forgetLab(this.names);
  }
}

type HostSurroundings = { readonly names: LabNames; readonly tree: HostTree; readonly labDir: string; readonly sshKeyPath: string };

/** Makes a host's files: the seed over the tree, and a disk of its own, sparse, that keeps what the host writes. */
function makeHost(plan: HostPlan, allHosts: readonly HostPlan[], around: HostSurroundings): LabHost {
  const hostDir = join(around.labDir, plan.name);
  mkdirSync(hostDir, { recursive: true });
  const publicKey = readFileSync(`${around.sshKeyPath}.pub`, 'utf8');
  writeSeed({ seedDir: join(hostDir, 'seed'), ...around.tree, names: around.names, host: plan, allHosts, publicKey });
  const diskPath = join(hostDir, 'disk.img');
  mustRunNow(['truncate', '-s', `${plan.diskMegabytes}M`, diskPath]);
  mustRunNow(['mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'nodiscard,lazy_itable_init=1,lazy_journal_init=1', diskPath]);
  return new LabHost(plan, { names: around.names, ...around.tree, hostDir, sshKeyPath: around.sshKeyPath });
}

const INOTIFY_LIMIT_PATH = '/proc/sys/fs/inotify/max_user_instances';
const INOTIFY_INSTANCES = 8192;

/** Each systemd takes a handful of inotify instances, and the kernel's default of 128 is enough for about ten hosts. */
function raiseInotifyLimit(): void {
  if (Number(readFileSync(INOTIFY_LIMIT_PATH, 'utf8')) < INOTIFY_INSTANCES) {
    writeFileSync(INOTIFY_LIMIT_PATH, String(INOTIFY_INSTANCES));
  }
}
