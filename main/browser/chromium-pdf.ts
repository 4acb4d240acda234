import { oneAtATime, type PdfPrinter } from '../reports/pdf-printer.ts';
import { launchHeadless } from './launch-chromium.ts';
import { releaseMemory } from './release-memory.ts';

/**
 * Prints a whole HTML document with the installed Chromium, started for this one page. No script runs in it and nothing is fetched.
 * The answer is a tagged PDF with an outline; it is neither PDF/A nor flagged PDF/UA. @throws BROWSER_MISSING, BROWSER_FAILED
 */
export async function printPdfWithChromium(html: string): Promise<Uint8Array> {
  await releaseMemory();
  const browser = await launchHeadless({ onlyPrints: true });
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.setContent(html, { waitUntil: 'load' });
    return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  } finally {
    await browser.close();
  }
}

/** For a window, whose page may ask as often as it likes. */
export const chromiumPdfPrinter: PdfPrinter = oneAtATime({ print: printPdfWithChromium });
