import type { IpcMainEvent, MessagePortMain, UtilityProcess } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { pageScheme } from './page-protocol.ts';
import { askForPort, givePort } from './port-names.ts';

/** Only the main frame of a window that shows our page gets a port, or anything printed. Source: Electron security.md, item 17. */
export function isOurPage(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame !== event.sender.mainFrame) return false;
  const url = URL.canParse(frame.url) ? new URL(frame.url) : null;
  return url !== null && url.protocol === `${pageScheme}:` && url.host === 'firebreak';
}

/** Starts the backend in a process of its own, so that no query or compile ever stalls a window. */
export function forkBackend({ utilityProcess }: Pick<ElectronApi, 'utilityProcess'>, entryPath: string, args: readonly string[]): UtilityProcess {
  return utilityProcess.fork(entryPath, [...args], { serviceName: 'Firebreak backend', stdio: 'inherit' });
}

/**
 * Every load of the page that asks gets a new pair of ports: one end to the page, one to the backend. The pair of the load before
 * is closed, which ends the calls that it had open.
 */
export function linkPagesToBackend(
  { ipcMain, MessageChannelMain }: Pick<ElectronApi, 'ipcMain' | 'MessageChannelMain'>,
  backend: Pick<UtilityProcess, 'postMessage'>,
): void {
  const open = new Map<number, MessagePortMain>();
  ipcMain.on(askForPort, (event) => {
    if (!isOurPage(event)) return;
    open.get(event.sender.id)?.close();
    const { port1, port2 } = new MessageChannelMain();
    open.set(event.sender.id, port1);
    backend.postMessage(null, [port2]);
    event.senderFrame?.postMessage(givePort, null, [port1]);
  });
}
