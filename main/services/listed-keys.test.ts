import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeSshd, hostKeyOf, makeKeyPair, startFakeSshd } from '../../e2e/fakehost/fake-sshd.ts';
import type { ComparedKey } from '../../shared/contract/contract-host-keys.ts';
import { createSshPool } from '../ssh/ssh-pool.ts';
import { createNewId } from './new-id.ts';
import { resolveTarget } from './ssh-targets.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let folder: string;
const servers: FakeSshd[] = [];
beforeEach(() => {
  at = makeBackend(createSshPool({ maxConnections: 16 }), createNewId());
  folder = mkdtempSync(join(tmpdir(), 'firebreak-listed-'));
});
afterEach(async () => {
  await at.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

async function addHost(name: string, hostKeys?: readonly string[], ssh: { address?: string; jump?: string } = {}): Promise<FakeSshd> {
  const server = await startFakeSshd({ ...(hostKeys === undefined ? {} : { hostKeys }), onTunnel: (_address, port) => port });
  servers.push(server);
  await at.client.hosts.add({ name, ssh: { address: ssh.address ?? '127.0.0.1', port: server.port, user: 'ops', identity: { kind: 'password' }, sudo: 'none', jump: ssh.jump ?? null }, addresses: [], labels: {}, note: '' });
  await at.client.hosts.unlock({ name, sshPassword: 'let me in', sudoPassword: null });
  return server;
}

const importText = (text: string, dryRun = false) => at.client.hostKeys.importLists({ lists: [{ name: 'keys.txt', text }], dryRun });
async function compare(pin = true): Promise<ComparedKey[]> {
  for await (const event of await at.client.hostKeys.compare({ hosts: { kind: 'all' }, pin })) if (event.type === 'done') return event.result.hosts;
  throw new Error('the stream ended without a result');
}
const lineOf = async (name: string, server: FakeSshd) => `[127.0.0.1]:${server.port} ssh-ed25519 ${(await at.client.hosts.showKey({ name })).presented.publicKey ?? ''}`;
const rsaKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const told = (rows: readonly ComparedKey[]) => rows.map(({ hostName, verdict, isPinned, error }) => [hostName, verdict, isPinned, error?.code ?? null]);

test('hosts are found by their way in, else by their name; what is for nobody is counted, what cannot be read refused with its line', async () => {
  const [one, two] = [await addHost('web-1'), await addHost('web-2')];
  const fingerprint = two.hostKey.fingerprint;
  const text = [await lineOf('web-1', one), `[web-1]:${one.port} ${(await lineOf('web-2', two)).split(' ').slice(1).join(' ')}`, `web-2 ${fingerprint}`, `elsewhere ${fingerprint}`, 'web-3'].join('\n');
  const dry = await importText(text, true);
  expect(dry).toMatchObject({ lines: 5, elsewhere: 2, without: [], refused: [{ list: 'keys.txt', line: 5 }] });
  expect(dry.hosts).toEqual([
    { hostName: 'web-1', foundAs: `[127.0.0.1]:${one.port}`, agrees: null, keys: [{ algorithm: 'ssh-ed25519', fingerprint: one.hostKey.fingerprint, revoked: false }] },
    { hostName: 'web-2', foundAs: 'web-2', agrees: null, keys: [{ algorithm: null, fingerprint, revoked: false }] },
  ]);
  expect((await at.client.hostKeys.listed({})).without).toEqual(['web-1', 'web-2']);
  expect(await importText(text)).toEqual(dry);
  expect((await at.client.hostKeys.listed({})).hosts.map(({ hostName, foundAs }) => [hostName, foundAs])).toEqual([['web-1', 'keys.txt:1'], ['web-2', 'keys.txt:3']]);
});

test('a match is pinned, another key refused, what no list has left; nothing but the key exchange is sent', async () => {
  const servers3 = [await addHost('web-1'), await addHost('web-2'), await addHost('web-3')] as const;
  const [one, two] = servers3;
  await importText(`${await lineOf('web-1', one)}\n[127.0.0.1]:${two.port} ${(await lineOf('web-1', one)).split(' ').slice(1).join(' ')}`);
  expect(told(await compare(false))).toEqual([['web-1', 'listed', false, null], ['web-2', 'not-as-listed', false, 'HOST_KEY_NOT_AS_LISTED'], ['web-3', 'unlisted', false, null]]);
  expect(told(await compare())).toEqual([['web-1', 'listed', true, null], ['web-2', 'not-as-listed', false, 'HOST_KEY_NOT_AS_LISTED'], ['web-3', 'unlisted', false, null]]);
  for (const { log } of servers3) expect(log.auth).toEqual([]);
  expect(told(await compare())[0]).toEqual(['web-1', 'pinned', true, null]);
  expect((await at.client.hosts.get({ name: 'web-2' })).lastError?.title).toMatch(/keys\.txt:2 lists ssh-ed25519 SHA256:/);
  expect((await at.client.hosts.get({ name: 'web-3' })).lastError).toBeNull();
});

test('a host is asked for the kind of key that the list has, as ssh asks; where the list says no kind, for each until one fits', async () => {
  const [ed, rsa] = [makeKeyPair().private, rsaKey()];
  const [one, two, three] = [await addHost('web-1', [ed, rsa]), await addHost('web-2', [ed, rsa]), await addHost('web-3', [ed, rsa])];
  const { fingerprint } = hostKeyOf(rsa);
  await importText(`web-1 ${fingerprint} (RSA)\nweb-2 ${fingerprint}\nweb-3 SHA256:${'a'.repeat(43)}`);
  const rows = await compare();
  expect(told(rows)).toEqual([['web-1', 'listed', true, null], ['web-2', 'listed', true, null], ['web-3', 'not-as-listed', false, 'HOST_KEY_NOT_AS_LISTED']]);
  expect(rows[1]?.presented?.algorithm).toBe('ssh-rsa');
  expect([one.log.sockets, two.log.sockets > 1, three.log.sockets]).toEqual([1, true, 5]);
});

test('a revoked key is never trusted: not by a match, not by hand, not by accept-new, and it stays revoked when a newer list does not know it', async () => {
  const one = await addHost('web-1');
  const line = await lineOf('web-1', one);
  await importText(`@revoked ${line}\n${line}`);
  expect(told(await compare())).toEqual([['web-1', 'revoked', false, 'HOST_KEY_REVOKED']]);
  await importText(line);
  const accepting = resolveTarget({ ...at.backend, acceptNewHostKeys: true }, 'web-1');
  expect(() => accepting.onNewKey?.(one.hostKey)).toThrow('HOST_KEY_REVOKED');
  const { presented } = await at.client.hosts.showKey({ name: 'web-1' });
  await expect(at.client.hosts.trust({ name: 'web-1', key: presented, replace: true })).rejects.toMatchObject({ code: 'HOST_KEY_REVOKED', data: { source: 'keys.txt:1' } });
  await expect(at.client.hostKeys.pin({ keys: [{ name: 'web-1', key: presented }] })).rejects.toMatchObject({ code: 'HOST_KEY_REVOKED' });
  expect(await at.client.hostKeys.forget({ hosts: { kind: 'all' } })).toEqual({ keys: 1 });
  await at.client.hosts.trust({ name: 'web-1', key: presented, replace: false });
  expect((await importText(`@revoked ${line}`)).hosts[0]?.agrees).toBe('revoked');
});

test('a pinned key that a list does not have stays, and the list says so', async () => {
  const [one, two] = [await addHost('web-1'), await addHost('web-2')];
  const { presented } = await at.client.hosts.showKey({ name: 'web-1' });
  await at.client.hosts.trust({ name: 'web-1', key: presented, replace: false });
  expect((await importText(`[127.0.0.1]:${one.port} ${(await lineOf('web-2', two)).split(' ').slice(1).join(' ')}`)).hosts[0]?.agrees).toBe('no');
  expect(told(await compare())[0]).toEqual(['web-1', 'pinned', true, null]);
  expect((await importText(await lineOf('web-1', one))).hosts[0]?.agrees).toBe('yes');
});

test('by hand a key that is not the listed one is taken only with replace, and a whole key only under its own fingerprint', async () => {
  const one = await addHost('web-1');
  await importText(`web-1 SHA256:${'b'.repeat(43)} (ED25519)`);
  const { presented, verdict, source } = await at.client.hosts.showKey({ name: 'web-1' });
  expect([verdict, source]).toEqual(['not-as-listed', 'keys.txt:1']);
  await expect(at.client.hosts.trust({ name: 'web-1', key: presented, replace: false })).rejects.toMatchObject({ code: 'HOST_KEY_NOT_AS_LISTED' });
  await expect(at.client.hosts.trust({ name: 'web-1', key: { ...presented, fingerprint: `SHA256:${'b'.repeat(43)}` }, replace: false })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect((await at.client.hosts.trust({ name: 'web-1', key: presented, replace: true })).pinnedKeys).toEqual([one.hostKey]);
});

test('a jump host is trusted before those behind it, in one call', async () => {
  const gate = await addHost('zz-gate');
  const behind = await addHost('a-host', undefined, { jump: 'zz-gate' });
  await at.client.hosts.trust({ name: 'zz-gate', key: gate.hostKey, replace: false });
  const line = await lineOf('a-host', behind);
  const gateLine = await lineOf('zz-gate', gate);
  await at.client.hosts.remove({ name: 'a-host', force: false });
  await at.client.hosts.remove({ name: 'zz-gate', force: false });
  for (const [name, server, jump] of [['zz-gate', gate, null], ['a-host', behind, 'zz-gate']] as const) {
    await at.client.hosts.add({ name, ssh: { address: '127.0.0.1', port: server.port, user: 'ops', identity: { kind: 'password' }, sudo: 'none', jump }, addresses: [], labels: {}, note: '' });
    await at.client.hosts.unlock({ name, sshPassword: 'let me in', sudoPassword: null });
  }
  await importText(`${line}\n${gateLine}`);
  expect(told(await compare())).toEqual([['a-host', 'listed', true, null], ['zz-gate', 'listed', true, null]]);
});

test('pinned keys are written as known_hosts that ssh itself goes by; what is known by its fingerprint alone is left out until it is read again', async () => {
  const [one, two] = [await addHost('web-1'), await addHost('web-2')];
  const shown = await at.client.hosts.showKey({ name: 'web-1' });
  await at.client.hosts.trust({ name: 'web-1', key: shown.presented, replace: false });
  await at.client.hosts.trust({ name: 'web-2', key: two.hostKey, replace: false });
  const before = await at.client.hostKeys.exportText({});
  expect([before.hosts, before.without]).toEqual([1, ['web-2']]);
  await compare();
  const { text, hosts, without } = await at.client.hostKeys.exportText({});
  expect([hosts, without]).toEqual([2, []]);
  const file = join(folder, 'known_hosts');
  writeFileSync(file, text);
  expect(execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${one.port}`, '-f', file], { encoding: 'utf8' })).toContain(shown.presented.publicKey);
  expect(execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' })).toContain(two.hostKey.fingerprint);
  expect(spawnSync('ssh-keygen', ['-F', `[web-2]:${two.port}`, '-f', file]).status).toBe(0);
  // And it comes back as it went.
  expect((await importText(text)).hosts.map(({ agrees }) => agrees)).toEqual(['yes', 'yes']);
});

test('an address that would be a pattern in known_hosts, or more than one word, is never written there', async () => {
  const one = await addHost('web-1');
  const key = (await at.client.hosts.showKey({ name: 'web-1' })).presented;
  for (const [index, address] of ['*', 'a b', 'a,b', '!c', 'a\nb ssh-rsa'].entries()) {
    await at.client.hosts.add({ name: `odd-${index}`, ssh: { address, port: one.port, user: 'ops', identity: { kind: 'agent' }, sudo: 'none', jump: null }, addresses: [], labels: {}, note: '' });
    await at.client.hosts.trust({ name: `odd-${index}`, key, replace: false });
  }
  expect(await at.client.hostKeys.exportText({})).toEqual({ text: '', hosts: 0, without: ['odd-0', 'odd-1', 'odd-2', 'odd-3', 'odd-4'] });
});

test('keys that were shown are pinned all or none', async () => {
  await addHost('web-1');
  const two = await addHost('web-2');
  const rows = await compare();
  await at.client.hosts.trust({ name: 'web-2', key: { ...two.hostKey, fingerprint: `SHA256:${'c'.repeat(43)}` }, replace: false });
  const keys = rows.flatMap(({ hostName, presented }) => (presented === null ? [] : [{ name: hostName, key: presented }]));
  await expect(at.client.hostKeys.pin({ keys })).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
  expect((await at.client.hosts.get({ name: 'web-1' })).pinnedKeys).toEqual([]);
  expect(await at.client.hostKeys.pin({ keys: keys.slice(0, 1) })).toEqual({ pinned: 1 });
  expect(await at.client.hostKeys.pin({ keys: keys.slice(0, 1) })).toEqual({ pinned: 0 });
});
