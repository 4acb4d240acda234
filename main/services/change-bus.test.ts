import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createChangeBus } from './change-bus.ts';

describe('the change bus', () => {
  test('gives groups that change between two reads as one event, each once', async () => {
    const bus = createChangeBus(() => 1);
    const events = bus.subscribe();
    const first = events.next();
    bus.emit(['hosts', 'audit']);
    expect((await first).value).toEqual({ groups: ['hosts', 'audit'] });
    bus.emit(['flows']);
    bus.emit(['flows', 'policy']);
    expect((await events.next()).value).toEqual({ groups: ['flows', 'policy'] });
    await events.return();
  });

  test('ends a stream when its reader aborts', async () => {
    const bus = createChangeBus(() => 1);
    const stop = new AbortController();
    const next = bus.subscribe(stop.signal).next();
    await nextTurn();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('ends a stream that was aborted before it began', async () => {
    const bus = createChangeBus(() => 1);
    expect(await bus.subscribe(AbortSignal.abort()).next()).toEqual({ done: true, value: undefined });
  });

  test('ends every stream when it closes', async () => {
    const bus = createChangeBus(() => 1);
    const all = [bus.subscribe().next(), bus.subscribe().next()];
    await nextTurn();
    bus.close();
    expect(await Promise.all(all)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });
});
