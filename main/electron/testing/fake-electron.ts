import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import type { Bounds } from '../../../shared/window/window-place.ts';
import type { ElectronApi } from '../electron-api.ts';

type Handler = (...args: unknown[]) => unknown;

/** Remembers what was set, by name of the setter. */
class FakeSession {
  readonly handlers = new Map<string, Handler>();
  readonly protocol = { handle: (scheme: string, handler: Handler) => this.handlers.set(`protocol ${scheme}`, handler) };
  readonly webRequest = { onBeforeRequest: (handler: Handler) => this.handlers.set('onBeforeRequest', handler) };
  setPermissionRequestHandler = (handler: Handler) => this.handlers.set('setPermissionRequestHandler', handler);
  setPermissionCheckHandler = (handler: Handler) => this.handlers.set('setPermissionCheckHandler', handler);
  setDevicePermissionHandler = (handler: Handler) => this.handlers.set('setDevicePermissionHandler', handler);
  setDisplayMediaRequestHandler = (handler: Handler) => this.handlers.set('setDisplayMediaRequestHandler', handler);
}

export class FakeContents extends EventEmitter {
  windowOpenHandler: (() => unknown) | null = null;
  setWindowOpenHandler = (handler: () => unknown) => {
    this.windowOpenHandler = handler;
  };
  printToPDF = (options: unknown) => Promise.resolve(Buffer.from(`%PDF ${JSON.stringify(options)}`));
}

class FakeWindow extends EventEmitter {
  static readonly made: FakeWindow[] = [];
  readonly webContents = new FakeContents();
  shown = false;
  loaded = '';
  maximized = false;
  /** Where the person put it. */
  bounds: Bounds = { x: 0, y: 0, width: 1, height: 1 };
  readonly options: unknown;
  constructor(options: unknown) {
    super();
    this.options = options;
    FakeWindow.made.push(this);
  }
  show = () => {
    this.shown = true;
  };
  loadURL = (url: string) => {
    this.loaded = url;
    return Promise.resolve();
  };
  destroyed = false;
  destroy = () => {
    this.destroyed = true;
  };
  isMaximized = () => this.maximized;
  maximize = () => {
    this.maximized = true;
  };
  getNormalBounds = () => this.bounds;
  isMinimized = () => false;
  focus = () => undefined;
}

/** Encrypts so that a test sees that it did; nothing here is secure. */
class FakeSafeStorage {
  selected = 'gnome_libsecret';
  isThere = true;
  shouldReEncrypt = false;
  getSelectedStorageBackend = () => this.selected;
  isAsyncEncryptionAvailable = () => Promise.resolve(this.isThere);
  encryptStringAsync = (text: string) => Promise.resolve(Buffer.concat([Buffer.from('v10'), Buffer.from(text).map((byte) => byte ^ 0x5a)]));
  decryptStringAsync = (ciphertext: Buffer) => {
    if (!ciphertext.toString().startsWith('v10')) return Promise.reject(new Error(`cannot decrypt ${ciphertext.toString()}`));
    return Promise.resolve({ result: Buffer.from(ciphertext.subarray(3).map((byte) => byte ^ 0x5a)).toString(), shouldReEncrypt: this.shouldReEncrypt });
  };
}

class FakePort extends EventEmitter {
  closed = false;
  close = () => {
    this.closed = true;
  };
}

/** One Electron that is not there: records the order of what was called, and every handler that was set. */
export class FakeElectron {
  readonly calls: string[] = [];
  readonly session = new FakeSession();
  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    enableSandbox: () => this.calls.push('enableSandbox'),
    commandLine: { appendSwitch: (name: string, value?: string) => this.calls.push(`--${name}=${value}`) },
    requestSingleInstanceLock: () => this.calls.push('requestSingleInstanceLock') > 0 && this.isFirst,
    whenReady: () => Promise.resolve(this.calls.push('whenReady')),
    quit: () => this.calls.push('quit'),
    about: null as unknown,
    setAboutPanelOptions: (options: unknown) => {
      this.app.about = options;
    },
    exit: (code: number) => this.calls.push(`exit ${code}`),
  });
  /** What `shell.openPath` was given. */
  readonly opened: string[] = [];
  readonly safeStorage = new FakeSafeStorage();
  readonly schemes: unknown[] = [];
  readonly forks: unknown[][] = [];
  readonly backend = Object.assign(new EventEmitter(), {
    sent: [] as unknown[][],
    postMessage: (...args: unknown[]) => this.backend.sent.push(args),
    kill: () => this.calls.push('kill backend'),
  });
  /** What `ipcMain.handle` was given, by channel. */
  readonly answers = new Map<string, Handler>();
  readonly ipcMain = Object.assign(new EventEmitter(), { handle: (channel: string, handler: Handler) => this.answers.set(channel, handler) });
  readonly partitions: FakeSession[] = [];
  readonly windows = FakeWindow.made;
  menu: unknown = null;
  isFirst = true;
  /** Their areas without task bars; the first is the primary one. */
  screens: Bounds[] = [{ x: 0, y: 0, width: 1920, height: 1040 }];

  constructor() {
    FakeWindow.made.length = 0;
  }

  private displays = () => this.screens.map((workArea, id) => ({ id, workArea }));

  /** The one cast: a fake has only what the code under test calls. */
  get api(): ElectronApi {
    return {
      app: this.app,
      BrowserWindow: FakeWindow,
      ipcMain: this.ipcMain,
      Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: (menu: unknown) => {
          this.menu = menu;
          this.calls.push('setApplicationMenu');
        } },
      MessageChannelMain: class {
        port1 = new FakePort();
        port2 = new FakePort();
      },
      protocol: {
        registerSchemesAsPrivileged: (schemes: unknown[]) => {
          this.calls.push('registerSchemesAsPrivileged');
          this.schemes.push(...schemes);
        },
        handle: (scheme: string) => this.calls.push(`handle ${scheme}`),
      },
      safeStorage: this.safeStorage,
      screen: { getPrimaryDisplay: () => this.displays()[0], getAllDisplays: () => this.displays().toReversed() },
      session: {
        defaultSession: this.session,
        fromPartition: () => {
          const made = new FakeSession();
          this.partitions.push(made);
          return made;
        },
      },
      shell: { openPath: (path: string) => Promise.resolve(this.opened.push(path) > 1 ? 'no program for it' : '') },
      utilityProcess: {
        fork: (...args: unknown[]) => {
          this.forks.push(args);
          return this.backend;
        },
      },
    } as unknown as ElectronApi;
  }

  get asSession(): Session {
    return this.session as unknown as Session;
  }
}

export const asContents = (contents: FakeContents): WebContents => contents as unknown as WebContents;
