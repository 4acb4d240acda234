import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Page } from 'playwright-core';

/** `flows.csv`, then `flows (2).csv`, …: nothing that is there is overwritten. */
function freePath(folder: string, name: string): string {
  const safe = basename(name).replace(/[^\w .()-]/g, '_') || 'download';
  const end = extname(safe);
  for (let n = 1; ; n += 1) {
    const path = join(folder, n === 1 ? safe : `${safe.slice(0, safe.length - end.length)} (${n})${end}`);
    if (!existsSync(path)) return path;
  }
}

/** Playwright keeps downloads in a folder that ends with the browser; this puts them where people look, and tells them where. */
export function saveDownloads(page: Page, tell: (line: string) => void): void {
  const folder = existsSync(join(homedir(), 'Downloads')) ? join(homedir(), 'Downloads') : homedir();
  page.on('download', (download) => {
    const path = freePath(folder, download.suggestedFilename());
    download.saveAs(path).then(
      () => tell(`saved ${path}`),
      (cause: unknown) => tell(`could not save ${path}: ${cause instanceof Error ? cause.message : String(cause)}`),
    );
  });
}
