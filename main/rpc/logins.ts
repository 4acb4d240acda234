import { forgetLogin, keepLogin, viewKeychain } from '../services/kept-logins.ts';
import { listKeyFiles, unlockKey } from '../services/key-files.ts';
import { os } from './implementer.ts';

export const loginsRouter = {
  keys: os.logins.keys.handler(({ context }) => listKeyFiles(context)),
  unlockKey: os.logins.unlockKey.handler(async ({ context, input }) => {
    await unlockKey(context, input.keyPath, input.passphrase);
    return { ok: true } as const;
  }),
  keychain: os.logins.keychain.handler(({ context }) => viewKeychain(context)),
  keep: os.logins.keep.handler(({ context, input }) => keepLogin(context, input.kind, input.subject)),
  forget: os.logins.forget.handler(({ context, input }) => forgetLogin(context, input.id)),
};
