import { contextBridge, ipcRenderer } from 'electron';
import type { WindowPort } from '../../shared/contract/window-port.ts';
import { askForPort, givePort, printPdf } from './port-names.ts';

/** What we use of the DOM's MessagePort; `main/` is compiled without the DOM's types. */
type PagePort = {
  postMessage(message: string): void;
  addEventListener(type: 'message' | 'close', listener: (event: { data?: unknown }) => void): void;
  start(): void;
};

/** Runs sandboxed before the page. The MessagePort stays in this world; only strings cross over to the page's. */
const outgoing: string[] = [];
const incoming: string[] = [];
const closeListeners: (() => void)[] = [];
let port: PagePort | null = null;
let listener: ((message: string) => void) | null = null;
let closed = false;

function end(): void {
  closed = true;
  for (const tell of closeListeners.splice(0)) tell();
}

function receive(message: unknown): void {
  if (typeof message !== 'string') return;
  if (listener === null) incoming.push(message);
  else listener(message);
}

const api: WindowPort = {
  postMessage: (message) => {
    if (typeof message !== 'string') throw new TypeError('firebreakPort takes strings');
    if (port === null) outgoing.push(message);
    else port.postMessage(message);
  },
  onMessage: (next) => {
    listener = next;
    for (const message of incoming.splice(0)) next(message);
  },
  onClose: (tell) => {
    if (closed) tell();
    else closeListeners.push(tell);
  },
  printPdf: (html) => ipcRenderer.invoke(printPdf, html),
};

// Electron's types give the DOM's MessagePort here, which does not resolve in `main/`.
ipcRenderer.once(givePort, ({ ports: [given] }: { ports: readonly PagePort[] }) => {
  if (given === undefined) return end();
  port = given;
  given.addEventListener('message', (message) => receive(message.data));
  given.addEventListener('close', end);
  given.start();
  for (const message of outgoing.splice(0)) given.postMessage(message);
});
ipcRenderer.send(askForPort);
contextBridge.exposeInMainWorld('firebreakPort', api);
