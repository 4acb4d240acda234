import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KeyKind = 'ed25519' | 'ecdsa' | 'rsa';
/** `valid`: as ssh-keygen's -V takes it. */
export type Signing = { readonly principals: string; readonly valid?: string; readonly keyId?: string; readonly ofHost?: boolean };
export type UserCa = {
  readonly folder: string;
  /** For sshd's TrustedUserCAKeys. */
  readonly publicPath: string;
  /** A new key of its own folder; gives its path. */
  makeKey(kind: KeyKind, passphrase?: string, more?: readonly string[]): string;
  /** Puts `KEY-cert.pub` beside the key and gives its path. */
  certify(keyPath: string, signing: Signing): string;
  remove(): void;
};

/** An authority that signs keys of users, by OpenSSH's own tools. */
export function makeUserCa(): UserCa {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-ca-'));
  const keygen = (...args: readonly string[]) => execFileSync('ssh-keygen', ['-q', ...args], { stdio: 'pipe' });
  const caPath = join(folder, 'ca');
  keygen('-t', 'ed25519', '-N', '', '-f', caPath);
  return {
    folder,
    publicPath: `${caPath}.pub`,
    makeKey: (kind, passphrase = '', more = []) => {
      const keyPath = join(mkdtempSync(join(folder, 'key-')), 'id');
      keygen('-t', kind, ...(kind === 'rsa' ? ['-b', '2048'] : []), ...more, '-N', passphrase, '-f', keyPath);
      return keyPath;
    },
    certify: (keyPath, { principals, valid = '-1h:+1h', keyId = 'alice', ofHost = false }) => {
      keygen('-s', caPath, '-I', keyId, '-n', principals, '-V', valid, ...(ofHost ? ['-h'] : []), `${keyPath}.pub`);
      return `${keyPath}-cert.pub`;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A real ssh-agent in this process' SSH_AUTH_SOCK until `stop`, with these keys (and the certificates beside them, as ssh-add does). */
export async function startAgent(folder: string, keyPaths: readonly string[]): Promise<{ socketPath: string; stop: () => void }> {
  const socketPath = join(mkdtempSync(join(folder, 'agent-')), 'socket');
  const agent = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(agent.stdout, 'data');
  for (const keyPath of keyPaths) execFileSync('ssh-add', ['-q', keyPath], { env: { ...process.env, SSH_AUTH_SOCK: socketPath }, stdio: 'ignore' });
  const before = process.env.SSH_AUTH_SOCK;
  process.env.SSH_AUTH_SOCK = socketPath;
  const stop = () => {
    agent.kill();
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  };
  return { socketPath, stop };
}
