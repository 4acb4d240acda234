import type { UtilityProcess } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { type KeychainAnswer, KeychainQuestion } from './keychain-messages.ts';

type Answer = Pick<KeychainAnswer, 'value' | 'renewed'>;

/** Answers the backend's questions to the keychain of the operating system, and nobody else's: no page gets here. Must be called once the app is ready. */
export function serveKeychain({ safeStorage }: Pick<ElectronApi, 'safeStorage'>, backend: Pick<UtilityProcess, 'on' | 'postMessage'>, platform: NodeJS.Platform): void {
  backend.on('message', (message: unknown) => {
    const question = KeychainQuestion.safeParse(message);
    if (!question.success) return;
    const { id } = question.data;
    const reply = (answer: Answer, failed: boolean) => backend.postMessage({ keychain: 'answer', id, failed, ...answer } satisfies KeychainAnswer);
    void answerFrom(safeStorage, platform, question.data).then((answer) => reply(answer, false), () => reply({ value: null, renewed: null }, true));
  });
}

async function answerFrom(safeStorage: ElectronApi['safeStorage'], platform: NodeJS.Platform, question: KeychainQuestion): Promise<Answer> {
  switch (question.ask) {
    case 'why-not':
      return { value: await whyNot(safeStorage, platform), renewed: null };
    case 'encrypt':
      return { value: (await safeStorage.encryptStringAsync(question.text)).toString('base64'), renewed: null };
    case 'decrypt': {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(question.ciphertext, 'base64'));
      return { value: result, renewed: shouldReEncrypt ? (await safeStorage.encryptStringAsync(result)).toString('base64') : null };
    }
  }
}

/** On Linux without a keyring Electron encrypts with a key that is in its source: that is refused. */
async function whyNot(safeStorage: ElectronApi['safeStorage'], platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
    return 'This desktop has no keyring (GNOME Keyring or KWallet) that answers. Without one a password would be stored so that whoever gets the file can read it.';
  return (await safeStorage.isAsyncEncryptionAvailable()) ? null : 'The keychain of this computer does not answer, or is locked.';
}
