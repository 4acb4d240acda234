import PQueue from 'p-queue';

/** Prints a whole HTML document to PDF. One implementation over Chromium (main/browser), one over Electron's own engine. */
export type PdfPrinter = {
  /**
   * The page may use no script and reach nothing outside itself. Answers with the bytes of a tagged PDF whose paper size is the page's own.
   * @throws BROWSER_MISSING where there is nothing to print with
   */
  print(html: string): Promise<Uint8Array>;
};

const MAX_WAITING = 8;

/** The same printer, one document at a time: each print is a browser's worth of memory. Rejects where many wait already. */
export function oneAtATime(printer: PdfPrinter): PdfPrinter {
  const queue = new PQueue({ concurrency: 1 });
  return {
    print: (html) => {
      if (queue.size >= MAX_WAITING) return Promise.reject(new Error(`refused: ${queue.size} reports wait to be printed already; save this one when they are done`));
      return queue.add(() => printer.print(html));
    },
  };
}
