import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextBundleSeq, sealBundle } from './seal-bundle.ts';
import { publicKeyLine, signSsh, type SignatureNamespace } from './ssh-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519').privateKey;
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-sig-'));
  writeFileSync(join(dir, 'signers'), `firebreak namespaces="firebreak-bundle,firebreak-agent" ${publicKeyLine(privateKey)}\n`);
});
afterAll(() => rmSync(dir, { recursive: true }));

function accepts(message: string, signature: string, namespace: SignatureNamespace = 'firebreak-bundle'): boolean {
  writeFileSync(join(dir, 'sig'), signature);
  return spawnSync('ssh-keygen', ['-Y', 'verify', '-f', join(dir, 'signers'), '-I', 'firebreak', '-n', namespace, '-s', join(dir, 'sig')], { input: message }).status === 0;
}

describe('against OpenSSH’s own ssh-keygen', () => {
  test.each([['a text', 'hello\n'], ['nothing', ''], ['a megabyte', 'x'.repeat(1_000_000)], ['any bytes of UTF-8', '\u0000ü€\n\r\n']])('a signature over %s holds', (_what, message) => {
    expect(accepts(message, signSsh(privateKey, 'firebreak-bundle', message))).toBe(true);
  });

  test('another text, another namespace, another key and a changed signature do not hold', () => {
    const signature = signSsh(privateKey, 'firebreak-bundle', 'hello');
    expect(accepts('hello ', signature)).toBe(false);
    expect(accepts('hello', signature, 'firebreak-agent')).toBe(false);
    expect(accepts('hello', signSsh(other, 'firebreak-bundle', 'hello'))).toBe(false);
    expect(accepts('hello', signature.replace(/(.)\n(-----END)/, (_all, last, end) => `${last === 'A' ? 'B' : 'A'}\n${end}`))).toBe(false);
  });

  test('the public key is the one that ssh-keygen reads from the same key', () => {
    writeFileSync(join(dir, 'pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(dir, 'line'), publicKeyLine(publicKey));
    const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', join(dir, 'line')], { encoding: 'utf8' });
    expect(fingerprint).toMatch(/^256 SHA256:.{43} /);
    expect(publicKeyLine(privateKey)).toBe(publicKeyLine(publicKey));
  });
});

describe('a sealed bundle', () => {
  const text = '# firebreak bundle 1\n# host h_1\n# policy 3\n# hash 00\nrules\n';

  test('has its number behind the host, and the signature over all before it as comments at its end', () => {
    const sealed = sealBundle(privateKey, text, 17);
    const at = sealed.indexOf('# -----BEGIN SSH SIGNATURE-----\n');
    const signed = sealed.slice(0, at);
    expect(signed).toBe('# firebreak bundle 1\n# host h_1\n# seq 17\n# policy 3\n# hash 00\nrules\n');
    expect(sealed.slice(at)).toMatch(/^(# [A-Za-z0-9+/= -]+\n)+$/);
    expect(accepts(signed, sealed.slice(at).replaceAll(/^# /gm, ''))).toBe(true);
  });

  test('has a number above the host’s own and not below the clock', () => {
    expect(nextBundleSeq(0, 5_000_000)).toBe(5000);
    expect(nextBundleSeq(5000, 5_000_000)).toBe(5001);
    expect(nextBundleSeq(9000, 5_000_000)).toBe(9001);
  });
});
