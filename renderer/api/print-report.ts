/** The report as a PDF, printed by the window that this page is in. Rejects where there is nothing to print with. */
export async function printReport(html: string): Promise<Blob> {
  const base64 = await window.firebreakPort.printPdf(html);
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: 'application/pdf' });
}
