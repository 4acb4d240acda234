import { KeychainAnswer, type KeychainQuestion } from './keychain-messages.ts';

/** What the backend uses of `process.parentPort`. */
type ParentPort = { postMessage(message: unknown): void; on(event: 'message', listener: (event: { data: unknown }) => void): unknown };
type Ask = KeychainQuestion extends infer Each ? (Each extends KeychainQuestion ? Omit<Each, 'id' | 'keychain'> : never) : never;

/** The keychain in the backend's shape (`services/keychain.ts`, which this layer does not know; the composition root joins them): questions to the main process, which started it. */
export function askKeychain(port: ParentPort) {
  const waiting = new Map<number, PromiseWithResolvers<KeychainAnswer>>();
  let lastId = 0;
  port.on('message', ({ data }) => {
    const answer = KeychainAnswer.safeParse(data);
    if (!answer.success) return;
    waiting.get(answer.data.id)?.resolve(answer.data);
    waiting.delete(answer.data.id);
  });
  const ask = async (question: Ask): Promise<KeychainAnswer> => {
    lastId += 1;
    const answered = Promise.withResolvers<KeychainAnswer>();
    waiting.set(lastId, answered);
    port.postMessage({ keychain: 'question', id: lastId, ...question });
    const answer = await answered.promise;
    if (answer.failed) throw new Error('the keychain of this computer refused');
    return answer;
  };
  return {
    whyNot: async (): Promise<string | null> => (await ask({ ask: 'why-not' })).value,
    encrypt: async (text: string): Promise<Buffer> => Buffer.from((await ask({ ask: 'encrypt', text })).value ?? '', 'base64'),
    decrypt: async (ciphertext: Buffer): Promise<{ text: string; renewed: Buffer | null }> => {
      const { value, renewed } = await ask({ ask: 'decrypt', ciphertext: ciphertext.toString('base64') });
      return { text: value ?? '', renewed: renewed === null ? null : Buffer.from(renewed, 'base64') };
    },
  };
}
