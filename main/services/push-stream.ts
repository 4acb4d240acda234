import { setTimeout as delay } from 'node:timers/promises';
import type { Push } from '../../shared/model/diff.ts';

/** Hands a push's states to whoever watches. A slow watcher gets the newest state, never a growing queue. */
export type PushStream = {
  publish(push: Push): void;
  /** No more states follow; `error` is what the watchers' iteration throws, when the push itself failed in us. */
  end(error?: unknown): void;
  /** The newest state first, then each later one; ends with the push. A watcher that leaves does not stop the push. */
  watch(): AsyncGenerator<Push, void, void>;
};

/** A state is the whole push. Ten steps of each of 500 hosts would be a gigabyte of text for a window that draws four pictures of it a second. */
const restMsFor = (push: Push): number => (push.hosts.length < 50 ? 0 : Math.min(250, push.hosts.length));

export function createPushStream(first: Push): PushStream {
  let newest = first;
  let serial = 1;
  let ended: { error?: unknown } | null = null;
  const over = Promise.withResolvers<void>();
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
      over.resolve();
      wakeAll();
    },
    async *watch() {
      let given = 0;
      for (;;) {
        if (given < serial) {
          given = serial;
          const rest = restMsFor(newest);
          yield newest;
          if (rest > 0) await Promise.race([delay(rest), over.promise]);
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
