import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { noRealSshd, startRealSshd } from '../../e2e/fakehost/real-sshd.ts';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { type KeyKind, makeUserCa, startAgent } from '../../e2e/fakehost/user-ca.ts';

const bench = makeSshBench();
const me = userInfo().username;
const aCa = () => {
  const ca = makeUserCa();
  bench.after(() => ca.remove());
  return ca;
};
/** OpenSSH's sshd that knows no key, only the authority. */
const startTrusting = async (ca: { publicPath: string }, ...settings: string[]) => {
  const sshd = await startRealSshd(['AuthorizedKeysFile none', `TrustedUserCAKeys ${ca.publicPath}`, ...settings]);
  bench.after(() => sshd.stop());
  return sshd;
};
const withKey = (keyPath: string, certificatePath?: string) => ({ identity: { kind: 'key-file' as const, keyPath, ...(certificatePath === undefined ? {} : { certificatePath }) } });
const run = (target: ReturnType<typeof aTarget>) => bench.pool.run(target, aRequest({ argv: ['id', '-un'] }));

describe.skipIf(noRealSshd !== null)(noRealSshd ?? 'a host that trusts an authority', () => {
  test.each<KeyKind>(['ed25519', 'ecdsa', 'rsa'])('lets in the certificate that lies beside an %s key, and not the key alone', async (kind) => {
    const ca = aCa();
    const { target, readLog } = await startTrusting(ca);
    const keyPath = ca.makeKey(kind);
    expect(await failureOf(run({ ...target, ...withKey(keyPath) }))).toMatchObject({ code: 'SSH_AUTH_FAILED', payload: { identity: keyPath } });
    ca.certify(keyPath, { principals: me, keyId: `by-${kind}` });
    expect((await run({ ...target, ...withKey(keyPath) })).stdout).toBe(`${me}\n`);
    expect(readLog()).toMatch(new RegExp(`Accepted publickey for ${me} .* ID by-${kind} `));
  });

  test.each(['ecdsa -b 384', 'ecdsa -b 521'])('lets in the certificate of a key of another size (%s)', async (words) => {
    const ca = aCa();
    const { target } = await startTrusting(ca);
    const keyPath = ca.makeKey('ecdsa', '', words.split(' ').slice(1));
    ca.certify(keyPath, { principals: me });
    for (let times = 0; times < 8; times += 1) expect((await bench.makePool({}).run({ ...target, ...withKey(keyPath) }, aRequest({ argv: ['id', '-un'] }))).stdout).toBe(`${me}\n`);
  });

  test('lets in a certificate that lies elsewhere, by its path', async () => {
    const ca = aCa();
    const { target } = await startTrusting(ca);
    const keyPath = ca.makeKey('ed25519');
    const elsewhere = `${ca.folder}/work-cert.pub`;
    renameSync(ca.certify(keyPath, { principals: me }), elsewhere);
    expect((await run({ ...target, ...withKey(keyPath, elsewhere) })).stdout).toBe(`${me}\n`);
  });

  test('that maps no such principal refuses, and the refusal names the principals', async () => {
    const ca = aCa();
    const { target } = await startTrusting(ca);
    const keyPath = ca.makeKey('ed25519');
    ca.certify(keyPath, { principals: 'somebody,else' });
    expect(await failureOf(run({ ...target, ...withKey(keyPath) }))).toMatchObject({ code: 'SSH_AUTH_FAILED', payload: { identity: `${keyPath}, with its certificate for somebody, else` } });
  });

  test.each<KeyKind>(['ed25519', 'ecdsa', 'rsa'])('lets in the certificate of an %s key that ssh-agent holds', async (kind) => {
    const ca = aCa();
    const { target, readLog } = await startTrusting(ca);
    const keyPath = ca.makeKey(kind);
    ca.certify(keyPath, { principals: me, keyId: 'from-agent' });
    const agent = await startAgent(ca.folder, [ca.makeKey('ed25519'), keyPath]);
    bench.after(() => agent.stop());
    expect((await run({ ...target, identity: { kind: 'agent' } })).stdout).toBe(`${me}\n`);
    expect(readLog()).toMatch(/Accepted publickey .* ID from-agent /);
  });

  test('that changes keys every MiB stays the same host', async () => {
    const ca = aCa();
    const { target } = await startTrusting(ca, 'RekeyLimit 1M');
    const keyPath = ca.makeKey('ed25519');
    ca.certify(keyPath, { principals: me });
    const { stdout } = await bench.pool.run({ ...target, ...withKey(keyPath) }, aRequest({ argv: ['cat'], stdin: Buffer.alloc(3 * 1_048_576, 'x'), maxOutputBytes: 4 * 1_048_576 }));
    expect(stdout).toHaveLength(3 * 1_048_576);
  });
});

