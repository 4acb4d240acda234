import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import type { SshIdentity } from '../../shared/model/host.ts';
import { CertifiedKey } from './certified-agent.ts';
import { errorDetail } from './inert-text.ts';
import { expandHome, readKeyFile } from './key-file.ts';
import type { ResolvedTarget } from './ssh-target.ts';
import { certificateProblem, parseCertificateLine, type UserCertificate } from './user-certificate.ts';

type KeyFile = Extract<SshIdentity, { kind: 'key-file' }>;

/** How to log in with a key file, and what a refusal calls it. @throws SSH_KEY_UNREADABLE, SSH_PASSPHRASE_NEEDED, SSH_CERTIFICATE_UNUSABLE */
export async function prepareKeyLogin(target: ResolvedTarget, identity: KeyFile): Promise<{ name: string; method: AnyAuthMethod }> {
  const { keyPath } = identity;
  const key = await openKey(target, keyPath);
  const found = await findCertificate(target, identity);
  if (found === null) return { name: keyPath, method: { type: 'publickey', username: target.user, key } };
  const problem = certificateProblem(found.certificate, { publicKey: key.getPublicSSH(), nowMs: Date.now() });
  if (problem !== null) throw unusable(target, found.path, problem);
  return { name: `${keyPath}, with its certificate for ${namesOf(found.certificate)}`, method: { type: 'agent', username: target.user, agent: new CertifiedKey(key, found.certificate) } };
}

/** A certificate without principals lets nobody in, unless sshd maps it; sshd's own words for it are in its log only. */
const namesOf = ({ principals }: UserCertificate): string => (principals.length === 0 ? 'no principal' : principals.slice(0, 5).join(', ') + (principals.length > 5 ? ' …' : ''));

async function openKey(target: ResolvedTarget, keyPath: string): Promise<ParsedKey> {
  const reading = await readKeyFile(keyPath, target.findUnlocked ?? (() => undefined));
  switch (reading.kind) {
    case 'open':
      return reading.key;
    case 'locked':
      throw new FirebreakError('SSH_PASSPHRASE_NEEDED', { host: target.hostName, keyPath });
    case 'unusable':
      throw new FirebreakError('SSH_KEY_UNREADABLE', { host: target.hostName, keyPath, detail: reading.detail }, { cause: reading.cause });
  }
}

/** The one that is named, which must be there; else the one beside the key, as ssh finds it (ssh(1), -i). Null: there is none. */
async function findCertificate(target: ResolvedTarget, { keyPath, certificatePath }: KeyFile): Promise<{ path: string; certificate: UserCertificate } | null> {
  const path = certificatePath ?? `${keyPath}-cert.pub`;
  const text = await readFile(expandHome(path), 'utf8').catch((error: unknown) => {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent && certificatePath === undefined) return null;
    throw unusable(target, path, isAbsent ? 'no such file' : errorDetail(error), error);
  });
  if (text === null) return null;
  const certificate = parseCertificateLine(text);
  if (certificate === undefined) throw unusable(target, path, 'it is no certificate of a kind that is presented (Ed25519, ECDSA and RSA keys, as ssh-keygen -s makes them)');
  return { path, certificate };
}

function unusable(target: ResolvedTarget, certificatePath: string, detail: string, cause?: unknown): FirebreakError {
  return new FirebreakError('SSH_CERTIFICATE_UNUSABLE', { host: target.hostName, certificatePath, detail }, { cause });
}
