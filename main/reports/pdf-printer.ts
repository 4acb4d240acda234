/** Prints a whole HTML document to PDF. One implementation over Chromium (main/browser), one over Electron's own engine. */
export type PdfPrinter = {
  /**
   * The page may use no script and reach nothing outside itself. Answers with the bytes of a tagged PDF whose paper size is the page's own.
   * @throws BROWSER_MISSING where there is nothing to print with
   */
  print(html: string): Promise<Uint8Array>;
};
