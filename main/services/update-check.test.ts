import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/debian/programs.ts';
import { makeTestCa } from '../../e2e/forward/test-ca.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { FIREBREAK_VERSION } from '../../shared/version.ts';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';
import { checkForUpdate, compareVersions } from './update-check.ts';

const RELEASE = { v: 1, product: 'firebreak', version: '9.1.0', releasedOn: '2026-12-01', notes: 'Faster.', files: [{ name: 'firebreak_9.1.0_amd64.deb', bytes: 7, sha256: 'ab'.repeat(32) }] };

let at: TestBackend;
let folder: string;
beforeEach(() => {
  at = makeBackend();
  folder = mkdtempSync(join(tmpdir(), 'firebreak-update-'));
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

/** A key made by ssh-keygen, and its public line. */
function makeKey(name: string): string {
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)]);
  return readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
}

/** As whoever releases does it: docs/packaging.md. Gives the path of the manifest. */
function signRelease(key: string, release: unknown, namespace = 'firebreak-release'): string {
  const path = join(folder, 'release.json');
  rmSync(`${path}.sig`, { force: true });
  writeFileSync(path, JSON.stringify(release));
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', join(folder, key), '-n', namespace, path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return path;
}
const turnOn = (publicKey: string, url = 'https://localhost/release.json') => at.client.updates.setSource({ source: { url, publicKey } });
const check = (path: string) => checkForUpdate(at.backend, { path });
const isRefused = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ code: 'INPUT_INVALID' });

test('is off until somebody turns it on, and asks nobody then', async () => {
  expect(await at.client.updates.source({})).toEqual({ source: null, current: FIREBREAK_VERSION });
  expect((await failureOf(checkForUpdate(at.backend, { path: null }))).code).toBe('UPDATES_OFF');
});

test('versions are compared by their numbers', () => {
  expect([compareVersions('1.10.0', '1.9.9'), compareVersions('1.9.9', '1.10.0'), compareVersions('1.2.3', '1.2.3'), compareVersions('2.0.0', '10.0.0')]).toEqual(['newer', 'older', 'same', 'older']);
});

test.each(['http://x/release.json', 'https://u:p@x/release.json', 'ftp://x', 'release.json'])('%s is nowhere to ask', async (url) => {
  await isRefused(turnOn(`ssh-ed25519 ${'A'.repeat(68)}`, url));
});

test('a line that looks like a key and is none is refused', async () => {
  await isRefused(turnOn(`ssh-ed25519 ${'A'.repeat(68)}`));
  expect((await at.client.updates.source({})).source).toBeNull();
});