test('a host that knows the key and not the authority gets the key after the certificate, as with ssh', async () => {
  const sshd = await bench.sshd({ onAuth: (context) => (context.method === 'publickey' && context.key.algo === 'ssh-ed25519' ? context.accept() : context.reject(['publickey'])) });
  const ca = aCa();
  const keyPath = ca.makeKey('ed25519');
  ca.certify(keyPath, { principals: me });
  expect((await bench.pool.run(aTarget(sshd, withKey(keyPath)), aRequest())).exitCode).toBe(0);
});

test.each<[string, Parameters<ReturnType<typeof aCa>['certify']>[1], RegExp]>([
  ['has expired', { principals: me, valid: '20200101:20200102' }, /^it expired at 2020-01-0\d \d\d:\d\d UTC$/],
  ['is not valid yet', { principals: me, valid: '20900101:20910101' }, /^it is not valid before 20(89|90)-\d\d-\d\d \d\d:\d\d UTC$/],
  ['is a host’s', { principals: me, ofHost: true }, /^it is the certificate of a host/],
])('a certificate that %s is an error that says so, and the host is not contacted', async (_what, signing, detail) => {
  const sshd = await bench.sshd();
  const ca = aCa();
  const keyPath = ca.makeKey('ed25519');
  const certificatePath = ca.certify(keyPath, signing);
  expect(await failureOf(bench.pool.run(aTarget(sshd, withKey(keyPath)), aRequest()))).toEqual({ code: 'SSH_CERTIFICATE_UNUSABLE', payload: { host: 'web-1', certificatePath, detail: textLike(detail) } });
  expect(sshd.log.sockets).toBe(0);
});

test.each<[string, (keyPath: string, ca: ReturnType<typeof aCa>) => void, RegExp]>([
  ['is for another key', (keyPath, ca) => renameSync(ca.certify(ca.makeKey('ed25519'), { principals: me }), `${keyPath}-cert.pub`), /^it is for another key$/],
  ['is cut off', (keyPath, ca) => { const path = ca.certify(keyPath, { principals: me }); writeFileSync(path, readFileSync(path, 'utf8').slice(0, 120)); }, /^it is no certificate/],
  ['is something else', (keyPath) => writeFileSync(`${keyPath}-cert.pub`, 'hello'), /^it is no certificate/],
])('a certificate that %s is an error', async (_what, make, detail) => {
  const sshd = await bench.sshd();
  const ca = aCa();
  const keyPath = ca.makeKey('ed25519');
  make(keyPath, ca);
  expect(await failureOf(bench.pool.run(aTarget(sshd, withKey(keyPath)), aRequest()))).toMatchObject({ code: 'SSH_CERTIFICATE_UNUSABLE', payload: { detail: textLike(detail) } });
  expect(sshd.log.auth).toEqual([]);
});

test('a certificate that is named and not there is an error; one that is not named need not be there', async () => {
  const sshd = await bench.sshd({ onAuth: (context) => (context.method === 'publickey' ? context.accept() : context.reject()) });
  const keyPath = aCa().makeKey('ed25519');
  expect(await failureOf(bench.pool.run(aTarget(sshd, withKey(keyPath, '/nowhere/x-cert.pub')), aRequest()))).toMatchObject({ code: 'SSH_CERTIFICATE_UNUSABLE', payload: { detail: 'no such file' } });
  expect((await bench.pool.run(aTarget(sshd, withKey(keyPath)), aRequest())).exitCode).toBe(0);
});

test('an expired certificate in ssh-agent is not presented, and a refusal of its keys says why', async () => {
  const sshd = await bench.sshd({ onAuth: (context) => context.reject(['publickey']) });
  const ca = aCa();
  const keyPath = ca.makeKey('ed25519');
  ca.certify(keyPath, { principals: me, valid: '-2h:+2s', keyId: 'short' });
  const agent = await startAgent(ca.folder, [keyPath]);
  bench.after(() => agent.stop());
  rmSync(keyPath);
  await expect.poll(() => failureOf(bench.makePool({}).run(aTarget(sshd, { identity: { kind: 'agent' } }), aRequest())), { timeout: 8_000, interval: 500 }).toMatchObject({ code: 'SSH_AUTH_FAILED', payload: { identity: textLike(/^ssh-agent \(its certificate “short”: it expired at /) } });
});
