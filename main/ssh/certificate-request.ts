/// <reference path="./ssh2-internals.d.ts" />
import type { Client } from 'ssh2';
import utils from 'ssh2/lib/protocol/utils.js';
import { FirebreakError } from '../../shared/errors.ts';
import { isCertificateKey } from './certificate-key.ts';
import { stringField } from './ssh-fields.ts';

type PublicKey = { readonly type: string; getPublicSSH(): Buffer };
type Signer = (data: Buffer, done: (signature: Buffer) => void) => void;
/** What of ssh2 1.17’s Protocol is needed; the version is pinned exactly, and the ssh ring logs in to OpenSSH through it. */
type Protocol = {
  authPK(username: string, key: PublicKey, algorithm: string | undefined, sign?: Signer): void;
  readonly _kex: { readonly sessionID: Buffer };
  readonly _packetRW: { readonly write: { readonly allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } };
  readonly _authsQueue: string[];
};

const USERAUTH_REQUEST = 50;

/**
 * Makes a connected client able to prove that it has the key of a certificate. ssh2 writes one name both for the algorithm of the request and inside the signature;
 * with a certificate they differ (`ssh-ed25519-cert-v01@openssh.com`, and `ssh-ed25519` in the signature), and OpenSSH refuses the former there. So that
 * one message (RFC 4252 section 7) is written here; all others, the question whether the host takes the certificate included, stay ssh2’s.
 */
export function signForCertificates(client: Client): void {
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (!isProtocol(protocol)) throw new FirebreakError('INTERNAL', { detail: 'this ssh2 is not the one that certificates were made to work with' });
  const { authPK } = protocol;
  protocol.authPK = (username, key, algorithm, sign) => {
    if (sign === undefined || !isCertificateKey(key)) return authPK.call(protocol, username, key, algorithm, sign);
    const request = Buffer.concat([Buffer.from([USERAUTH_REQUEST]), stringField(username), stringField('ssh-connection'), stringField('publickey'), Buffer.from([1]), stringField(key.type), stringField(key.getPublicSSH())]);
    sign(Buffer.concat([stringField(protocol._kex.sessionID), request]), (signature) => send(protocol, Buffer.concat([request, stringField(signature)])));
  };
}

/** As ssh2’s own messages go out. The queue says which request the answer belongs to. */
function send(protocol: Protocol, payload: Buffer): void {
  const { write } = protocol._packetRW;
  const packet = write.alloc(payload.length);
  packet.set(payload, write.allocStart);
  protocol._authsQueue.push('publickey');
  utils.sendPacket(protocol, write.finalize(packet));
}

function isProtocol(value: unknown): value is Protocol {
  return typeof value === 'object' && value !== null && 'authPK' in value && typeof value.authPK === 'function' && '_packetRW' in value && '_authsQueue' in value && Array.isArray(value._authsQueue) && typeof utils.sendPacket === 'function';
}
