/** Channels between preload and main process; the first two carry ports, the third a document and its PDF in base64. */
export const askForPort = 'firebreak:ask-for-port';
export const givePort = 'firebreak:give-port';
export const printPdf = 'firebreak:print-pdf';
