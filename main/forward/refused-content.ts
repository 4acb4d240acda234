/** The receiver is there and has read the message, and will not have it: what is wrong is in the message, or in who reads it, and not in the way. */
export class RefusedContent extends Error {}

/** What of some messages is dealt with: so many from the beginning, all of them taken but for the first where `refused` gives the receiver's reason. */
export type SentAround = { readonly through: number; readonly refused: string | null };

/**
 * Sends messages in their order, or as many from the beginning as the receiver takes: all, half of them, a quarter… (what it got twice has the same id). One that it refuses alone is given up for, and only if it takes the one after it: who refuses each of
 * two has another reason than the message, and then nothing may be lost.
 * @throws what `send` throws
 */
export async function sendAround(texts: readonly string[], send: (texts: readonly string[]) => Promise<void>): Promise<SentAround> {
  for (let count = texts.length; ; count = Math.ceil(count / 2)) {
    try {
      await send(texts.slice(0, count));
      return { through: count, refused: null };
    } catch (error) {
      if (!(error instanceof RefusedContent) || texts.length === 1) throw error;
      if (count > 1) continue;
      await send(texts.slice(1, 2));
      return { through: 2, refused: error.message };
    }
  }
}
