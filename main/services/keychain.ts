/** What the operating system encrypts for this user. Only Electron's window has one; everything else says why there is none. */
export type Keychain = {
  /** Null: it can be used. Asks nothing of the person. */
  whyNot(): Promise<string | null>;
  encrypt(text: string): Promise<Buffer>;
  /** `renewed`: the same under the keychain's newer key, to be stored instead; null: it is up to date. */
  decrypt(ciphertext: Buffer): Promise<{ text: string; renewed: Buffer | null }>;
};

export function noKeychain(why: string): Keychain {
  const refuse = () => Promise.reject(new Error('there is no keychain here'));
  return { whyNot: () => Promise.resolve(why), encrypt: refuse, decrypt: refuse };
}

export const WINDOW_HAS_NONE = 'Only Firebreak’s own window, as it is installed, reaches the keychain of this computer; the command line and a window in Chromium do not.';
