declare global {
  interface Element {
    /** Never gives a script or an event handler a way in, whatever it is told. https://wicg.github.io/sanitizer-api/ */
    setHTML(html: string, options?: { readonly sanitizer: { readonly removeElements: readonly string[] } }): void;
  }
}

/** Of the head: said by the frame itself, or refused by its policy. */
const LEFT_OUT = ['title', 'meta', 'style'];

/**
 * Puts a report into an empty frame. The frame inherits our page's policy, which lets in neither `srcdoc` nor inline styles: so the browser's own sanitizer reads
 * the document, and its one style sheet is adopted.
 */
export function showReport(page: Document, html: string): void {
  const frame = page.defaultView;
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1];
  if (frame === null || style === undefined) return;
  const sheet = new frame.CSSStyleSheet();
  sheet.replaceSync(style);
  page.adoptedStyleSheets = [sheet];
  page.documentElement.lang = 'en';
  page.body.setHTML(html, { sanitizer: { removeElements: LEFT_OUT } });
  frame.scrollTo(0, 0);
}
