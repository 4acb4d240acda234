import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planHosts, planNames } from '../lab/plan.ts';
import { mustRun, mustRunNow, runCommand } from '../lab/run-command.ts';
import { writeSeed } from '../lab/seed.ts';
import { ensureTree } from '../lab/tree.ts';

/** Where guests are built, outside the repository; a few hundred MB. */
const qemuDir = process.env['FIREBREAK_QEMU_DIR'] ?? '/var/lib/firebreak-qemu';

export type GuestFiles = {
  readonly diskPath: string;
  readonly kernelPath: string;
  readonly initramfsPath: string;
  readonly sshKeyPath: string;
  readonly kernelVersion: string;
};

/** As QEMU's user network gives it: the guest, and the machine as the guest sees it (QEMU's manual, “Using the user mode network stack”). */
export const GUEST_IPV4 = '10.0.2.15';
export const CONSOLE_IPV4 = '10.0.2.2';

const NETWORK = `[Match]
Name=eth0

[Network]
Address=${GUEST_IPV4}/24
Gateway=${CONSOLE_IPV4}
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
`;

/**
 * Builds, once for each kernel package and tree, what QEMU needs to boot Debian 12 with its own kernel. Downloads linux-image, udev and nothing
 * else; installs neither on this machine. Throws when there is no way to download.
 */
export async function ensureGuest(log: (line: string) => void): Promise<GuestFiles> {
  const treePath = await ensureTree(log);
  const packagesDir = join(qemuDir, 'packages');
  mkdirSync(packagesDir, { recursive: true });
  const kernelDeb = await download(newestKernel(), packagesDir);
  const udevDeb = await download('udev', packagesDir);
  const recipe = [treePath, kernelDeb, udevDeb, ...['build-guest.sh', 'build-guest.ts'].map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))];
  const outDir = join(qemuDir, `guest-${createHash('sha256').update(recipe.join('\0')).digest('hex').slice(0, 12)}`);
  if (!existsSync(outDir)) await build(outDir, [treePath, kernelDeb, udevDeb], log);
  return {
    diskPath: join(outDir, 'disk.img'),
    kernelPath: join(outDir, 'vmlinuz'),
    initramfsPath: join(outDir, 'initramfs.gz'),
    sshKeyPath: join(outDir, 'id_ed25519'),
    kernelVersion: readFileSync(join(outDir, 'version'), 'utf8').trim(),
  };
}

/** The package that Debian's own `linux-image-amd64` stands for now. */
function newestKernel(): string {
  const depends = mustRunNow(['apt-cache', 'depends', '--important', 'linux-image-amd64']);
  const name = /Depends: (linux-image-6\.1\.\S+)/.exec(depends)?.[1];
  if (name === undefined) throw new Error(`apt knows no kernel 6.1 of Debian 12 here: ${depends.trim() || 'no linux-image-amd64'}`);
  return name;
}

async function download(packageName: string, intoDir: string): Promise<string> {
  const find = () => readdirSync(intoDir).find((name) => name.startsWith(`${packageName}_`) && name.endsWith('.deb'));
  if (find() === undefined) await mustRun(['sh', '-c', 'cd "$1" && apt-get -qq download "$2"', 'sh', intoDir, packageName], { timeoutMs: 600_000 });
  const found = find();
  if (found === undefined) throw new Error(`apt-get download ${packageName} left nothing in ${intoDir}`);
  return join(intoDir, found);
}

async function build(outDir: string, [treePath, kernelDeb, udevDeb]: readonly [string, string, string], log: (line: string) => void): Promise<void> {
  // An initramfs has no libraries yet: the kernel would say only that there is no init.
  if ((await runCommand(['ldd', '/bin/busybox'])).code === 0) throw new Error('busybox on this machine needs libraries, and a guest begins without any: apt-get install busybox-static, and run the command again');
  log(`building a guest in ${outDir}; this is done once for each kernel`);
  const buildingDir = `${outDir}.building`;
  rmSync(buildingDir, { recursive: true, force: true });
  mkdirSync(buildingDir, { recursive: true, mode: 0o700 });
  const sshKeyPath = join(buildingDir, 'id_ed25519');
  mustRunNow(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'firebreak-qemu', '-f', sshKeyPath]);
  const seedDir = join(buildingDir, 'seed');
  const names = planNames(0);
  const [host] = planHosts(names, [{ name: 'guest', role: 'plain' }]);
  if (!host) throw new Error('no host was planned');
  writeSeed({ seedDir, treePath, names, host, allHosts: [], publicKey: readFileSync(`${sshKeyPath}.pub`, 'utf8') });
  writeFileSync(join(seedDir, 'etc/systemd/network/10-eth0.network'), NETWORK);
  const script = join(import.meta.dirname, 'build-guest.sh');
  const argv = ['unshare', '--mount', 'sh', script, buildingDir, treePath, seedDir, kernelDeb, udevDeb, '/bin/busybox'];
  await mustRun(argv, { timeoutMs: 600_000 });
  rmSync(seedDir, { recursive: true });
  renameSync(buildingDir, outDir);
}
