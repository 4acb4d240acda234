import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { type KeyKind, makeUserCa } from '../../e2e/fakehost/user-ca.ts';
import { createKeyRing } from './key-ring.ts';

const bench = makeSshBench();
const PASSPHRASE = 'two words, ünd more';
/** `more`: further arguments of ssh-keygen. */
const aKey = (kind: KeyKind, more: readonly string[] = []) => {
  const ca = makeUserCa();
  bench.after(() => ca.remove());
  // Few rounds: what is tested is not how slow bcrypt is.
  return ca.makeKey(kind, PASSPHRASE, ['-a', '1', ...more]);
};
const takesKeys = () => bench.sshd({ onTunnel: (_address, port) => port, onAuth: (context) => (context.method === 'publickey' ? context.accept() : context.reject()) });
const withKey = (keyPath: string) => ({ identity: { kind: 'key-file' as const, keyPath } });

test('a key file with a passphrase that nobody gave is an error before the host is contacted', async () => {
  const sshd = await takesKeys();
  const keyPath = aKey('ed25519');
  expect(await failureOf(bench.pool.run(aTarget(sshd, withKey(keyPath)), aRequest()))).toEqual({ code: 'SSH_PASSPHRASE_NEEDED', payload: { host: 'web-1', keyPath } });
  expect(sshd.log.sockets).toBe(0);
});

test.each<[KeyKind, string[]]>([
  ['ed25519', []],
  ['rsa', []],
  ['ecdsa', []],
  ['ed25519', ['-Z', 'aes128-cbc']],
  ['ed25519', ['-Z', 'aes256-gcm@openssh.com']],
  ['rsa', ['-m', 'PEM']],
  ['ecdsa', ['-m', 'PEM']],
])('an encrypted %s key (%j) stays locked for a wrong passphrase, and logs in once it was unlocked', async (kind, more) => {
  const sshd = await takesKeys();
  const keyPath = aKey(kind, more);
  const ring = createKeyRing();
  const target = aTarget(sshd, { ...withKey(keyPath), findUnlocked: ring.find });
  expect(await ring.unlock(keyPath, 'two words')).toEqual({ kind: 'locked' });
  expect((await failureOf(bench.pool.run(target, aRequest()))).code).toBe('SSH_PASSPHRASE_NEEDED');
  expect((await ring.unlock(keyPath, PASSPHRASE)).kind).toBe('open');
  expect((await bench.pool.run(target, aRequest())).exitCode).toBe(0);
});

test('one passphrase serves every host and jump host with the key; another key and a changed file stay locked', async () => {
  const [sshd, gate] = await Promise.all([takesKeys(), takesKeys()]);
  const [keyPath, otherPath] = [aKey('ed25519'), aKey('ed25519')];
  const ring = createKeyRing();
  await ring.unlock(keyPath, PASSPHRASE);
  const of = (hostName: string, path = keyPath) => aTarget(sshd, { hostName, ...withKey(path), findUnlocked: ring.find });
  const jump = aTarget(gate, { hostName: 'gate', ...withKey(keyPath), findUnlocked: ring.find });
  for (const target of [of('a'), of('b'), { ...of('c'), jump }]) expect((await bench.pool.run(target, aRequest())).exitCode).toBe(0);
  expect((await failureOf(bench.pool.run(of('d', otherPath), aRequest()))).code).toBe('SSH_PASSPHRASE_NEEDED');
  writeFileSync(keyPath, readFileSync(otherPath));
  expect((await failureOf(bench.pool.run(of('e'), aRequest()))).code).toBe('SSH_PASSPHRASE_NEEDED');
  writeFileSync(otherPath, 'gone');
  ring.clear();
  expect((await failureOf(bench.pool.run({ ...of('f'), hostName: 'f' }, aRequest()))).code).toBe('SSH_PASSPHRASE_NEEDED');
});

test.each<[string, () => string, RegExp]>([
  ['chacha20', () => aKey('ed25519', ['-Z', 'chacha20-poly1305@openssh.com']), /^it is encrypted with chacha20-poly1305@openssh\.com, .*ssh-keygen -p -Z aes256-ctr/],
  ['PKCS #8', () => aKey('rsa', ['-m', 'PKCS8']), /^it is in the form PKCS #8, .*ssh-keygen -p/],
])('a key file in a form that is not read (%s) says which, and how to change it', async (_what, make, detail) => {
  const sshd = await takesKeys();
  const keyPath = make();
  expect(await failureOf(bench.pool.run(aTarget(sshd, withKey(keyPath)), aRequest()))).toEqual({ code: 'SSH_KEY_UNREADABLE', payload: { host: 'web-1', keyPath, detail: textLike(detail) } });
  expect(await createKeyRing().unlock(keyPath, PASSPHRASE)).toMatchObject({ kind: 'unusable' });
});

test('what the error advises for PKCS #8 makes a key that is read', async () => {
  const keyPath = aKey('rsa', ['-m', 'PKCS8']);
  execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-P', PASSPHRASE, '-N', PASSPHRASE, '-f', keyPath], { stdio: 'pipe' });
  expect((await createKeyRing().unlock(keyPath, PASSPHRASE)).kind).toBe('open');
});
