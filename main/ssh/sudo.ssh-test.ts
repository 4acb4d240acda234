import { expect, test, vi } from 'vitest';
import { makeFakeSudo, type SudoVariant } from '../../e2e/fakehost/fake-sudo.ts';
import { execWithShell } from '../../e2e/fakehost/shell-exec.ts';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { ResolvedTarget } from './ssh-target.ts';

const bench = makeSshBench();
const PASSWORD = 'correct horse';

/** A host with that sudo, and a target that uses it in that mode. */
async function aSudoHost(variant: SudoVariant, mode: ResolvedTarget['sudo'], sudoPassword: string | null = PASSWORD) {
  const sudo = makeFakeSudo(variant);
  bench.after(() => sudo.remove());
  const sshd = await bench.sshd({ onExec: (command) => execWithShell(command, { pathDir: sudo.pathDir, env: { SSH_CONNECTION: '10.0.0.9 5 10.0.0.1 22' } }) });
  const target = aTarget(sshd, { sudo: mode, secrets: () => ({ sshPassword: 'x', sudoPassword }) });
  const passwordsRead = () => sudo.readLog().split('\n').filter((line) => line.startsWith('read: '));
  return { sshd, sudo, target, passwordsRead };
}
const aRootRequest = (change = {}) => aRequest({ sudo: true, argv: ['sh', '-c', 'cat; echo done; echo warning >&2; exit 3'], stdin: 'the payload', ...change });
const RAN = { exitCode: 3, stdout: 'the payloaddone\n', stderr: 'warning\n' };

test('without sudo in the target the command runs as it is', async () => {
  const { sshd, target } = await aSudoHost('asks', 'none');
  expect(await bench.pool.run(target, aRootRequest())).toEqual(RAN);
  expect(sshd.log.commands[0]).not.toContain('sudo');
});

test('without sudo in the request a target with sudo runs the command as its user', async () => {
  const { sshd, target } = await aSudoHost('asks', 'password');
  expect(await bench.pool.run(target, aRootRequest({ sudo: false }))).toEqual(RAN);
  expect(sshd.log.commands[0]).not.toContain('sudo');
});

test('NOPASSWD runs the command itself, so that a sudoers entry for it alone suffices', async () => {
  const { sshd, target } = await aSudoHost('nopasswd', 'nopasswd');
  expect(await bench.pool.run(target, aRootRequest())).toMatchObject({ ...RAN, stderr: textLike(/warning\n$/) });
  expect(sshd.log.commands).toEqual(["env 'LC_ALL=C' sudo -n -- sh -c 'cat; echo done; echo warning >&2; exit 3'"]);
});

test.each(['asks', 'asks-with-lecture', 'nopasswd'] as const)('with a password, a sudo that %s runs the command; payload, password and lecture never mix', async (variant) => {
  const { target, passwordsRead } = await aSudoHost(variant, 'password');
  expect(await bench.pool.run(target, aRootRequest())).toEqual(RAN);
  expect(passwordsRead()).toEqual(variant === 'nopasswd' ? [] : [`read: ${PASSWORD}`]);
});

test('a payload that looks like a password line is not read by sudo, nor the password by the command', async () => {
  const { target, passwordsRead } = await aSudoHost('asks', 'password');
  const { stdout } = await bench.pool.run(target, aRootRequest({ argv: ['cat'], stdin: 'first line\nsecond line\n' }));
  expect([stdout, passwordsRead()]).toEqual(['first line\nsecond line\n', [`read: ${PASSWORD}`]]);
});

test('four MiB of payload arrive whole behind a password', async () => {
  const { target } = await aSudoHost('asks', 'password');
  const payload = 'x'.repeat(4 * 1_048_576);
  expect((await bench.pool.run(target, aRootRequest({ argv: ['wc', '-c'], stdin: payload }))).stdout.trim()).toBe(String(payload.length));
});

test('a wrong password is tried once, and the account is not locked by our retries', async () => {
  const { target, passwordsRead } = await aSudoHost('asks', 'password', 'wrong');
  expect(await failureOf(bench.pool.run(target, aRootRequest()))).toEqual({ code: 'SUDO_REFUSED', payload: { host: 'web-1', user: 'ops', detail: 'the password was not accepted; it was tried once' } });
  expect(passwordsRead()).toEqual(['read: wrong']);
});

