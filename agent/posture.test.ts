import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentPosture } from '../shared/contract/agent-replies.ts';
import { runFunctions, SHELLS } from './testing/run-functions.ts';

let dir: string;
const at = (path: string): string => join(dir, path);
function put(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
  chmodSync(at(path), mode);
}
const link = (path: string, target: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  symlinkSync(target, at(path));
};
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-posture-'));
  mkdirSync(at('run/firebreak'), { recursive: true });
  put('proc/1/comm', 'systemd\n');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const EFI = 'sys/firmware/efi/efivars/';
const efi = (name: string, ...bytes: number[]): void => put(`${EFI}${name}`, Buffer.from([6, 0, 0, 0, ...bytes]));
const SECURE_BOOT = 'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
const SETUP_MODE = 'SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c';
const SHIM = 'MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23';

/** A block device `name` with number `number`, on `slaves`. */
function device(number: string, name: string, { uuid, slaves = [] }: { uuid?: string; slaves?: readonly string[] } = {}): void {
  mkdirSync(at(`sys/devices/${name}/slaves`), { recursive: true });
  if (uuid !== undefined) put(`sys/devices/${name}/dm/uuid`, `${uuid}\n`);
  for (const slave of slaves) link(`sys/devices/${name}/slaves/${slave}`, at(`sys/devices/${slave}`));
  link(`sys/dev/block/${number}`, at(`sys/devices/${name}`));
  link(`sys/class/block/${name}`, at(`sys/devices/${name}`));
}
const mounts = (...lines: string[]): void => put('proc/self/mountinfo', lines.map((line, i) => `${30 + i} 1 ${line}\n`).join(''));
const ROOT = '/ / rw,relatime shared:1 - ext4 /dev/mapper/root rw';

/** A process as the kernel shows it. `exe`: mode of its program; null: no link. */
function process(pid: number, comm: string, { uid = '0\t0\t0\t0', ids = String(pid), exe = 0o755 as number | null, owner = 0 } = {}): void {
  put(`proc/${pid}/comm`, `${comm}\n`);
  put(`proc/${pid}/status`, `Name:\t${comm}\nUid:\t${uid}\nNSpid:\t${ids}\n`);
  if (exe === null) return;
  put(`opt/${pid}`, '', exe);
  chownSync(at(`opt/${pid}`), owner, 0);
  symlinkSync(at(`opt/${pid}`), at(`proc/${pid}/exe`));
}

const STATUS = (packages: readonly (readonly [string, string, string?])[]): string => packages.map(([name, version, state = 'install ok installed']) => `Package: ${name}\nStatus: ${state}\nArchitecture: amd64\nVersion: ${version}\n`).join('\n');
const LIST = (packages: readonly (readonly [string, string])[]): string => packages.map(([name, version]) => `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n`).join('\n');
const LISTS = 'var/lib/apt/lists/deb.example.org_dists_stable-security_';
/** Compares as dpkg does as far as these versions need it. */
const DPKG = '#!/bin/sh\n[ "$2" != "$4" ] && [ "$(printf "%s\\n" "$2" "$4" | sort -V | tail -n 1)" = "$2" ]\n';
const LISTED_AT_S = 1_760_000_000;
function apt(installed: Parameters<typeof STATUS>[0], offered: Parameters<typeof LIST>[0]): void {
  put('var/lib/dpkg/status', STATUS(installed));
  put(`${LISTS}main_binary-amd64_Packages`, LIST(offered));
  put(`${LISTS}InRelease`, 'Suite: stable-security\n');
  utimesSync(at(`${LISTS}InRelease`), LISTED_AT_S, LISTED_AT_S);
  put('usr/bin/dpkg', DPKG, 0o755);
}

