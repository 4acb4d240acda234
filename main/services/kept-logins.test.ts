import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeKeychain, makeFakeKeychain } from '../../e2e/fakehost/fake-keychain.ts';
import { makeUserCa } from '../../e2e/fakehost/user-ca.ts';
import { createWorkspace } from '../db/create-workspace.ts';
import { readLastLines } from '../log/read-log.ts';
import { createClient } from '../rpc/client.ts';
import { createBackend } from './backend.ts';
import { getHost } from './find-host.ts';
import { giveKeptLogins } from './kept-logins.ts';

const PASSWORD = 'plantedKeptSecret4711';
let folder: string;
let keychain: FakeKeychain;
let open: { close(): Promise<void> }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-kept-'));
  keychain = makeFakeKeychain();
  open = [];
  createWorkspace(join(folder, 'a.firebreak'));
});
afterEach(async () => {
  for (const backend of open) await backend.close();
  rmSync(folder, { recursive: true });
});

const filePath = () => join(folder, 'config', 'logins.json');
const readFile = () => readFileSync(filePath(), 'utf8');
/** A console, as a start of the window makes it; `chain` null: as the command line. */
function start(name = 'a.firebreak', chain: FakeKeychain | null = keychain) {
  const backend = createBackend({ workspacePath: join(folder, name), user: 'ada', configDir: join(folder, 'config'), log: { dir: join(folder, 'log'), from: 'backend' }, ...(chain === null ? {} : { keychain: chain }) });
  open.push(backend);
  return { backend, client: createClient(backend), secretsOf: (host: string) => backend.secrets.get(getHost(backend, host).id) };
}
type Started = ReturnType<typeof start>;
const ssh = { address: '10.0.0.1', port: 22, user: 'ops', identity: { kind: 'password' as const }, sudo: 'password' as const, jump: null };
const addDb = ({ client }: Started, change: Partial<typeof ssh> = {}) => client.hosts.add({ name: 'db-1', ssh: { ...ssh, ...change }, addresses: [], labels: {}, note: '' });
async function keepBoth({ client }: Started): Promise<void> {
  await client.hosts.unlock({ name: 'db-1', sshPassword: PASSWORD, sudoPassword: `${PASSWORD}-sudo` });
  await client.logins.keep({ kind: 'ssh-password', subject: 'db-1' });
  await client.logins.keep({ kind: 'sudo-password', subject: 'db-1' });
}

test('what is kept is there at the next start, encrypted in a file of the user’s own with mode 0600, and in no workspace', async () => {
  const first = start();
  await addDb(first);
  await keepBoth(first);
  expect(statSync(filePath()).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFile()).kept).toMatchObject([{ kind: 'ssh-password', subject: 'db-1', login: 'ops@10.0.0.1:22' }, { kind: 'sudo-password' }]);
  const audit = JSON.stringify(await first.client.audit.list({ limit: 50, beforeSeq: null }));
  expect(audit).toContain('SSH password kept in this computer’s keychain');
  await first.backend.close();
  for (const text of [readFile(), audit, readFileSync(join(folder, 'a.firebreak'), 'latin1')]) expect(text).not.toContain(PASSWORD);
  const second = start();
  await expect.poll(() => second.secretsOf('db-1')).toEqual({ sshPassword: PASSWORD, sudoPassword: `${PASSWORD}-sudo` });
});

