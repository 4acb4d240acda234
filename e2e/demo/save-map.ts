import { join } from 'node:path';
import { ensureRenderer } from '../../build/renderer/build-renderer.ts';
import { openWindow } from '../../main/browser/open-window.ts';
import { servePort } from '../../main/rpc/port.ts';
import { createBackend } from '../../main/services/backend.ts';
import type { Story } from './story-parts.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const READY_TIMEOUT_MS = 30_000;

/** The map as the window shows it, from the real renderer over the real workspace, as PNG of 1280×800 pixels. */
export async function saveMap({ workspacePath, outDir, log }: Pick<Story, 'workspacePath' | 'outDir' | 'log'>, fileName: string): Promise<void> {
  const rendererDir = await ensureRenderer(ROOT, log);
  const backend = createBackend({ workspacePath, user: 'demo' });
  const window = await openWindow({ rendererDir, connect: (port) => servePort(backend, port), size: { width: 1280, height: 800 }, headless: true });
  try {
    await window.page.evaluate(() => {
      location.hash = '#/map';
    });
    await window.page.waitForSelector('[data-map-ready="true"]', { timeout: READY_TIMEOUT_MS });
    await window.page.screenshot({ path: join(outDir, fileName) });
    log(`saved ${fileName}`);
  } finally {
    await window.close();
    await backend.close();
  }
}
