import type { AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import { CertifiedAgent } from './certified-agent.ts';
import { prepareKeyLogin } from './key-login.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** What proves who we are: methods in the order in which they are tried, each at most once. */
export type Login = { next: (allowed: readonly AuthenticationType[] | null) => AnyAuthMethod | FirebreakError };

/**
 * Gets the target's identity ready: reads the key file and its certificate, or finds the agent's socket. Contacts no host. Gives a new login for each try.
 * @throws SSH_KEY_UNREADABLE, SSH_PASSPHRASE_NEEDED, SSH_CERTIFICATE_UNUSABLE, SSH_AUTH_FAILED (no agent runs here)
 */
export async function prepareLogin(target: ResolvedTarget): Promise<() => Login> {
  const { identity, user } = target;
  switch (identity.kind) {
    case 'key-file': {
      const { name, method } = await prepareKeyLogin(target, identity);
      return () => tryOnce(target, () => name, method);
    }
    case 'agent': {
      const socketPath = process.env.SSH_AUTH_SOCK;
      if (socketPath === undefined || socketPath === '') throw authFailed(target, 'ssh-agent (SSH_AUTH_SOCK is not set)');
      return () => {
        const agent = new CertifiedAgent(socketPath);
        return tryOnce(target, () => ['ssh-agent', ...agent.problems.map((problem) => `(${problem})`)].join(' '), { type: 'agent', username: user, agent });
      };
    }
    case 'password':
      return () => passwordLogin(target);
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

/** `nameIdentity` is asked once the method was refused. */
function tryOnce(target: ResolvedTarget, nameIdentity: () => string, method: AnyAuthMethod): Login {
  let tried = false;
  return {
    next: () => {
      if (tried) return authFailed(target, nameIdentity());
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
