import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import { errorDetail } from './inert-text.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** What proves who we are: methods in the order in which they are tried, each at most once. */
export type Login = { next: (allowed: readonly AuthenticationType[] | null) => AnyAuthMethod | FirebreakError };

/**
 * Gets the target's identity ready: reads the key file or finds the agent's socket. Contacts no host.
 * @throws SSH_KEY_UNREADABLE, SSH_AUTH_FAILED (no agent runs here)
 */
export async function prepareLogin(target: ResolvedTarget): Promise<Login> {
  const { identity, user } = target;
  switch (identity.kind) {
    case 'key-file':
      return tryOnce(target, identity.keyPath, { type: 'publickey', username: user, key: await readKeyFile(target, identity.keyPath) });
    case 'agent': {
      const socketPath = process.env.SSH_AUTH_SOCK;
      if (socketPath === undefined || socketPath === '') throw authFailed(target, 'ssh-agent (SSH_AUTH_SOCK is not set)');
      return tryOnce(target, 'ssh-agent', { type: 'agent', username: user, agent: socketPath });
    }
    case 'password':
      return passwordLogin(target);
  }
}

/** Turns a login into ssh2's callback form. `onGiveUp` is called once when nothing is left to try. */
export function authHandlerFor(login: Login, onGiveUp: (error: FirebreakError) => void): AuthHandlerMiddleware {
  return (allowed, _partialSuccess, next) => {
    // ssh2 passes null at the first call, whatever its types say: the server has not named its methods yet.
    const method = login.next(allowed);
    if (method instanceof FirebreakError) onGiveUp(method);
    else next(method);
  };
}

/** What SSH_AUTH_FAILED names as the identity. */
export function identityText({ identity }: ResolvedTarget): string {
  return identity.kind === 'key-file' ? identity.keyPath : identity.kind === 'agent' ? 'ssh-agent' : 'a password';
}

export function authFailed(target: ResolvedTarget, identity: string): FirebreakError {
  return new FirebreakError('SSH_AUTH_FAILED', { host: target.hostName, user: target.user, identity });
}

function tryOnce(target: ResolvedTarget, identity: string, method: AnyAuthMethod): Login {
  let tried = false;
  return {
    next: () => {
      if (tried) return authFailed(target, identity);
      tried = true;
      return method;
    },
  };
}

/**
 * The password goes out once, by the one method that the server offers (`password`, else keyboard-interactive), so that a
 * wrong one costs one attempt. It is asked for only now: the host key has been verified.
 */
function passwordLogin(target: ResolvedTarget): Login {
  const username = target.user;
  let sent = false;
  return {
    next: (allowed) => {
      // RFC 4252 section 5.2: `none` asks which methods there are, and costs no attempt.
      if (allowed === null) return { type: 'none', username };
      const password = target.secrets().sshPassword;
      if (password === null) return new FirebreakError('SSH_PASSWORD_NEEDED', { host: target.hostName, user: username });
      if (sent) return authFailed(target, 'a password');
      sent = true;
      if (allowed.includes('password')) return { type: 'password', username, password };
      if (allowed.includes('keyboard-interactive')) return keyboardLogin(username, password);
      return authFailed(target, 'a password (the server accepts none)');
    },
  };
}

/** Answers the first single prompt with the password and every other one with nothing: a second prompt is a refusal. */
function keyboardLogin(username: string, password: string): AnyAuthMethod {
  let answered = false;
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _language, prompts, finish) => {
      const isPassword = !answered && prompts.length === 1;
      answered = true;
      finish(prompts.map(() => (isPassword ? password : '')));
    },
  };
}

async function readKeyFile(target: ResolvedTarget, keyPath: string): Promise<Buffer> {
  const refuse = (detail: string, cause?: unknown) => new FirebreakError('SSH_KEY_UNREADABLE', { host: target.hostName, keyPath, detail }, { cause });
  const path = keyPath.startsWith('~/') ? join(homedir(), keyPath.slice(2)) : keyPath;
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    throw refuse(fileProblem(error), error);
  }
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw refuse(keyProblem(parsed), parsed);
  if (!parsed.isPrivateKey()) throw refuse('it is a public key; the private one has the same name without .pub');
  return text;
}

function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a directory';
  return errorDetail(error);
}

function keyProblem(error: Error): string {
  if (/encrypted/i.test(error.message)) return 'it has a passphrase: load it with ssh-add and use the agent';
  if (/unsupported key format/i.test(error.message)) return 'it is no private key that we know';
  return errorDetail(error);
}
