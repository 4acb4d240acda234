import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { noRealSshd, startRealSshd } from '../../e2e/fakehost/real-sshd.ts';
import { startSlowProxy } from '../../e2e/fakehost/slow-proxy.ts';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, failureOf } from '../../e2e/fakehost/ssh-kit.ts';

const bench = makeSshBench();
const start = async (...settings: string[]) => {
  const sshd = await startRealSshd(settings);
  bench.after(() => sshd.stop());
  return sshd;
};
const countIn = (log: string, what: string) => log.split('\n').filter((line) => line.includes(what)).length;

describe.skipIf(noRealSshd !== null)(noRealSshd ?? 'OpenSSH’s own sshd', () => {
  test('runs a command as the user who logged in, over strict key exchange', async () => {
    const strict: boolean[] = [];
    const pool = bench.makePool({ onNegotiated: (_host, negotiated) => strict.push(negotiated.strictKex) });
    const { target } = await start();
    expect(await pool.run(target, aRequest({ argv: ['sh', '-c', 'id -un; echo "$1"; cat; exit 5', 'sh', '$(id)'], stdin: 'in' }))).toEqual({ exitCode: 5, stdout: `${userInfo().username}\n$(id)\nin`, stderr: '' });
    expect(strict).toEqual([true]);
  });

  test('expands SSH_CONNECTION for us', async () => {
    const { target } = await start();
    const { stdout } = await bench.pool.run(target, aRequest({ argv: ['echo', '--ssh'], rawSuffix: '"$SSH_CONNECTION"' }));
    expect(stdout).toMatch(new RegExp(`^--ssh 127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${target.port}\\n$`));
  });

  test('with MaxSessions 1 serves ten commands one after the other', async () => {
    const { target } = await start('MaxSessions 1');
    const results = await Promise.all(Array.from({ length: 10 }, (_, i) => bench.pool.run(target, aRequest({ argv: ['echo', String(i)] }))));
    expect(results.map((result) => result.stdout.trim())).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('with MaxSessions 0 is a limit with its name', async () => {
    const { target } = await start('MaxSessions 0');
    expect((await failureOf(bench.pool.run(target, aRequest()))).code).toBe('SSH_LIMIT_REACHED');
  });

  test('with MaxStartups 2:100:3 gets no storm: three tries a connection at most, and each ends served or with the limit named', async () => {
    const { target, readLog } = await start('MaxStartups 2:100:3');
    const pool = bench.makePool({ maxConnections: 12 });
    const codes = await Promise.all(Array.from({ length: 12 }, (_, i) => pool.run({ ...target, hostName: `web-${i}` }, aRequest()).then(() => 'served', (error) => error.code)));
    expect(codes.filter((code) => code === 'served').length).toBeGreaterThanOrEqual(2);
    expect(codes.filter((code) => code !== 'served' && code !== 'SSH_LIMIT_REACHED')).toEqual([]);
    expect(countIn(readLog(), 'drop connection') + countIn(readLog(), 'Connection from')).toBeLessThanOrEqual(36);
  });

  test('with PermitTTY no and no SFTP works', async () => {
    const { target } = await start('PermitTTY no');
    expect((await bench.pool.run(target, aRequest({ argv: ['echo', 'ok'] }))).stdout).toBe('ok\n');
  });

  test('with a ForceCommand never takes the other command for the asked one behind sudo', async () => {
    const { target } = await start('ForceCommand echo "menu: 1) quit"');
    const secrets = () => ({ sshPassword: null, sudoPassword: 'never sent' });
    expect((await failureOf(bench.pool.run({ ...target, sudo: 'password', secrets }, aRequest({ sudo: true })))).code).toBe('SUDO_REFUSED');
    expect((await bench.pool.run(target, aRequest({ argv: ['echo', 'ours'] }))).stdout).toBe('menu: 1) quit\n');
  });

  test('that takes no keys refuses ours by name', async () => {
    const { target } = await start('PubkeyAuthentication no');
    expect(await failureOf(bench.pool.run(target, aRequest()))).toMatchObject({ code: 'SSH_AUTH_FAILED', payload: { user: target.user } });
  });

  test('with another host key is refused before it hears of a user', async () => {
    const [known, other] = await Promise.all([start(), start()]);
    expect((await failureOf(bench.pool.run({ ...other.target, pinnedKeys: known.target.pinnedKeys }, aRequest()))).code).toBe('HOST_KEY_CHANGED');
    await failureOf(bench.pool.run({ ...other.target, pinnedKeys: [] }, aRequest()));
    expect(await bench.pool.showKey(other.target, { timeoutMs: 5_000 })).toMatchObject(other.target.pinnedKeys[0] ?? { algorithm: 'none' });
    expect(other.readLog()).not.toMatch(/Accepted|Failed|publickey|for invalid user/);
  });

  test('that changes keys every MiB gives 24 MiB back unharmed, both ways', async () => {
    const { target } = await start('RekeyLimit 1M');
    const bytes = 24 * 1_048_576;
    const stdin = Buffer.alloc(bytes, 'firebreak ');
    const digest = createHash('sha256').update(stdin).digest('hex');
    expect((await bench.pool.run(target, aRequest({ argv: ['sha256sum'], stdin, timeoutMs: 50_000 }))).stdout.slice(0, 64)).toBe(digest);
    const { stdout } = await bench.pool.run(target, aRequest({ argv: ['cat'], stdin, timeoutMs: 50_000, maxOutputBytes: bytes }));
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(digest);
  });

  test('half a second away, over a line that loses one packet in twenty, and with new keys every MiB, is not taken for down, and 3 MiB come back unharmed', { timeout: 120_000 }, async () => {
    const { target } = await start('RekeyLimit 1M');
    const line = await startSlowProxy(target.port, { delayMs: 250, lossOf: 20, resendMs: 1_000, seed: 7 });
    bench.after(() => line.close());
    const payload = Buffer.alloc(3 * 1_048_576, 'firebreak ');
    const { exitCode, stdout } = await bench.pool.run({ ...target, port: line.port }, aRequest({ argv: ['cat'], stdin: payload, timeoutMs: 100_000, maxOutputBytes: 2 * payload.length }));
    expect(exitCode).toBe(0);
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(createHash('sha256').update(payload).digest('hex'));
    expect(line.late()).toBeGreaterThan(0);
  });

  test('forwards to another sshd as a jump host, and says so when it does not forward', async () => {
    const [host, jump, closed] = await Promise.all([start(), start(), start('AllowTcpForwarding no')]);
    const through = (hop: typeof jump) => ({ ...host.target, jump: { ...hop.target, hostName: 'bastion' } });
    expect((await bench.pool.run(through(jump), aRequest({ argv: ['echo', 'through'] }))).stdout).toBe('through\n');
    expect(await failureOf(bench.pool.run(through(closed), aRequest()))).toMatchObject({ code: 'HOST_UNREACHABLE', payload: { detail: textLike(/bastion does not forward/), notAway: true } });
  });

  test('closes the channel of a command that ran out of time, so that the next word it writes ends it', async () => {
    const { target } = await start();
    const marker = `talks-${process.pid}`;
    await failureOf(bench.pool.run(target, aRequest({ argv: ['sh', '-c', 'while echo "$0"; do sleep 0.1; done', marker], timeoutMs: 300 })));
    const script = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do grep -qs "[t]alks-$1" /proc/[0-9]*/cmdline || { echo ended; exit; }; sleep 0.2; done; echo still there';
    expect((await bench.pool.run(target, aRequest({ argv: ['sh', '-c', script, 'sh', String(process.pid)] }))).stdout).toBe('ended\n');
  });
});
