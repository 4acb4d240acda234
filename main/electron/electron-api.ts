/**
 * The parts of Electron that the console uses, handed in by index.ts. Nothing else imports the package at run time, so that
 * tests can hand in fakes: loading `electron` outside of Electron tries to download its runtime.
 */
export type ElectronApi = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'ipcMain' | 'Menu' | 'MessageChannelMain' | 'protocol' | 'safeStorage' | 'screen' | 'session' | 'shell' | 'utilityProcess'
>;
