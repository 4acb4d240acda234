import { setTimeout as delay } from 'node:timers/promises';

/** For set-ups, where `expect.poll` is not to be had: asks every 200 ms until the answer is as wanted; throws with the last one when it never is. */
export async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean, withinMs: number): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadlineMs) throw new Error(`after ${withinMs} ms still ${JSON.stringify(answer)}`);
    await delay(200);
  }
}