test('nothing is kept unless it was asked for, and nothing that was not given', async () => {
  const at = start();
  await addDb(at);
  await at.client.hosts.unlock({ name: 'db-1', sshPassword: PASSWORD, sudoPassword: null });
  expect(await at.client.logins.keychain({})).toEqual({ whyNot: null, kept: [] });
  await expect(at.client.logins.keep({ kind: 'sudo-password', subject: 'db-1' })).rejects.toMatchObject({ code: 'SECRET_NOT_GIVEN' });
  await expect(at.client.logins.keep({ kind: 'ssh-password', subject: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('keeping again takes the place of what was kept; forgetting leaves this session what it has, and the next one nothing', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  await at.client.hosts.unlock({ name: 'db-1', sshPassword: 'another', sudoPassword: null });
  const { kept } = await at.client.logins.keep({ kind: 'ssh-password', subject: 'db-1' });
  expect(kept.map(({ kind }) => kind).toSorted()).toEqual(['ssh-password', 'sudo-password']);
  for (const { id } of kept) await at.client.logins.forget({ id });
  expect(at.secretsOf('db-1').sshPassword).toBe('another');
  expect(JSON.parse(readFile()).kept).toEqual([]);
  await expect(at.client.logins.forget({ id: kept[0]?.id ?? '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await at.backend.close();
  const next = start();
  await giveKeptLogins(next.backend);
  expect(next.secretsOf('db-1')).toEqual({ sshPassword: null, sudoPassword: null });
});

test('a password is given to the login that it was kept for, and not to a host that was moved to another address', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  at.backend.workspace.transaction((tx) => tx.run("UPDATE hosts SET ssh_json = replace(ssh_json, '10.0.0.1', '203.0.113.9')"));
  await at.backend.close();
  const next = start();
  await giveKeptLogins(next.backend);
  expect([next.secretsOf('db-1'), keychain.asked]).toEqual([{ sshPassword: null, sudoPassword: null }, 0]);
  expect((await next.client.logins.keychain({})).kept[0]?.problem).toBe('it was kept for ops@10.0.0.1:22, and the host is ops@203.0.113.9:22 now: give it again');
});

test('an entry whose clear part was changed to fit another host is not used', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  const { id } = await at.client.hosts.add({ name: 'evil', ssh: { ...ssh, address: '203.0.113.9' }, addresses: [], labels: {}, note: '' });
  const file = JSON.parse(readFile());
  writeFileSync(filePath(), JSON.stringify({ ...file, kept: file.kept.map((entry: object) => ({ ...entry, hostId: id, subject: 'evil', login: 'ops@203.0.113.9:22' })) }));
  const next = start();
  await giveKeptLogins(next.backend);
  expect(keychain.asked).toBeGreaterThan(0);
  expect(next.secretsOf('evil')).toEqual({ sshPassword: null, sudoPassword: null });
});

test('another workspace gets nothing, though a host there has the same name and address; what is kept for the first is listed as another’s', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  createWorkspace(join(folder, 'b.firebreak'));
  const other = start('b.firebreak');
  await addDb(other);
  await giveKeptLogins(other.backend);
  expect(other.secretsOf('db-1')).toEqual({ sshPassword: null, sudoPassword: null });
  expect((await other.client.logins.keychain({})).kept.map(({ isOfThisWorkspace }) => isOfThisWorkspace)).toEqual([false, false]);
});

test('where there is no keychain the reason is said, nothing is kept, and nothing is read; what is there can be listed and forgotten', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  await at.backend.close();
  const cli = start('a.firebreak', null);
  expect(cli.secretsOf('db-1').sshPassword).toBeNull();
  await cli.client.hosts.unlock({ name: 'db-1', sshPassword: PASSWORD, sudoPassword: null });
  await expect(cli.client.logins.keep({ kind: 'ssh-password', subject: 'db-1' })).rejects.toMatchObject({ code: 'KEYCHAIN_MISSING' });
  const { whyNot, kept } = await cli.client.logins.keychain({});
  expect([whyNot, kept.length]).toEqual([expect.stringContaining('the command line'), 2]);
  expect((await cli.client.logins.forget({ id: kept[0]?.id ?? '' })).kept).toHaveLength(1);
  keychain.why = 'no keyring';
  const locked = start();
  await giveKeptLogins(locked.backend);
  expect([locked.secretsOf('db-1').sudoPassword, keychain.asked]).toEqual([null, 0]);
});

test('a keychain that encrypts anew has the newer ciphertext kept', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  const before = JSON.parse(readFile()).kept[0].ciphertext;
  keychain.isRenewing = true;
  await giveKeptLogins(at.backend);
  expect(JSON.parse(readFile()).kept[0].ciphertext).not.toBe(before);
  keychain.isRenewing = false;
  await at.backend.close();
  const next = start();
  await expect.poll(() => next.secretsOf('db-1').sshPassword).toBe(PASSWORD);
});

test('a file that is not ours, and a keychain of another user, count as nothing kept; the log says which, without the secret', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  const next = start('a.firebreak', makeFakeKeychain());
  await giveKeptLogins(next.backend);
  expect(next.secretsOf('db-1').sshPassword).toBeNull();
  const log = readLastLines(join(folder, 'log'), 50).join('\n');
  expect(log).toContain('kept login not used');
  expect(log).not.toContain(PASSWORD);
  writeFileSync(filePath(), '{"v":1,"kept":"x"}');
  expect((await at.client.logins.keychain({})).kept).toEqual([]);
});

test('the file is closed to others even if it was open before', async () => {
  const at = start();
  await addDb(at);
  await keepBoth(at);
  chmodSync(filePath(), 0o644);
  await at.client.logins.keep({ kind: 'ssh-password', subject: 'db-1' });
  expect(statSync(filePath()).mode & 0o777).toBe(0o600);
});

test('a key file is unlocked for the session, once for all its hosts, and its passphrase can be kept', async () => {
  const ca = makeUserCa();
  const keyPath = ca.makeKey('ed25519', PASSWORD, ['-a', '1']);
  const at = start();
  for (const n of [1, 2]) await at.client.hosts.add({ name: `web-${n}`, ssh: { ...ssh, address: `10.0.0.${n}`, identity: { kind: 'key-file', keyPath }, sudo: 'none' }, addresses: [], labels: {}, note: '' });
  expect(await at.client.logins.keys({})).toEqual([{ keyPath, hosts: ['web-1', 'web-2'], state: 'locked', detail: null }]);
  await expect(at.client.logins.unlockKey({ keyPath, passphrase: 'wrong' })).rejects.toMatchObject({ code: 'SSH_PASSPHRASE_WRONG', data: { keyPath } });
  await expect(at.client.logins.unlockKey({ keyPath: '/etc/passwd', passphrase: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await at.client.logins.unlockKey({ keyPath, passphrase: PASSWORD });
  expect((await at.client.logins.keys({}))[0]?.state).toBe('open');
  expect(at.backend.secrets.known()).toEqual([PASSWORD]);
  await at.client.logins.keep({ kind: 'key-passphrase', subject: keyPath });
  const audit = JSON.stringify(await at.client.audit.list({ limit: 50, beforeSeq: null }));
  await at.backend.close();
  const next = start();
  await expect.poll(async () => (await next.client.logins.keys({}))[0]?.state).toBe('open');
  for (const text of [audit, readFile(), readFileSync(join(folder, 'a.firebreak'), 'latin1')]) expect(text).not.toContain(PASSWORD);
  writeFileSync(keyPath, 'no key');
  expect(await next.client.logins.keys({})).toMatchObject([{ state: 'unusable', detail: 'it is no private key that we know' }]);
  await expect(next.client.logins.unlockKey({ keyPath, passphrase: PASSWORD })).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  ca.remove();
});
