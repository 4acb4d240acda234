import ssh2 from 'ssh2';
import type { ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import { listAgentKeys, signWithAgent } from './ask-agent.ts';
import { isCertificateKey, makeCertificateKey, signAsSsh } from './certificate-key.ts';
import { certificateProblem, parseCertificate, type UserCertificate } from './user-certificate.ts';

type Listed = (error?: Error | null, keys?: ParsedKey[]) => void;

/** Presents the certificate of a key file, then the key itself, as ssh does: a host may know the one or the other. */
export class CertifiedKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: ParsedKey;
  readonly #certificate: UserCertificate;

  constructor(key: ParsedKey, certificate: UserCertificate) {
    super();
    this.#key = key;
    this.#certificate = certificate;
  }

  override getIdentities(listed: Listed): void {
    listed(null, [makeCertificateKey(this.#key, this.#certificate), this.#key]);
  }

  override sign(presented: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    const [tell, hash] = typeof options === 'function' ? [options, undefined] : [done, options.hash];
    tell?.(null, isCertificateKey(presented) ? signAsSsh(this.#key, this.#certificate.keyType, data) : this.#key.sign(data, hash));
  }
}

/** ssh-agent with the certificates that it holds: those that are valid first, then its keys. */
export class CertifiedAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #socketPath: string;
  readonly #plain: ssh2.BaseAgent;
  /** What is wrong with certificates that are not presented; known once the agent was asked. */
  readonly problems: string[] = [];

  constructor(socketPath: string) {
    super();
    this.#socketPath = socketPath;
    this.#plain = ssh2.createAgent(socketPath);
  }

  override getIdentities(listed: Listed): void {
    listAgentKeys(this.#socketPath).then((blobs) => listed(null, this.#sort(blobs)), listed);
  }

  override sign(presented: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    const tell = typeof options === 'function' ? options : (done ?? (() => undefined));
    if (isCertificateKey(presented)) signWithAgent(this.#socketPath, presented.getPublicSSH(), data).then((signature) => tell(null, signature), tell);
    else this.#plain.sign(presented, data, typeof options === 'function' ? {} : options, tell);
  }

  #sort(blobs: readonly Buffer[]): ParsedKey[] {
    const certified = blobs.flatMap((blob) => parseCertificate(blob) ?? []).flatMap((certificate) => this.#keyOf(certificate) ?? []);
    const plain = blobs.flatMap((blob) => parsePublic(blob) ?? []);
    return [...certified, ...plain];
  }

  #keyOf(certificate: UserCertificate): ParsedKey | undefined {
    const problem = certificateProblem(certificate, { publicKey: certificate.publicKey, nowMs: Date.now() });
    const key = parsePublic(certificate.publicKey);
    if (problem === null && key !== undefined) return makeCertificateKey(key, certificate);
    if (problem !== null) this.problems.push(`its certificate “${certificate.keyId}”: ${problem}`);
    return undefined;
  }
}

/** Undefined for kinds of key that ssh2 does not know, certificates among them. */
function parsePublic(blob: Buffer): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(blob);
  return parsed instanceof Error ? undefined : parsed;
}
