import { randomUUID } from 'node:crypto';
import type { PdfPrinter } from '../reports/pdf-printer.ts';
import type { ElectronApi } from './electron-api.ts';

/** Of the print window's own session alone. Not a data: address, which Chromium cuts off at two megabytes (url::kMaxURLChars). */
const printScheme = 'firebreak-print';
const printAddress = `${printScheme}://report/`;

/** Prints with Electron's own engine, in a hidden window without script, preload, network and memory of its own. */
export function createElectronPdfPrinter({ BrowserWindow, session }: Pick<ElectronApi, 'BrowserWindow' | 'session'>): PdfPrinter {
  return {
    print: async (html) => {
      const own = session.fromPartition(`firebreak-print-${randomUUID()}`);
      own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: details.url !== printAddress }));
      own.protocol.handle(printScheme, () => new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" } }));
      const window = new BrowserWindow({
        show: false,
        webPreferences: { session: own, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
      });
      try {
        await window.loadURL(printAddress);
        return await window.webContents.printToPDF({ preferCSSPageSize: true, printBackground: true, generateTaggedPDF: true, generateDocumentOutline: true });
      } finally {
        window.destroy();
      }
    },
  };
}
