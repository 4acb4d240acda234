import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keychain } from '../../main/services/keychain.ts';

export type FakeKeychain = Keychain & { /** Null: it works. */ why: string | null; /** What came to be decrypted, and how often. */ asked: number; /** As after a change of the system's own key: what was encrypted before is given back renewed. */ isRenewing: boolean };

/** A keychain with a key of its own, as one user on one computer has it. */
export function makeFakeKeychain(): FakeKeychain {
  const key = randomBytes(32);
  const encrypt = (text: string): Promise<Buffer> => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([iv, cipher.getAuthTag(), body]));
  };
  const keychain: FakeKeychain = {
    why: null,
    asked: 0,
    isRenewing: false,
    whyNot: () => Promise.resolve(keychain.why),
    encrypt,
    decrypt: async (ciphertext) => {
      keychain.asked += 1;
      const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, 12));
      decipher.setAuthTag(ciphertext.subarray(12, 28));
      const text = Buffer.concat([decipher.update(ciphertext.subarray(28)), decipher.final()]).toString('utf8');
      return { text, renewed: keychain.isRenewing ? await encrypt(text) : null };
    },
  };
  return keychain;
}