test('a password that is needed and was not given is asked for', async () => {
  const { target, passwordsRead } = await aSudoHost('asks', 'password', null);
  expect(await failureOf(bench.pool.run(target, aRootRequest()))).toEqual({ code: 'SUDO_PASSWORD_NEEDED', payload: { host: 'web-1', user: 'ops' } });
  expect(passwordsRead()).toEqual([]);
});

test('a password with a line break is refused here and never sent', async () => {
  const { target, passwordsRead } = await aSudoHost('asks', 'password', 'two\nlines');
  expect((await failureOf(bench.pool.run(target, aRootRequest()))).code).toBe('SUDO_REFUSED');
  expect(passwordsRead()).toEqual([]);
});

test('a sudo that asks although the host is set to NOPASSWD is named as that', async () => {
  const { target } = await aSudoHost('asks', 'nopasswd');
  expect((await failureOf(bench.pool.run(target, aRootRequest()))).code).toBe('SUDO_PASSWORD_NEEDED');
});

test.each([
  ['requiretty', 'nopasswd', /requiretty/],
  ['requiretty', 'password', /requiretty/],
  ['not-in-sudoers', 'password', /ops is not in the sudoers file/],
  ['other-command-only', 'nopasswd', /is not allowed to execute/],
  ['other-command-only', 'password', /is not allowed to execute/],
  ['missing', 'nopasswd', /sudo is not installed/],
  ['missing', 'password', /sudo is not installed/],
] as const)('sudo that is %s, in mode %s, is a refusal with its reason', async (variant, mode, detail) => {
  const { target } = await aSudoHost(variant, mode);
  expect(await failureOf(bench.pool.run(target, aRootRequest()))).toEqual({ code: 'SUDO_REFUSED', payload: { host: 'web-1', user: 'ops', detail: textLike(detail) } });
});

test('a sudo that asks for something else is named, and gets neither password nor payload', async () => {
  const { target, passwordsRead } = await aSudoHost('asks-for-a-code', 'password');
  expect(await failureOf(bench.pool.run(target, aRootRequest({ timeoutMs: 300 })))).toMatchObject({ code: 'SUDO_REFUSED', payload: { detail: textLike(/Verification code:$/) } });
  await vi.waitFor(() => expect(passwordsRead()).toEqual(['read: ']));
});

test('a sudo that hangs ends with the time-out', async () => {
  const { target } = await aSudoHost('is-slow', 'password');
  expect((await failureOf(bench.pool.run(target, aRootRequest({ timeoutMs: 300 })))).code).toBe('HOST_TIMEOUT');
});

test.each(['nopasswd', 'password'] as const)('a command that is not there exits with 127 in mode %s, as without sudo', async (mode) => {
  const { target } = await aSudoHost('nopasswd', mode);
  expect((await bench.pool.run(target, aRequest({ sudo: true, argv: ['/usr/local/sbin/no-such-agent'] }))).exitCode).toBe(127);
});

test('a command that fails with 1 is a result, not a refusal', async () => {
  const { target } = await aSudoHost('nopasswd', 'nopasswd');
  const request = aRequest({ sudo: true, argv: ['sh', '-c', 'echo "nft: unable to do that" >&2; exit 1'] });
  // Sudo's usual warning about the host's own name stands before it, and is no refusal either.
  expect(await bench.pool.run(target, request)).toMatchObject({ exitCode: 1, stderr: textLike(/^sudo: unable to resolve host .*\nnft: unable to do that\n$/) });
});

test('SSH_CONNECTION, which sudo strips, reaches the command as the login shell saw it', async () => {
  const { target } = await aSudoHost('asks', 'password');
  const request = aRequest({ sudo: true, argv: ['sh', '-c', 'echo "$1|$2"', 'sh', '--ssh'], rawSuffix: '"$SSH_CONNECTION"' });
  expect((await bench.pool.run(target, request)).stdout).toBe('--ssh|10.0.0.9 5 10.0.0.1 22\n');
});

test('the password is in no argument and no variable of any process on the host', async () => {
  const { sshd, sudo, target } = await aSudoHost('asks', 'password');
  await bench.pool.run(target, aRootRequest());
  const seen = sshd.log.commands.join('\n') + sudo.readLog().split('\n').filter((line) => !line.startsWith('read: ')).join('\n');
  expect(seen).toContain('argv: -S -p firebreak-prompt-');
  expect(seen).not.toContain(PASSWORD);
});
