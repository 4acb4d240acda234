import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostKeyOf, makeKeyPair, startFakeSshd, type FakeSshd, type SshdScript } from '../../e2e/fakehost/fake-sshd.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import ssh2 from 'ssh2';
import type { HostKey } from '../../shared/model/host.ts';
import { createSshPool, type SshPool } from './ssh-pool.ts';

let pool: SshPool;
const servers: FakeSshd[] = [];
const start = async (script: SshdScript = {}) => {
  const sshd = await startFakeSshd(script);
  servers.push(sshd);
  return sshd;
};
beforeEach(() => {
  pool = createSshPool({ maxConnections: 4 });
});
afterEach(async () => {
  await pool.close();
  await Promise.all(servers.splice(0).map((sshd) => sshd.close()));
});
const OTHER_KEY: HostKey = { algorithm: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };

test('an unknown key is refused before any authentication and names the key', async () => {
  const sshd = await start();
  expect(await failureOf(pool.run(aTarget(sshd, { pinnedKeys: [] }), aRequest()))).toEqual({ code: 'HOST_KEY_UNKNOWN', payload: { host: 'web-1', ...sshd.hostKey } });
  expect(sshd.log).toMatchObject({ auth: [], commands: [] });
});

test('a changed key is refused before any authentication: no password, key or agent is offered', async () => {
  const sshd = await start();
  let asked = 0;
  const secrets = () => {
    asked += 1;
    return { sshPassword: 'let me in', sudoPassword: 'x' };
  };
  const failure = await failureOf(pool.run(aTarget(sshd, { pinnedKeys: [OTHER_KEY], secrets, onNewKey: () => undefined }), aRequest()));
  expect(failure).toEqual({
    code: 'HOST_KEY_CHANGED',
    payload: { host: 'web-1', pinned: `ssh-ed25519 ${OTHER_KEY.fingerprint}`, presented: `ssh-ed25519 ${sshd.hostKey.fingerprint}` },
  });
  expect({ auth: sshd.log.auth, commands: sshd.log.commands, asked }).toEqual({ auth: [], commands: [], asked: 0 });
});

test('a host that is reinstalled on the same port is refused, also by a pool that knows the old one', async () => {
  const before = await start();
  const target = aTarget(before);
  await pool.run(target, aRequest());
  await before.close();
  servers.splice(servers.indexOf(before), 1);
  const after = await startFakeSshd({}, before.port);
  servers.push(after);
  expect((await failureOf(pool.run(target, aRequest()))).code).toBe('HOST_KEY_CHANGED');
  expect(after.log.auth).toEqual([]);
});

test('one of several pinned keys is enough', async () => {
  const sshd = await start();
  expect((await pool.run(aTarget(sshd, { pinnedKeys: [OTHER_KEY, sshd.hostKey] }), aRequest())).exitCode).toBe(0);
});

test('a host that gained a key of another kind still shows the pinned one', async () => {
  const [ed25519, ecdsa] = [makeKeyPair().private, ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private];
  const sshd = await start({ hostKeys: [ed25519, ecdsa] });
  expect((await pool.run(aTarget(sshd, { pinnedKeys: [hostKeyOf(ecdsa)] }), aRequest())).exitCode).toBe(0);
});

test('accept-new stores the key before anything is sent', async () => {
  const sshd = await start();
  const stored: unknown[] = [];
  await pool.run(aTarget(sshd, { pinnedKeys: [], onNewKey: (key) => stored.push([key, sshd.log.auth.length]) }), aRequest());
  expect(stored).toEqual([[sshd.hostKey, 0]]);
});

test('when accept-new cannot store the key, nothing is sent and its error comes out', async () => {
  const sshd = await start();
  const onNewKey = () => {
    throw new Error('the disk is full');
  };
  await expect(pool.run(aTarget(sshd, { pinnedKeys: [], onNewKey }), aRequest())).rejects.toThrow('the disk is full');
  expect(sshd.log.auth).toEqual([]);
});

test('an open connection is not lent to a target that trusts no key', async () => {
  const sshd = await start();
  await pool.run(aTarget(sshd), aRequest());
  expect((await failureOf(pool.run(aTarget(sshd, { pinnedKeys: [] }), aRequest()))).code).toBe('HOST_KEY_UNKNOWN');
});

test('showing the key needs no trust, tries no login and pins nothing', async () => {
  const sshd = await start();
  const onNewKey = () => {
    throw new Error('nothing is to be stored');
  };
  expect(await pool.showKey(aTarget(sshd, { pinnedKeys: [OTHER_KEY], onNewKey }), { timeoutMs: 5_000 })).toMatchObject(sshd.hostKey);
  expect(sshd.log).toMatchObject({ sockets: 1, auth: [] });
});

test('a changed key of the jump host stops everything: neither host is logged in to', async () => {
  const inner = await start();
  const jump = await start({ onTunnel: () => inner.port });
  const target = aTarget(inner, { jump: aTarget(jump, { hostName: 'bastion', pinnedKeys: [OTHER_KEY] }) });
  expect(await failureOf(pool.run(target, aRequest()))).toMatchObject({ code: 'HOST_KEY_CHANGED', payload: { host: 'bastion' } });
  expect([jump.log.auth, inner.log.sockets]).toEqual([[], 0]);
});

test('a trusted jump host that puts another machine in the way is noticed', async () => {
  const imposter = await start();
  const genuine = await start();
  const jump = await start({ onTunnel: () => imposter.port });
  const target = aTarget(genuine, { jump: aTarget(jump, { hostName: 'bastion' }) });
  expect(await failureOf(pool.run(target, aRequest()))).toMatchObject({ code: 'HOST_KEY_CHANGED', payload: { host: 'web-1' } });
  expect(imposter.log.auth).toEqual([]);
});
