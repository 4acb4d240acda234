import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { labSourceDir } from './paths.ts';
import type { HostPlan, HostRole, LabNames } from './plan.ts';
import { mustRunNow } from './run-command.ts';

type Account = { readonly uid: number; readonly gid: number };
type SeedFile = { readonly text: string; readonly mode?: number; readonly owner?: string };

export type SeedInput = {
  readonly seedDir: string;
  readonly treePath: string;
  /** Lies over the tree, if it is there. */
  readonly layerPath?: string;
  readonly names: LabNames;
  readonly host: HostPlan;
  readonly allHosts: readonly HostPlan[];
  readonly publicKey: string;
};

/** Units that a role starts; all others stay as the tree has them: installed and off. */
const ROLE_UNITS: Readonly<Record<HostRole, readonly string[]>> = {
  lb: ['nginx.service'],
  web: ['shop-web.service'],
  db: ['postgresql.service', 'shop-db.service'],
  cache: ['redis-server.service'],
  ops: ['shop-monitor.service', 'shop-backup.timer'],
  customer: ['shop-customer.service'],
  plain: [],
};

const KEY_USERS = ['root', 'admin', 'ops', 'nosudo'];
/** Files that their servers insist on owning. */
const OWNERS: Readonly<Record<string, string>> = { '/etc/redis/redis.conf': 'redis', '/etc/postgresql/15/main/pg_hba.conf': 'postgres' };

/**
 * Writes what makes a host itself (name, keys, addresses, role) into a layer between the shared tree and the host's own disk.
 * All of it is there before the host boots; nothing is configured over SSH.
 */
export function writeSeed(input: SeedInput): void {
  const { seedDir, host } = input;
  mkdirSync(seedDir, { recursive: true });
  for (const role of ['base', host.role]) copyRole(input, join(labSourceDir, 'roles', role));
  for (const [path, file] of Object.entries(identityFiles(input))) writeSeedFile(input, path, file);
  writeHostKey(input);
  for (const unit of ROLE_UNITS[host.role]) enableUnit(input, unit);
}

function identityFiles({ host, allHosts, names, publicKey }: SeedInput): Record<string, SeedFile> {
  const addressLines = allHosts.flatMap((peer) => [`${peer.ipv4} ${peer.name}`, `${peer.ipv6} ${peer.name}`]);
  const files: Record<string, SeedFile> = {
    '/etc/hostname': { text: `${host.name}\n` },
    '/etc/machine-id': { text: `${createHash('md5').update(randomBytes(16)).digest('hex')}\n`, mode: 0o444 },
    '/etc/hosts': { text: `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${addressLines.join('\n')}\n` },
    '/etc/resolv.conf': { text: '# No resolver in the lab: names are in /etc/hosts.\n' },
    '/etc/systemd/network/10-eth0.network': { text: networkFile(host, names) },
  };
  for (const user of KEY_USERS) {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    files[`${home}/.ssh/authorized_keys`] = { text: publicKey, mode: 0o600, owner: user };
  }
  return files;
}

/** The host brings its network up itself, in its boot order, so that rules loaded "before the network" really are. */
function networkFile(host: HostPlan, names: LabNames): string {
  return `[Match]
Name=eth0

[Network]
Address=${host.ipv4}/24
Address=${host.ipv6}/64
Gateway=${names.routerIpv4}
Gateway=${names.routerIpv6}
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
IPv6DuplicateAddressDetection=0
`;
}

function writeHostKey(input: SeedInput): void {
  const keyPath = '/etc/ssh/ssh_host_ed25519_key';
  ensureFolder(input, dirname(keyPath));
  const comment = `root@${input.host.name}`;
  mustRunNow(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', join(input.seedDir, keyPath)]);
}

function copyRole(input: SeedInput, roleDir: string): void {
  if (!existsSync(roleDir)) return;
  const files = readdirSync(roleDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const entry of files) {
    const source = join(entry.parentPath, entry.name);
    const path = source.slice(roleDir.length);
    ensureFolder(input, dirname(path));
    cpSync(source, join(input.seedDir, path));
    chmodSync(join(input.seedDir, path), 0o644);
    setOwner(input, path, OWNERS[path] ?? 'root');
  }
}

function writeSeedFile(input: SeedInput, path: string, file: SeedFile): void {
  ensureFolder(input, dirname(path), file.owner);
  writeFileSync(join(input.seedDir, path), file.text);
  chmodSync(join(input.seedDir, path), file.mode ?? 0o644);
  setOwner(input, path, file.owner ?? 'root');
}

/** A folder of the upper layer hides the lower one's owner and mode: take them over where the tree has the folder already. */
function ensureFolder(input: SeedInput, path: string, owner = 'root'): void {
  const folder = join(input.seedDir, path);
  if (path === '/' || existsSync(folder)) return;
  ensureFolder(input, dirname(path), owner);
  mkdirSync(folder);
  const below = lstatSync(findBelow(input, path), { throwIfNoEntry: false });
  if (below?.isDirectory() === true) {
    chmodSync(folder, below.mode & 0o7777);
    chownSync(folder, below.uid, below.gid);
  } else {
    chmodSync(folder, owner === 'root' ? 0o755 : 0o700);
    setOwner(input, path, owner);
  }
}

function setOwner(input: SeedInput, path: string, user: string): void {
  const { uid, gid } = getAccount(input, user);
  chownSync(join(input.seedDir, path), uid, gid);
}

/** Where a file of the host lies on the machine: in its packages' layer, else in the tree, be it there or not. */
function findBelow({ treePath, layerPath }: SeedInput, path: string): string {
  const inLayer = layerPath === undefined ? undefined : join(layerPath, path);
  return inLayer !== undefined && existsSync(inLayer) ? inLayer : join(treePath, path);
}

function getAccount(input: SeedInput, user: string): Account {
  const line = readFileSync(findBelow(input, 'etc/passwd'), 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`));
  if (line === undefined) throw new Error(`the lab's tree has no user ${user}`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Does what `systemctl enable` would: a link from the target that wants the unit. */
function enableUnit(input: SeedInput, unit: string): void {
  const target = unit.endsWith('.timer') ? 'timers.target' : 'multi-user.target';
  const wants = `/etc/systemd/system/${target}.wants`;
  ensureFolder(input, wants);
  const own = existsSync(join(input.seedDir, 'etc/systemd/system', unit));
  symlinkSync(own ? `/etc/systemd/system/${unit}` : `/lib/systemd/system/${unit}`, join(input.seedDir, wants, unit));
}
