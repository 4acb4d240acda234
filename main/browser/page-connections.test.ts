import { describe, expect, test } from 'vitest';
import { createPageConnections } from './page-connections.ts';

function echo() {
  let closes = 0;
  const connections = createPageConnections((port) => {
    port.onMessage((message) => port.postMessage(`echo ${message}`));
    port.onClose(() => {
      closes += 1;
    });
  });
  return { connections, closes: () => closes };
}

describe('connections of a page', () => {
  test('messages that came while nobody asked are given together, in order', async () => {
    const { connections } = echo();
    await connections.handle('open', 'a', '');
    await connections.handle('send', 'a', '1');
    await connections.handle('send', 'a', '2');
    expect(await connections.handle('receive', 'a', '')).toBe('["echo 1","echo 2"]');
  });

  test('who asks first waits for the next message', async () => {
    const { connections } = echo();
    await connections.handle('open', 'a', '');
    const answer = connections.handle('receive', 'a', '');
    await connections.handle('send', 'a', '1');
    expect(await answer).toBe('["echo 1"]');
  });

  test('a closed page ends the wait with null and tells the backend once', async () => {
    const { connections, closes } = echo();
    await connections.handle('open', 'a', '');
    const answer = connections.handle('receive', 'a', '');
    connections.close();
    connections.close();
    expect(await answer).toBeNull();
    expect(closes()).toBe(1);
  });

  test.each([
    ['send', 'b', 'x'],
    ['receive', 'b', ''],
    ['open', 'a', ''],
    ['other', 'a', ''],
    ['send', 7, 'x'],
    ['send', 'a', { x: 1 }],
    ['send', 'a', undefined],
  ])('refused: %j %j %j', async (verb, id, text) => {
    const { connections } = echo();
    await connections.handle('open', 'a', '');
    await expect(connections.handle(verb, id, text)).rejects.toThrow('refused');
  });

  test('the load before is refused once a new one has opened', async () => {
    const { connections, closes } = echo();
    await connections.handle('open', 'a', '');
    await connections.handle('open', 'b', '');
    await expect(connections.handle('send', 'a', 'x')).rejects.toThrow('refused');
    expect(closes()).toBe(1);
  });
});