describe.each(SHELLS)('under %s %s', (...words) => {
  const shell = words.filter((word) => word !== undefined);
  const run = (script: string): string => runFunctions(shell, dir, ['json', 'facts-posture', 'facts-updates', 'facts-disks'], `posture_root=${dir}; need() { :; }; PATH=${dir}/bin:$PATH; ${script}`);
  const read = (): AgentPosture => AgentPosture.strict().parse(JSON.parse(run('facts_posture')));
  const edr = (): unknown => read().edr;
  const disks = (): unknown => JSON.parse(run('posture_disks'));

  test('a host that shows nothing gives the same answer in every shell: not known, and no process', () => {
    expect(read()).toEqual({ secureBoot: null, securityUpdates: null, updateListsAt: null, rebootRequired: null, diskEncryption: [], edr: [] });
    rmSync(at('proc/1'), { recursive: true });
    expect(edr()).toBeNull();
  });

  test.each<[string, () => void, boolean | null]>([
    ['on', () => [efi(SECURE_BOOT, 1), efi(SETUP_MODE, 0)], true],
    ['on, with a shim that checks', () => [efi(SECURE_BOOT, 1), efi(SETUP_MODE, 0), efi(SHIM, 0)], true],
    ['on, with a shim that does not check', () => [efi(SECURE_BOOT, 1), efi(SETUP_MODE, 0), efi(SHIM, 1)], false],
    ['on in setup mode', () => [efi(SECURE_BOOT, 1), efi(SETUP_MODE, 1)], false],
    ['on without a word on setup mode', () => efi(SECURE_BOOT, 1), null],
    ['off', () => efi(SECURE_BOOT, 0), false],
    ['a variable that is too short', () => put(`${EFI}${SECURE_BOOT}`, Buffer.from([6, 0, 0, 0])), null],
    ['a variable that is too long', () => [efi(SECURE_BOOT, 1, 1), efi(SETUP_MODE, 0)], null],
  ])('Secure Boot: %s', (_, plant, expected) => {
    plant();
    expect(read().secureBoot).toBe(expected);
  });

  test('a reboot is known to be due by the file, and not to be only where something would write it', () => {
    expect(read().rebootRequired).toBeNull();
    put('etc/kernel/postinst.d/unattended-upgrades', '');
    expect(read().rebootRequired).toBe(false);
    put('run/reboot-required', '');
    expect(read().rebootRequired).toBe(true);
  });

  test.each<[string, () => void, unknown]>([
    ['dm-crypt below LVM', () => [device('253:1', 'dm-1', { uuid: 'LVM-abc', slaves: ['dm-0'] }), device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-abc-root', slaves: ['sda'] }), device('8:0', 'sda'), mounts(`253:1 ${ROOT}`)], true],
    ['LVM on a plain and an encrypted disk', () => [device('253:1', 'dm-1', { uuid: 'LVM-abc', slaves: ['dm-0', 'sda'] }), device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-abc', slaves: ['sda'] }), device('8:0', 'sda'), mounts(`253:1 ${ROOT}`)], false],
    ['md over two encrypted disks', () => [device('9:0', 'md0', { slaves: ['dm-0', 'dm-1'] }), device('253:0', 'dm-0', { uuid: 'CRYPT-PLAIN-a' }), device('253:1', 'dm-1', { uuid: 'CRYPT-LUKS1-b' }), mounts(`9:0 ${ROOT}`)], true],
    ['verity on a plain disk', () => [device('253:0', 'dm-0', { uuid: 'CRYPT-VERITY-abc', slaves: ['sda'] }), device('8:0', 'sda'), mounts(`253:0 ${ROOT}`)], false],
    ['integrity on dm-crypt', () => [device('253:1', 'dm-1', { uuid: 'CRYPT-INTEGRITY-abc', slaves: ['dm-0'] }), device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-b' }), mounts(`253:1 ${ROOT}`)], true],
    ['a partition of a plain disk', () => [device('8:0', 'sda'), put('sys/devices/sda/sda1/partition', '1'), link('sys/dev/block/8:1', at('sys/devices/sda/sda1')), mounts(`8:1 ${ROOT}`)], false],
    ['a partition of md on dm-crypt', () => [device('9:0', 'md0', { slaves: ['dm-0'] }), device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-b' }), put('sys/devices/md0/md0p1/partition', '1'), link('sys/dev/block/259:1', at('sys/devices/md0/md0p1')), mounts(`259:1 ${ROOT}`)], true],
    ['a loop device', () => [device('7:0', 'loop0'), mounts(`7:0 ${ROOT}`)], null],
    ['an overlay', () => mounts('0:44 / / rw - overlay overlay rw,lowerdir=/a'), null],
    ['a network', () => mounts('0:50 / / rw - nfs4 server:/export rw'), null],
    ['btrfs, by its source', () => [device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-b' }), put('dev/dm-0', ''), link('dev/mapper/root', at('dev/dm-0')), mounts('0:30 /@ / rw - btrfs /dev/mapper/root rw')], true],
    ['a device that /sys does not show', () => mounts(`8:1 ${ROOT}`), null],
    ['devices that lie on each other', () => [device('253:0', 'dm-0', { slaves: ['dm-1'] }), device('253:1', 'dm-1', { slaves: ['dm-0'] }), mounts(`253:0 ${ROOT}`)], null],
    ['what was mounted last over the same point', () => [device('8:0', 'sda'), device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-b' }), mounts(`8:0 ${ROOT}`, `253:0 ${ROOT}`)], true],
  ])('disk encryption: %s', (_, plant, encrypted) => {
    plant();
    expect(disks()).toEqual([{ mount: '/', encrypted }]);
  });

  test('/var and /home are told of where they are mounts of their own', () => {
    device('8:0', 'sda');
    device('253:0', 'dm-0', { uuid: 'CRYPT-LUKS2-b' });
    mounts(`253:0 ${ROOT}`, '8:0 / /home rw - ext4 /dev/sda rw', '253:0 / /srv/home rw - ext4 /dev/sda rw');
    expect(disks()).toEqual([{ mount: '/', encrypted: true }, { mount: '/home', encrypted: false }]);
  });

  test('endpoint security counts as root, of this PID namespace, from a program that root alone can write', () => {
    process(100, 'falcon-sensor');
    process(101, 'falcon-sensor');
    process(200, 'osqueryd', { uid: '1000\t1000\t1000\t1000' });
    process(201, 'wdavdaemon', { uid: '0\t1000\t0\t0' });
    process(202, 'xagt', { owner: 1000 });
    process(203, 'clamonacc', { exe: 0o777 });
    process(204, 'falco', { ids: '204\t7' });
    process(205, 'ds_agent', { exe: null });
    process(300, 'not-falco');
    process(301, 'auditd');
    put('proc/302/comm', 'x\nosqueryd\n');
    expect(edr()).toEqual(['falcon-sensor']);
  });

  test('security updates are installed packages of which a security suite has a newer version, held ones too', () => {
    apt([['libc6', '2.36-9'], ['held', '1.0', 'hold ok installed'], ['gone', '1.0', 'deinstall ok config-files'], ['newer', '3.0'], ['same', '1.1']], [['libc6', '2.36-10'], ['held', '1.1'], ['gone', '2.0'], ['newer', '2.0'], ['same', '1.1'], ['libc6', '2.36-11'], ['absent', '1.0']]);
    expect(read()).toMatchObject({ securityUpdates: 2, updateListsAt: LISTED_AT_S });
    expect(readFileSync(at('run/firebreak/posture-updates'), 'utf8')).toBe(`2 ${LISTED_AT_S}\n`);
  });

  test('what was counted is kept until lists or packages change, and nothing else in the file is believed', () => {
    apt([['libc6', '1.0']], [['libc6', '1.1']]);
    expect(read().securityUpdates).toBe(1);
    for (const path of ['var/lib/apt/lists', `${LISTS}main_binary-amd64_Packages`, 'var/lib/dpkg/status']) utimesSync(at(path), LISTED_AT_S, LISTED_AT_S);
    put('run/firebreak/posture-updates', `7 ${LISTED_AT_S}\n`);
    expect(read().securityUpdates).toBe(7);
    put('run/firebreak/posture-updates', '0 $(touch /tmp/x)\n');
    expect(read().securityUpdates).toBe(1);
    put('run/firebreak/posture-updates', `0 ${LISTED_AT_S}\n`);
    utimesSync(at('run/firebreak/posture-updates'), LISTED_AT_S + 10, LISTED_AT_S + 10);
    expect(read().securityUpdates).toBe(1);
  });

  test.each<[string, () => void]>([
    ['there is no list of a security suite', () => [rmSync(at(`${LISTS}InRelease`)), rmSync(at(`${LISTS}main_binary-amd64_Packages`))]],
    ['the security suite has an index and no packages', () => rmSync(at(`${LISTS}main_binary-amd64_Packages`))],
    ['a packed list cannot be read', () => put(`${LISTS}contrib_binary-amd64_Packages.lz4`, 'no lz4')],
    ['dpkg cannot compare', () => put('usr/bin/dpkg', '#!/bin/sh\nexit 2\n', 0o755)],
    ['nothing is known to be installed', () => put('var/lib/dpkg/status', '')],
  ])('no number is told where %s', (_, damage) => {
    apt([['libc6', '1.0']], [['libc6', '1.0']]);
    expect(read().securityUpdates).toBe(0);
    damage();
    rmSync(at('run/firebreak/posture-updates'), { force: true });
    expect(read().securityUpdates).toBeNull();
    expect(existsSync(at('run/firebreak/posture-updates'))).toBe(false);
  });

  test.each([
    ['dnf 4', 'FEDORA-1 Important/Sec. bash-5.2-1.x86_64\ni FEDORA-0 Low/Sec. vim-1.x86_64\nFEDORA-1 Important/Sec. bash-doc-5.2-1.x86_64\nFEDORA-2 bugfix zlib-1', 2],
    ['dnf 5', 'Name Type Severity Package Issued\nFEDORA-1 security Important bash-5.2-1.x86_64 2027-01-01\nFEDORA-3 security Low vim-9 2027-01-01', 2],
    ['repositories without advisories', '', null],
  ])('%s is asked from its cache', (_, printed, count) => {
    put('var/cache/libdnf5/updates/repodata/repomd.xml', '<repomd/>');
    utimesSync(at('var/cache/libdnf5/updates/repodata/repomd.xml'), LISTED_AT_S, LISTED_AT_S);
    put('bin/dnf', `#!/bin/sh\necho "$@" >>${dir}/asked\ncat <<'END'\n${printed}\nEND\n`, 0o755);
    expect(read()).toMatchObject({ securityUpdates: count, updateListsAt: LISTED_AT_S });
    expect(readFileSync(at('asked'), 'utf8')).toMatch(/^-C -q updateinfo list --all --security\n/);
  });
});
