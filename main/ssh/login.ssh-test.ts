import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthContext } from 'ssh2';
import { expect, test } from 'vitest';
import { makeSshBench, textLike } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';

const bench = makeSshBench();
const methodsOf = (log: { auth: { method: string }[] }) => log.auth.map((attempt) => attempt.method);
const onlyPassword = (right: string) => (context: AuthContext) => {
  if (context.method === 'password' && context.password === right) context.accept();
  else context.reject(['password']);
};

function aKeyFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-ssh-'));
  bench.after(() => rmSync(dir, { recursive: true }));
  return dir;
}
function aKeyFile(kind: 'ed25519' | 'ecdsa' | 'rsa', passphrase = ''): string {
  const keyPath = join(aKeyFolder(), 'id');
  execFileSync('ssh-keygen', ['-q', '-t', kind, ...(kind === 'rsa' ? ['-b', '2048'] : []), '-N', passphrase, '-f', keyPath]);
  return keyPath;
}

test.each(['ed25519', 'ecdsa', 'rsa'] as const)('an OpenSSH %s key file logs in', async (kind) => {
  const sshd = await bench.sshd({ onAuth: (context) => (context.method === 'publickey' ? context.accept() : context.reject()) });
  const target = aTarget(sshd, { identity: { kind: 'key-file', keyPath: aKeyFile(kind) } });
  expect((await bench.pool.run(target, aRequest())).exitCode).toBe(0);
});

test('a key that the host does not know is refused with its path, after one attempt', async () => {
  const sshd = await bench.sshd({ onAuth: (context) => context.reject(['publickey', 'password']) });
  const keyPath = aKeyFile('ed25519');
  expect(await failureOf(bench.pool.run(aTarget(sshd, { identity: { kind: 'key-file', keyPath } }), aRequest()))).toEqual({ code: 'SSH_AUTH_FAILED', payload: { host: 'web-1', user: 'ops', identity: keyPath } });
  expect(methodsOf(sshd.log)).toEqual(['publickey']);
});

test.each([
  ['is the public one', () => `${aKeyFile('ed25519')}.pub`, 'it is a public key; the private one has the same name without .pub'],
  ['is not there', () => '/nowhere/id', 'no such file'],
  ['is a folder', () => aKeyFolder(), 'it is a directory'],
  ['is something else', () => { const path = join(aKeyFolder(), 'x'); writeFileSync(path, 'hello'); return path; }, 'it is no private key that we know'],
])('a key file that %s is named with what to do', async (_what, make, detail) => {
  const sshd = await bench.sshd();
  const keyPath = make();
  expect(await failureOf(bench.pool.run(aTarget(sshd, { identity: { kind: 'key-file', keyPath } }), aRequest()))).toEqual({ code: 'SSH_KEY_UNREADABLE', payload: { host: 'web-1', keyPath, detail } });
  expect(sshd.log.auth).toEqual([]);
});

test('a key in a real ssh-agent logs in', async () => {
  const socketPath = join(aKeyFolder(), 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: ['ignore', 'pipe', 'ignore'] });
  bench.after(() => void agent.kill());
  await once(agent.stdout, 'data');
  execFileSync('ssh-add', ['-q', aKeyFile('ed25519')], { env: { ...process.env, SSH_AUTH_SOCK: socketPath }, stdio: 'ignore' });
  const before = process.env.SSH_AUTH_SOCK;
  process.env.SSH_AUTH_SOCK = socketPath;
  bench.after(() => {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  });
  const sshd = await bench.sshd({ onAuth: (context) => (context.method === 'publickey' ? context.accept() : context.reject()) });
  expect((await bench.pool.run(aTarget(sshd, { identity: { kind: 'agent' } }), aRequest())).exitCode).toBe(0);
});

test.each([['no agent runs', undefined, /SSH_AUTH_SOCK is not set/], ['the agent is gone', '/nowhere/agent', /ssh-agent \(Failed to connect/]])('when %s, the refusal says so', async (_what, socketPath, identity) => {
  const before = process.env.SSH_AUTH_SOCK;
  if (socketPath === undefined) delete process.env.SSH_AUTH_SOCK;
  else process.env.SSH_AUTH_SOCK = socketPath;
  bench.after(() => {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  });
  const sshd = await bench.sshd();
  expect(await failureOf(bench.pool.run(aTarget(sshd, { identity: { kind: 'agent' } }), aRequest()))).toEqual({ code: 'SSH_AUTH_FAILED', payload: { host: 'web-1', user: 'ops', identity: textLike(identity) } });
});

test('a right password logs in', async () => {
  const sshd = await bench.sshd({ onAuth: onlyPassword('let me in') });
  expect((await bench.pool.run(aTarget(sshd), aRequest())).exitCode).toBe(0);
  expect(methodsOf(sshd.log)).toEqual(['none', 'password']);
});

test('a wrong password is tried once', async () => {
  const sshd = await bench.sshd({ onAuth: onlyPassword('another') });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toEqual({ code: 'SSH_AUTH_FAILED', payload: { host: 'web-1', user: 'ops', identity: 'a password' } });
  expect(methodsOf(sshd.log)).toEqual(['none', 'password']);
});

test('a password that nobody gave is asked for, and nothing is sent', async () => {
  const sshd = await bench.sshd({ onAuth: onlyPassword('x') });
  const secrets = () => ({ sshPassword: null, sudoPassword: null });
  expect(await failureOf(bench.pool.run(aTarget(sshd, { secrets }), aRequest()))).toEqual({ code: 'SSH_PASSWORD_NEEDED', payload: { host: 'web-1', user: 'ops' } });
  expect(methodsOf(sshd.log)).toEqual(['none']);
});

test('a host that asks on the keyboard gets the password at the first prompt and nothing at a second', async () => {
  const answers: string[][] = [];
  const onAuth = (context: AuthContext) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
    context.prompt([{ prompt: 'Password: ', echo: false }], (first) => {
      context.prompt([{ prompt: 'One-time code: ', echo: false }], (second) => {
        answers.push(first, second);
        context.reject(['keyboard-interactive']);
      });
    });
  };
  const sshd = await bench.sshd({ onAuth });
  expect((await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).code).toBe('SSH_AUTH_FAILED');
  expect(answers).toEqual([['let me in'], ['']]);
});

test('a host whose login takes keys only says so', async () => {
  const sshd = await bench.sshd({ onAuth: (context) => context.reject(['publickey']) });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toMatchObject({ code: 'SSH_AUTH_FAILED', payload: { identity: 'a password (the server accepts none)' } });
});

test('an expired password is a refusal, not a wait', async () => {
  const onAuth = (context: AuthContext) => {
    if (context.method !== 'password') return context.reject(['password']);
    context.requestChange('Change it now', () => undefined);
  };
  const sshd = await bench.sshd({ onAuth });
  expect(await failureOf(bench.pool.run(aTarget(sshd), aRequest()))).toMatchObject({ code: 'SSH_AUTH_FAILED', payload: { identity: textLike(/expired/) } });
});
