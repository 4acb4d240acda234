import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import type { ElectronApi } from '../electron-api.ts';

type Handler = (...args: unknown[]) => unknown;

/** Remembers what was set, by name of the setter. */
class FakeSession {
  readonly handlers = new Map<string, Handler>();
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
}

class FakeWindow extends EventEmitter {
  static readonly made: FakeWindow[] = [];
  readonly webContents = new FakeContents();
  shown = false;
  loaded = '';
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
  isMinimized = () => false;
  focus = () => undefined;
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
    requestSingleInstanceLock: () => this.calls.push('requestSingleInstanceLock') > 0 && this.isFirst,
    whenReady: () => Promise.resolve(this.calls.push('whenReady')),
    quit: () => this.calls.push('quit'),
    exit: (code: number) => this.calls.push(`exit ${code}`),
  });
  readonly schemes: unknown[] = [];
  readonly forks: unknown[][] = [];
  readonly backend = Object.assign(new EventEmitter(), {
    sent: [] as unknown[][],
    postMessage: (...args: unknown[]) => this.backend.sent.push(args),
    kill: () => this.calls.push('kill backend'),
  });
  readonly ipcMain = new EventEmitter();
  readonly windows = FakeWindow.made;
  isFirst = true;

  constructor() {
    FakeWindow.made.length = 0;
  }

  /** The one cast: a fake has only what the code under test calls. */
  get api(): ElectronApi {
    return {
      app: this.app,
      BrowserWindow: FakeWindow,
      ipcMain: this.ipcMain,
      Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => this.calls.push('setApplicationMenu') },
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
      session: { defaultSession: this.session },
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
