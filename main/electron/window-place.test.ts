import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openConsoleWindow } from './console-window.ts';
import { FakeElectron } from './testing/fake-electron.ts';

let folder = '';
let configDir = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-window-'));
  configDir = join(folder, 'config');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the window in an Electron of its own, as a new start does. */
function open(screens?: FakeElectron['screens']) {
  const electron = new FakeElectron();
  if (screens !== undefined) electron.screens = screens;
  openConsoleWindow(electron.api, { preloadPath: '/p.cjs', configDir });
  const [window] = electron.windows;
  if (window === undefined) throw new Error('no window was opened');
  return window;
}

test('a window that was closed opens again where it was, in a file of the user alone', () => {
  const first = open();
  expect(first.options).toMatchObject({ x: 240, y: 70, width: 1440, height: 900 });
  first.bounds = { x: 100, y: 50, width: 1100, height: 700 };
  first.emit('close');
  expect(statSync(join(configDir, 'window.json')).mode & 0o777).toBe(0o600);
  const second = open();
  expect(second.options).toMatchObject({ x: 100, y: 50, width: 1100, height: 700, minWidth: 960, minHeight: 600 });
  second.emit('ready-to-show');
  expect([second.maximized, second.shown]).toEqual([false, true]);
});

test('one that was maximised is so again, and keeps what it had before', () => {
  const first = open();
  first.bounds = { x: 100, y: 50, width: 1100, height: 700 };
  first.maximized = true;
  first.emit('close');
  const second = open();
  expect(second.options).toMatchObject({ x: 100, y: 50, width: 1100, height: 700 });
  second.emit('ready-to-show');
  expect([second.maximized, second.shown]).toEqual([true, true]);
});

test('one whose screen is gone opens on the screen that is left', () => {
  const first = open([{ x: 0, y: 0, width: 1920, height: 1040 }, { x: 1920, y: 0, width: 1920, height: 1080 }]);
  first.bounds = { x: 2000, y: 50, width: 1100, height: 700 };
  first.emit('close');
  expect(open().options).toMatchObject({ x: 410, y: 170, width: 1100, height: 700 });
});

test.each(['{"v":1', '{"v":2,"window":{}}', '{"v":1,"window":{"bounds":{"x":"a"},"isMaximized":false}}', '{"v":1,"window":{"bounds":{"x":0,"y":0,"width":1e9,"height":1},"isMaximized":false}}'])(
  'a file that is not ours or half written counts as none and is written anew: %s',
  (text) => {
    open().emit('close');
    const path = join(configDir, 'window.json');
    writeFileSync(path, text);
    const window = open();
    expect(window.options).toMatchObject({ x: 240, y: 70, width: 1440, height: 900 });
    window.bounds = { x: 1, y: 2, width: 1000, height: 700 };
    window.emit('close');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ v: 1, window: { bounds: { x: 1, y: 2, width: 1000, height: 700 }, isMaximized: false } });
  },
);

test('a folder that cannot be written does not keep the window open, and is told', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  writeFileSync(join(folder, 'config'), 'a file');
  open().emit('close');
  expect(told.mock.calls.flat().join()).toMatch(/^The place of the window was not kept: /);
  told.mockRestore();
});
