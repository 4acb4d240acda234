import { createHash } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { type FindUnlocked, openWith, readKeyText, type KeyReading } from './key-file.ts';

/** Private keys that somebody gave the passphrase of. In memory only, for the session; by the content of their files, so that a file that changes is locked again. */
export type KeyRing = {
  find: FindUnlocked;
  /** Opens a key file for the session. Contacts nobody. `locked`: the passphrase is wrong. A file without one is `open` whatever is given. */
  unlock(keyPath: string, passphrase: string): Promise<KeyReading>;
  clear(): void;
};

export function createKeyRing(): KeyRing {
  const keys = new Map<string, ParsedKey>();
  const digestOf = (text: Buffer) => createHash('sha256').update(text).digest('hex');
  return {
    find: (text) => keys.get(digestOf(text)),
    unlock: async (keyPath, passphrase) => {
      const read = await readKeyText(keyPath);
      if (!Buffer.isBuffer(read)) return read;
      const reading = openWith(read, passphrase);
      if (reading.kind === 'open') keys.set(digestOf(read), reading.key);
      return reading;
    },
    clear: () => keys.clear(),
  };
}
