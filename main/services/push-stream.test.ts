import { expect, test } from 'vitest';
import { Push } from '../../shared/model/diff.ts';
import { createPushStream } from './push-stream.ts';

const aPush = (note: string, hosts: unknown[] = []) =>
  Push.parse({ id: 'p_000000000001', version: 1, kind: 'push', author: 'ada', note, startedAtMs: 0, endedAtMs: null, outcome: 'running', confirmWithinSeconds: 60, sessions: 'keep', hosts });
const notesOf = async (states: AsyncIterable<Push>) => {
  const notes: string[] = [];
  for await (const push of states) notes.push(push.note);
  return notes;
};

test('a watcher gets the newest state, not every one that it missed', async () => {
  const stream = createPushStream(aPush('first'));
  const states = stream.watch();
  expect((await states.next()).value?.note).toBe('first');
  stream.publish(aPush('second'));
  stream.publish(aPush('third'));
  stream.end();
  expect(await notesOf(states)).toEqual(['third']);
});

test('each of several watchers gets every state that it waits for, and the end', async () => {
  const stream = createPushStream(aPush('first'));
  const all = Promise.all([notesOf(stream.watch()), notesOf(stream.watch())]);
  stream.publish(aPush('last'));
  stream.end();
  expect(await all).toEqual([['first', 'last'], ['first', 'last']]);
});

test('a defect of ours reaches whoever watches, and nobody else', async () => {
  const stream = createPushStream(aPush('first'));
  stream.end(new Error('the disk is full'));
  await expect(notesOf(stream.watch())).rejects.toThrow('the disk is full');
});

test('of a push to many hosts a watcher is given a state now and then, and the last one at once', async () => {
  const hosts = Array.from({ length: 500 }, (_, n) => ({ host: `h_${String(n).padStart(12, '0')}`, hostName: `host-${n}`, step: 'planned', bundle: 'b', detail: '', changedAtMs: 0, wave: null, sessionsCut: null }));
  const stream = createPushStream(aPush('first', hosts));
  const notes = notesOf(stream.watch());
  for (let step = 0; step < 20; step += 1) {
    stream.publish(aPush(`step ${step}`, hosts));
    await new Promise(setImmediate);
  }
  stream.publish(aPush('last', hosts));
  stream.end();
  expect(await notes).toEqual(['first', 'last']);
});
