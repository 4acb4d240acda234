import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeUserCa, type UserCa } from '../../../e2e/fakehost/user-ca.ts';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
let ca: UserCa;
let keyPath: string;
beforeEach(async () => {
  at = makeBackend();
  ca = makeUserCa();
  keyPath = ca.makeKey('ed25519', 'right', ['-a', '1']);
  for (const n of [1, 2, 3]) await at.client.hosts.add({ name: `web-${n}`, ssh: { address: `10.0.0.${n}`, port: 22, user: 'ops', identity: { kind: 'key-file', keyPath }, sudo: 'none', jump: null }, addresses: [], labels: {}, note: '' });
});
afterEach(async () => {
  ca.remove();
  await at.close();
});
/** Runs a command that asks hosts, with these answers at the terminal; gives the questions too. */
async function asking(...answers: string[]) {
  const questions: string[] = [];
  const answer = await runFirebreak(at, ['agent', 'status', '--all'], {
    ask: (question, { hidden }) => {
      questions.push(`${question}${hidden ? '(hidden)' : ''}`);
      return Promise.resolve(answers[questions.length - 1]);
    },
  });
  return { ...answer, questions };
}
const stateNow = async () => (await at.client.logins.keys({}))[0]?.state;

test('the passphrase of a key file is asked for once for all its hosts, hidden, and again when it is wrong', async () => {
  const { questions, err } = await asking('wrong', 'right');
  expect(questions).toEqual([`Passphrase of ${keyPath} (3 hosts): (hidden)`, `Passphrase of ${keyPath} (3 hosts): (hidden)`]);
  expect(err).toContain(`That is not the passphrase of ${keyPath}.`);
  expect(await stateNow()).toBe('open');
  expect((await asking()).questions).toEqual([]);
});

test('three wrong ones end the command before any host is contacted; an empty answer leaves the key locked and goes on', async () => {
  expect(await asking('a', 'b', 'c')).toMatchObject({ code: 1, err: expect.stringContaining('SSH_PASSPHRASE_WRONG') });
  const { questions, err } = await asking('');
  expect([questions.length, err.includes('SSH_PASSPHRASE_WRONG')]).toEqual([1, false]);
  expect(await stateNow()).toBe('locked');
});

test('what the window keeps is listed without its secret, said not to be read here, and forgotten', async () => {
  expect((await runFirebreak(at, ['keychain', 'list'])).out).toBe('Nothing is kept.');
  mkdirSync(at.backend.configDir, { recursive: true });
  const entry = { id: '00112233445566aa', kind: 'ssh-password', subject: 'web-1', login: 'ops@10.0.0.1:22', keptAtMs: 1, workspace: 'SHA256:x', hostId: at.hostId('web-1'), ciphertext: 'c2VjcmV0' };
  writeFileSync(join(at.backend.configDir, 'logins.json'), JSON.stringify({ v: 1, kept: [entry] }));
  expect((await runFirebreak(at, ['keychain', 'list'])).out).toMatch(/00112233445566aa +SSH password +web-1 +ops@10\.0\.0\.1:22 .*of another workspace/);
  const listed = (await runFirebreak(at, ['--json', 'keychain', 'list'])).out;
  expect(JSON.parse(listed)).toMatchObject({ whyNot: expect.stringContaining('the command line'), kept: [{ id: entry.id }] });
  expect(listed).not.toContain('c2VjcmV0');
  expect(await runFirebreak(at, ['keychain', 'forget', 'ffffffffffffffff'])).toMatchObject({ code: 1, err: expect.stringContaining('NOT_FOUND') });
  expect((await runFirebreak(at, ['keychain', 'forget', entry.id])).out).toBe('Forgotten. Nothing is kept now.');
});

test('a certificate is stored with the key file that it belongs to, and with nothing else', async () => {
  // Each command has the backend's seeded numbers anew, and would give the ids that these have.
  for (const n of [1, 2, 3]) await at.client.hosts.remove({ name: `web-${n}`, force: true });
  const add = (...more: string[]) => runFirebreak(at, ['--json', 'host', 'add', 'db-1', '--address', 'ops@10.0.9.9', ...more]);
  expect(await add('--identity', 'password', '--certificate', '/k-cert.pub')).toMatchObject({ code: 2, err: expect.stringContaining('goes with a key file') });
  const added = await add('--identity', keyPath, '--certificate', '/k-cert.pub');
  expect(JSON.parse(added.out).ssh?.identity, added.out + added.err).toEqual({ kind: 'key-file', keyPath, certificatePath: '/k-cert.pub' });
});
