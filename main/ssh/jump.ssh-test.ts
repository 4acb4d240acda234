import { expect, test, vi } from 'vitest';
import type { FakeSshd } from '../../e2e/fakehost/fake-sshd.ts';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { ResolvedTarget } from './ssh-target.ts';

const bench = makeSshBench();
/** A jump host that reaches what listens on loopback, by the port that it is asked for. */
const aJumpHost = (asked: string[] = []) => bench.sshd({
  onTunnel: (address, port) => {
    asked.push(`${address}:${port}`);
    return port;
  },
});
const behind = (sshd: FakeSshd, jump: ResolvedTarget, change: Partial<ResolvedTarget> = {}) => aTarget(sshd, { jump, ...change });

test('a command runs behind two jump hosts, each with its own key', async () => {
  const asked: string[] = [];
  const [outer, inner, host] = await Promise.all([aJumpHost(asked), aJumpHost(asked), bench.sshd()]);
  const target = behind(host, behind(inner, aTarget(outer, { hostName: 'outer' }), { hostName: 'inner' }));
  expect((await bench.pool.run(target, aRequest())).exitCode).toBe(0);
  expect(asked).toEqual([`127.0.0.1:${inner.port}`, `127.0.0.1:${host.port}`]);
});

test('many hosts behind one jump host share its connection, even when only one connection is allowed', async () => {
  const jump = await aJumpHost();
  const hosts = await Promise.all([bench.sshd(), bench.sshd(), bench.sshd()]);
  const pool = bench.makePool({ maxConnections: 1 });
  const jumpTarget = aTarget(jump, { hostName: 'bastion' });
  const results = await Promise.all(hosts.map((host, i) => pool.run(behind(host, jumpTarget, { hostName: `web-${i}` }), aRequest())));
  expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0]);
  expect(jump.log.sockets).toBe(1);
});

test('a jump host that is managed too can be its own target beside that', async () => {
  const jump = await aJumpHost();
  const host = await bench.sshd();
  const pool = bench.makePool({ maxConnections: 1 });
  const jumpTarget = aTarget(jump, { hostName: 'bastion' });
  const results = await Promise.all([pool.run(jumpTarget, aRequest()), pool.run(behind(host, jumpTarget), aRequest())]);
  expect(results.map((result) => result.exitCode)).toEqual([0, 0]);
});

test('the key of a host behind a jump host can be shown', async () => {
  const [jump, host] = await Promise.all([aJumpHost(), bench.sshd()]);
  expect(await bench.pool.showKey(behind(host, aTarget(jump, { hostName: 'bastion' }), { pinnedKeys: [] }), { timeoutMs: 5_000 })).toMatchObject(host.hostKey);
  expect(host.log.auth).toEqual([]);
});

test('a jump host that is down is the one that is named', async () => {
  const [jump, host] = await Promise.all([aJumpHost(), bench.sshd()]);
  await jump.close();
  expect(await failureOf(bench.pool.run(behind(host, aTarget(jump, { hostName: 'bastion' })), aRequest()))).toMatchObject({ code: 'HOST_UNREACHABLE', payload: { host: 'bastion' } });
});

test('a jump host that does not forward', async () => {
  const [jump, host] = await Promise.all([bench.sshd(), bench.sshd()]);
  expect(await failureOf(bench.pool.run(behind(host, aTarget(jump, { hostName: 'bastion' })), aRequest()))).toMatchObject({ code: 'HOST_UNREACHABLE', payload: { host: 'web-1', detail: textLike(/bastion/) } });
});

test('a host behind the jump host that never answers', async () => {
  const silent = await bench.sshd({ onSocket: () => true });
  const jump = await aJumpHost();
  expect((await failureOf(bench.pool.run(behind(silent, aTarget(jump, { hostName: 'bastion' })), aRequest({ timeoutMs: 300 })))).code).toBe('HOST_TIMEOUT');
});

test('a jump host that is lost takes the command with it, and says so', async () => {
  const jump = await aJumpHost();
  const host = await bench.sshd({ onExec: () => jump.dropAll() });
  expect(await failureOf(bench.pool.run(behind(host, aTarget(jump, { hostName: 'bastion' })), aRequest({ doing: 'checking' })))).toEqual({ code: 'HOST_DISCONNECTED', payload: { host: 'web-1', doing: 'checking' } });
});

test('the agent is never forwarded, and the jump host gets no session', async () => {
  const [jump, host] = await Promise.all([aJumpHost(), bench.sshd()]);
  await bench.pool.run(behind(host, aTarget(jump, { hostName: 'bastion' })), aRequest());
  expect([jump.log.sessionsMost, jump.log.commands]).toEqual([0, []]);
});

test('when the pool closes, the connection to the jump host closes too', async () => {
  const [jump, host] = await Promise.all([aJumpHost(), bench.sshd()]);
  const pool = bench.makePool({});
  await pool.run(behind(host, aTarget(jump, { hostName: 'bastion' })), aRequest());
  await pool.close();
  await vi.waitFor(() => expect([jump.connections(), host.connections()]).toEqual([[], []]));
});
