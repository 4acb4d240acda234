import type { Push } from '../../shared/model/diff.ts';

/** Hands a push's states to whoever watches. A slow watcher gets the newest state, never a growing queue. */
export type PushStream = {
  publish(push: Push): void;
  /** No more states follow; `error` is what the watchers' iteration throws, when the push itself failed in us. */
  end(error?: unknown): void;
  /** The newest state first, then each later one; ends with the push. A watcher that leaves does not stop the push. */
  watch(): AsyncGenerator<Push, void, void>;
};

export function createPushStream(first: Push): PushStream {
  let newest = first;
  let serial = 1;
  let ended: { error?: unknown } | null = null;
  const sleepers = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of sleepers) wake();
    sleepers.clear();
  };
  return {
    publish(push) {
      newest = push;
      serial += 1;
      wakeAll();
    },
    end(error) {
      ended = error === undefined ? {} : { error };
      wakeAll();
    },
    async *watch() {
      let given = 0;
      for (;;) {
        if (given < serial) {
          given = serial;
          yield newest;
        } else if (ended !== null) {
          if (ended.error !== undefined) throw ended.error;
          return;
        } else {
          await new Promise<void>((resolve) => sleepers.add(resolve));
        }
      }
    },
  };
}
