import { z } from 'zod';

/** Between the backend and Electron's main process, the only one that reaches the keychain. `id` joins an answer to its question. */
export const KeychainQuestion = z.discriminatedUnion('ask', [
  z.strictObject({ keychain: z.literal('question'), id: z.number().int(), ask: z.literal('why-not') }),
  z.strictObject({ keychain: z.literal('question'), id: z.number().int(), ask: z.literal('encrypt'), text: z.string() }),
  z.strictObject({ keychain: z.literal('question'), id: z.number().int(), ask: z.literal('decrypt'), ciphertext: z.base64() }),
]);
export type KeychainQuestion = z.infer<typeof KeychainQuestion>;

/** `value`: why not, or null; the ciphertext in base64; the text. `renewed`: a newer ciphertext of the text. `failed`: the system's keychain refused; its words stay where they are. */
export const KeychainAnswer = z.strictObject({ keychain: z.literal('answer'), id: z.number().int(), failed: z.boolean(), value: z.string().nullable(), renewed: z.base64().nullable() });
export type KeychainAnswer = z.infer<typeof KeychainAnswer>;
