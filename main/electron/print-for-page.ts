import { MAX_PRINTED_LENGTH } from '../../shared/contract/window-port.ts';
import { oneAtATime, type PdfPrinter } from '../reports/pdf-printer.ts';
import { isOurPage } from './backend-link.ts';
import type { ElectronApi } from './electron-api.ts';
import { printPdf } from './port-names.ts';

/** Answers our page's requests to print, and nobody else's: the PDF in base64, as preloads and pages pass strings. */
export function servePrinting({ ipcMain }: Pick<ElectronApi, 'ipcMain'>, printer: PdfPrinter): void {
  const queued = oneAtATime(printer);
  ipcMain.handle(printPdf, async (event, html: unknown) => {
    if (!isOurPage(event)) throw new Error('refused: not the console’s page');
    if (typeof html !== 'string' || html.length > MAX_PRINTED_LENGTH) throw new Error('refused: no document that can be printed');
    return Buffer.from(await queued.print(html)).toString('base64');
  });
}
