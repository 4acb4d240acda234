import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { askKeychain } from './ask-keychain.ts';
import { serveKeychain } from './serve-keychain.ts';
import { FakeElectron } from './testing/fake-electron.ts';

/** The main process and the backend, joined as Electron joins them. */
function connect(platform: NodeJS.Platform = 'linux') {
  const electron = new FakeElectron();
  const [main, port] = [new EventEmitter(), new EventEmitter()];
  const crossed: unknown[] = [];
  serveKeychain(electron.api, Object.assign(main, { postMessage: (data: unknown) => void crossed.push(data) === undefined && port.emit('message', { data }) }) as unknown as Parameters<typeof serveKeychain>[1], platform);
  const keychain = askKeychain({ on: (event, listener) => port.on(event, listener), postMessage: (message) => void main.emit('message', message) });
  return { safeStorage: electron.safeStorage, keychain, main, crossed };
}

test('what the backend has encrypted comes back, and is not what was given', async () => {
  const { keychain } = connect();
  const ciphertext = await keychain.encrypt('secret ü');
  expect(ciphertext.toString()).not.toContain('secret');
  expect(await keychain.decrypt(ciphertext)).toEqual({ text: 'secret ü', renewed: null });
  expect(await keychain.whyNot()).toBeNull();
});

test.each(['basic_text', 'unknown'])('Linux without a keyring (%s) is refused, with the reason', async (selected) => {
  const { keychain, safeStorage } = connect();
  safeStorage.selected = selected;
  expect(await keychain.whyNot()).toMatch(/no keyring .* whoever gets the file can read it/);
});

test.each<NodeJS.Platform>(['darwin', 'win32'])('%s is not asked which keyring it has, only whether it answers', async (platform) => {
  const { keychain, safeStorage } = connect(platform);
  safeStorage.selected = 'basic_text';
  expect(await keychain.whyNot()).toBeNull();
  safeStorage.isThere = false;
  expect(await keychain.whyNot()).toMatch(/does not answer/);
});

test('a key that was changed meanwhile gives the ciphertext anew', async () => {
  const { keychain, safeStorage } = connect();
  const ciphertext = await keychain.encrypt('secret');
  safeStorage.shouldReEncrypt = true;
  const { text, renewed } = await keychain.decrypt(ciphertext);
  safeStorage.shouldReEncrypt = false;
  expect(text).toBe('secret');
  expect(await keychain.decrypt(renewed ?? Buffer.alloc(0))).toEqual({ text: 'secret', renewed: null });
});

test('a keychain that refuses is an error without its words, and messages of others are left alone', async () => {
  const { keychain, main, crossed } = connect();
  await expect(keychain.decrypt(Buffer.from('garbage'))).rejects.toThrow(/^the keychain of this computer refused$/);
  const before = crossed.length;
  for (const message of [null, 'x', { keychain: 'question', id: 1, ask: 'all' }, { keychain: 'answer', id: 1 }]) main.emit('message', message);
  await Promise.resolve();
  expect(crossed).toHaveLength(before);
});
