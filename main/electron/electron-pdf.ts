import { randomUUID } from 'node:crypto';
import type { PdfPrinter } from '../reports/pdf-printer.ts';
import type { ElectronApi } from './electron-api.ts';

/** Prints with Electron's own engine, in a hidden window without script, preload, network and memory of its own. */
export function createElectronPdfPrinter({ BrowserWindow, session }: Pick<ElectronApi, 'BrowserWindow' | 'session'>): PdfPrinter {
  return {
    print: async (html) => {
      const own = session.fromPartition(`firebreak-print-${randomUUID()}`);
      own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !details.url.startsWith('data:') }));
      const window = new BrowserWindow({
        show: false,
        webPreferences: { session: own, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
      });
      try {
        await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html, 'utf8').toString('base64')}`);
        return await window.webContents.printToPDF({ preferCSSPageSize: true, printBackground: true, generateTaggedPDF: true, generateDocumentOutline: true });
      } finally {
        window.destroy();
      }
    },
  };
}