describe.skipIf(!hasProgram('ssh-keygen'))('a release that ssh-keygen signed (skipped without it)', () => {
  test('is believed, is told from what runs here, and the file with the key is the user’s own', async () => {
    await turnOn(makeKey('ours'));
    expect(await check(signRelease('ours', RELEASE))).toMatchObject({ verdict: 'newer', current: FIREBREAK_VERSION, release: RELEASE, signedBy: expect.stringMatching(/^SHA256:/) });
    expect(await check(signRelease('ours', { ...RELEASE, version: FIREBREAK_VERSION }))).toMatchObject({ verdict: 'same' });
    expect(await check(signRelease('ours', { ...RELEASE, version: '0.0.1' }))).toMatchObject({ verdict: 'older' });
    expect(statSync(join(at.backend.configDir, 'updates.json')).mode & 0o777).toBe(0o600);
  });

  test.each<[string, (path: string) => void]>([
    ['changed by a byte', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('9.1.0', '9.1.1'))],
    ['signed by another key', () => void signRelease('theirs', RELEASE)],
    ['signed for another purpose', () => void signRelease('ours', RELEASE, 'firebreak-bundle')],
    ['signed by nobody', (path) => writeFileSync(`${path}.sig`, '')],
    ['signed, and of another product', () => void signRelease('ours', { ...RELEASE, product: 'waterbreak' })],
    ['signed, with a file that leads elsewhere', () => void signRelease('ours', { ...RELEASE, files: [{ name: '../../x', bytes: 1, sha256: 'ab'.repeat(32) }] })],
  ])('that is %s is not believed', async (_, spoil) => {
    await turnOn(makeKey('ours'));
    makeKey('theirs');
    const path = signRelease('ours', RELEASE);
    spoil(path);
    expect((await failureOf(check(path))).code).toBe('UPDATE_REFUSED');
  });

  test('is read by the command line; a newer one is exit 3, with what to compare', async () => {
    makeKey('ours');
    expect(await runFirebreak(at, ['update', 'from', 'https://localhost/release.json', '--key', join(folder, 'ours.pub')])).toMatchObject({ code: 0, out: expect.stringContaining('You ask https://localhost/release.json') });
    const newer = await runFirebreak(at, ['update', 'check', '--file', signRelease('ours', RELEASE)]);
    expect(newer).toMatchObject({ code: 3, out: expect.stringContaining(`${'ab'.repeat(32)}  firebreak_9.1.0_amd64.deb`) });
    expect(await runFirebreak(at, ['update', 'off'])).toMatchObject({ code: 0 });
    expect(await runFirebreak(at, ['update', 'check'])).toMatchObject({ code: 1, err: expect.stringContaining('asks nobody') });
    expect(await runFirebreak(at, ['update', 'from', 'http://x', '--key', join(folder, 'ours.pub')])).toMatchObject({ code: 2, err: expect.stringContaining('<url>') });
  });

  describe.skipIf(!hasProgram('openssl'))('at a server (skipped without openssl)', () => {
    let server: Server;
    let asked: { path: string; headers: Record<string, unknown> }[];
    let ca: ReturnType<typeof makeTestCa>;
    let answer: (path: string) => { status: number; body: string; location?: string };
    let url: string;
    beforeEach(async () => {
      ca = makeTestCa(folder, 'updates', 'DNS:localhost');
      asked = [];
      server = createServer({ cert: readFileSync(ca.certPath), key: readFileSync(ca.keyPath) }, (request, response) => {
        asked.push({ path: request.url ?? '', headers: request.headers });
        const { status, body, location } = answer(request.url ?? '');
        response.writeHead(status, location === undefined ? {} : { location }).end(body);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      url = `https://localhost:${typeof address === 'object' && address !== null ? address.port : 0}/fb/release.json?c=1`;
      await turnOn(makeKey('ours'), url);
      const path = signRelease('ours', RELEASE);
      answer = (asks) => ({ status: 200, body: readFileSync(asks.startsWith('/fb/release.json.sig') ? `${path}.sig` : path, 'utf8') });
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });
    const ask = () => checkForUpdate(at.backend, { path: null, tls: { ca: readFileSync(ca.caPath, 'utf8') } });

    test('is fetched with its signature, and nothing else; who asks says nothing of itself', async () => {
      expect(await ask()).toMatchObject({ verdict: 'newer', from: url });
      expect(asked.map(({ path }) => path)).toEqual(['/fb/release.json?c=1', '/fb/release.json.sig?c=1']);
      expect(Object.keys(asked[0]?.headers ?? {}).sort()).toEqual(['accept-encoding', 'connection', 'host', 'user-agent']);
      expect(asked[0]?.headers['user-agent']).toBe('firebreak');
    });

    test('whose certificate nobody here trusts, that redirects, that is not there, or that never ends: one sentence', async () => {
      expect((await failureOf(checkForUpdate(at.backend, { path: null }))).code).toBe('UPDATE_UNREACHABLE');
      expect(asked).toEqual([]);
      answer = () => ({ status: 302, body: '', location: 'https://elsewhere.invalid/' });
      expect((await failureOf(ask())).payload).toMatchObject({ detail: expect.stringContaining('302, a redirect, which is not followed') });
      answer = () => ({ status: 404, body: '' });
      expect((await failureOf(ask())).payload).toMatchObject({ detail: 'the server answered 404' });
      answer = () => ({ status: 200, body: 'x'.repeat(300_000) });
      expect((await failureOf(ask())).payload).toMatchObject({ detail: 'the answer has more than 256 KiB' });
    });
  });
});
