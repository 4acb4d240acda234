import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { CliSession } from './cli-session.ts';

/** Everything of ours that may lie on a host. */
const FIND_OURS = 'ls -d /usr/local/lib/firebreak /usr/local/sbin/firebreak-agent /etc/firebreak /var/lib/firebreak /run/firebreak /etc/systemd/system/firebreak* 2>/dev/null; nft list tables; true';
const ENTRY = new URL('../../main/cli/main.ts', import.meta.url).pathname;

let lab: Lab;
let host: LabHost;
let cli: CliSession;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }] });
  host = lab.host('one');
});
afterAll(() => lab?.stop());
beforeEach(async () => {
  cli = new CliSession();
  await cli.run('init');
});
afterEach(() => {
  delete process.env['FIREBREAK_SUDO_PASSWORD'];
  cli.remove();
});

async function add(user: string, ...options: string[]): Promise<void> {
  expect((await cli.run('host', 'add', 'one', '--address', `${user}@${host.ipv4}`, '--identity', lab.sshKeyPath, ...options)).code).toBe(0);
  expect((await cli.run('host', 'trust', 'one', '--fingerprint', await host.hostKeyFingerprint())).code).toBe(0);
}

/** PAM writes one such line for each password that was tried. */
const triedPasswords = async () => Number((await host.run('journalctl --output=cat --quiet -t sudo | grep -c "pam_unix(sudo:auth): authentication failure" || true')).trim());

describe('a real host that does not do its part is left as it was', () => {
  test.each([
    ['a user whom sudo does not know', 'nosudo', ['--sudo'], undefined, /SUDO_REFUSED|SUDO_PASSWORD_NEEDED/],
    ['a user whom sudo asks for a password that was not announced', 'ops', ['--sudo'], undefined, /SUDO_PASSWORD_NEEDED.*FIREBREAK_SUDO_PASSWORD/],
    ['a sudo password that nobody gave', 'ops', ['--sudo-password'], undefined, /SUDO_PASSWORD_NEEDED/],
    ['a wrong sudo password', 'ops', ['--sudo-password'], 'wrong-one', /SUDO_REFUSED/],
    ['a login that is not root and has no sudo', 'nosudo', [], undefined, /HOST_UNSUPPORTED|SUDO_REFUSED|root/],
  ])('%s', async (_name, user, options, password, sentence) => {
    const before = await host.run(FIND_OURS);
    if (password !== undefined) process.env['FIREBREAK_SUDO_PASSWORD'] = password;
    await add(user, ...options);
    const answer = await cli.run('agent', 'install', 'one');
    expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(sentence)]);
    expect(answer.out + answer.err).not.toContain('wrong-one');
    expect(await host.run(FIND_OURS)).toBe(before);
  });

  test('a wrong sudo password is tried once, so that nobody is locked out', async () => {
    const before = await triedPasswords();
    process.env['FIREBREAK_SUDO_PASSWORD'] = 'wrong-one';
    await add('ops', '--sudo-password');
    await cli.run('agent', 'install', 'one');
    expect((await triedPasswords()) - before).toBe(1);
  });

  test('a host without nft', async () => {
    const before = await host.run(FIND_OURS);
    await add('root');
    await host.run('mv /usr/sbin/nft /usr/sbin/nft.away');
    const answer = await cli.run('agent', 'install', 'one');
    await host.run('mv /usr/sbin/nft.away /usr/sbin/nft');
    expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(/NFT_MISSING.*one: nft is not installed\. Install the package “nftables”/)]);
    expect(await host.run(FIND_OURS)).toBe(before);
  });
});

test('sudo without and with a password installs the agent, and uninstalling leaves nothing', async () => {
  const before = await host.run(FIND_OURS);
  await add('admin', '--sudo');
  expect(await cli.run('agent', 'install', 'one')).toMatchObject({ code: 0 });
  expect(await cli.run('agent', 'uninstall', 'one')).toMatchObject({ code: 0 });
  expect(await host.run(FIND_OURS)).toBe(before);
  await cli.run('host', 'remove', 'one');
  process.env['FIREBREAK_SUDO_PASSWORD'] = 'lab';
  await add('ops', '--sudo-password');
  expect(await cli.run('agent', 'install', 'one')).toMatchObject({ code: 0 });
  expect(await cli.run('agent', 'uninstall', 'one')).toMatchObject({ code: 0 });
  expect(await host.run(FIND_OURS)).toBe(before);
});

test('a folder that is mounted read-only gets a sentence and keeps no half file', async () => {
  const folder = join(cli.folder, 'ro');
  mkdirSync(folder);
  const script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"';
  const path = join(folder, 'w.firebreak');
  const failed = await promisify(execFile)('unshare', ['-m', 'sh', '-c', script, 'sh', folder, process.execPath, ENTRY, '--workspace', path, 'init']).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/WORKSPACE_READ_ONLY: .*cannot be written\.\nGive this user write permission/) });
  expect(readdirSync(folder)).toEqual([]);
});
