import { inertText } from './inert-text.ts';
import { SshFields, stringField } from './ssh-fields.ts';

/** A certificate of OpenSSH (PROTOCOL.certkeys): the public key of a user or host, and what an authority says of it. Its signature is the host’s to judge. */
export type UserCertificate = {
  /** The whole of it, as it is presented. */
  readonly blob: Buffer;
  /** Of the key inside: `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` … */
  readonly keyType: string;
  /** The key inside, as a public key of its own. */
  readonly publicKey: Buffer;
  readonly isForUsers: boolean;
  /** Inert; the authority chose it. */
  readonly keyId: string;
  readonly principals: readonly string[];
  /** Epoch ms; `Infinity`: for ever. Valid from the first on, and no more at the second. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
};

const TYPE = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521))-cert-v01@openssh\.com$/;
/** Fields of the public key, by its type; what stands between the nonce and the serial number. */
const KEY_FIELDS: Readonly<Record<string, number>> = { 'ssh-ed25519': 1, 'ssh-rsa': 2 };
const OF_USERS = 1;
const FOR_EVER = 0xffff_ffff_ffff_ffffn;

/** The certificate of a line as ssh-keygen -s writes it (`TYPE BASE64 COMMENT`), or undefined. */
export function parseCertificateLine(text: string): UserCertificate | undefined {
  const [type = '', base64 = ''] = text.trim().split(/\s+/);
  return TYPE.test(type) && /^[A-Za-z0-9+/]+=*$/.test(base64) ? parseCertificate(Buffer.from(base64, 'base64')) : undefined;
}

/** Undefined: it is none, of a kind of key that we do not log in with, or cut off. */
export function parseCertificate(blob: Buffer): UserCertificate | undefined {
  try {
    return readCertificate(blob);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readCertificate(blob: Buffer): UserCertificate | undefined {
  const fields = new SshFields(blob);
  const keyType = TYPE.exec(fields.text())?.[1];
  if (keyType === undefined) return undefined;
  fields.string();
  const keyFields = Array.from({ length: KEY_FIELDS[keyType] ?? 2 }, () => fields.string());
  fields.uint64();
  const isForUsers = fields.uint32() === OF_USERS;
  const keyId = inertText(fields.text());
  const principals = fields.texts().map(inertText);
  const [validFromMs, validUntilMs] = [epochMs(fields.uint64()), epochMs(fields.uint64())];
  return { blob, keyType, publicKey: Buffer.concat([keyType, ...keyFields].map(stringField)), isForUsers, keyId, principals, validFromMs, validUntilMs };
}

const epochMs = (seconds: bigint): number => (seconds === FOR_EVER ? Infinity : Number(seconds) * 1000);

/** Why nobody would be let in with it, whatever the host says; null: nothing is known against it. `publicKey`: of the key that it lies beside. */
export function certificateProblem(certificate: UserCertificate, { publicKey, nowMs }: { readonly publicKey: Buffer; readonly nowMs: number }): string | null {
  const { isForUsers, validFromMs, validUntilMs } = certificate;
  if (!isForUsers) return 'it is the certificate of a host, not of a user';
  if (!certificate.publicKey.equals(publicKey)) return 'it is for another key';
  if (nowMs >= validUntilMs) return `it expired at ${timeText(validUntilMs)}`;
  if (nowMs < validFromMs) return `it is not valid before ${timeText(validFromMs)}`;
  return null;
}

/** Dates beyond year 275760 are none to JavaScript. */
function timeText(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? 'the end of time' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
