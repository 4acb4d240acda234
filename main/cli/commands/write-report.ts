import { openWholeFile } from '../whole-file.ts';

export type PrintPdf = (html: string) => Promise<Uint8Array>;
export type ReportOptions = { out: string; since?: string; from?: string; to?: string; framework?: string };

/** Takes the place of what is there once it is whole; what fails leaves nothing, and a file of that name as it was. `newMode`: permissions where there is none. @throws FILE_NOT_WRITABLE */
export async function writeReport(path: string, bytes: Uint8Array | string, newMode = 0o666): Promise<void> {
  const file = await openWholeFile(path, newMode);
  try {
    await file.append(bytes);
    await file.finish();
  } finally {
    await file.drop();
  }
}
