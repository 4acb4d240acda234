/** Messages on their way to a page that asks for them: `push` never waits, `take` waits until there is one or the queue ends. */
export type MessageQueue = {
  push(message: string): void;
  /** All that came since the last `take`, in order, never empty; null once the queue has ended. One `take` at a time. */
  take(): Promise<readonly string[] | null>;
  end(): void;
};

export function createMessageQueue(): MessageQueue {
  let waiting: string[] = [];
  let ended = false;
  let wake: (() => void) | null = null;
  const signal = () => {
    wake?.();
    wake = null;
  };
  return {
    push: (message) => {
      if (ended) return;
      waiting.push(message);
      signal();
    },
    take: async () => {
      if (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const batch = waiting;
      waiting = [];
      return batch.length > 0 ? batch : null;
    },
    end: () => {
      ended = true;
      signal();
    },
  };
}
