import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { type Connect, createPageConnections, type PageConnections } from './page-connections.ts';
import { pageOrigin, servePage } from './serve-page.ts';

export type AttachOptions = {
  /** Folder of the built renderer (out/renderer). */
  readonly rendererDir: string;
  readonly connect: Connect;
};

/** The origin of a frame's document; opaque ones (about:blank, data:) are nobody. */
function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

/** Only the main frame of our page, showing our page, may call; whatever else holds the binding is refused. */
async function exposeBridge(context: BrowserContext, isOurs: (page: Page) => boolean, connections: PageConnections): Promise<void> {
  await context.exposeBinding('firebreakBridge', async ({ page, frame }, verb: unknown, id: unknown, text: unknown) => {
    if (!isOurs(page) || frame !== page.mainFrame() || originOf(frame.url()) !== pageOrigin) throw new Error('refused: not the console’s page');
    return connections.handle(verb, id, text);
  });
}

/** It may be gone already, which is what we want. */
export function closeQuietly(page: Page): void {
  page.close().catch(() => undefined);
}

/**
 * Makes a page of this context the console's window and loads it: our files, our port, and nothing else. Navigation to anywhere
 * else and requests to anywhere else fail, windows that the page opens are closed, permissions are denied. The backend's end of the port is
 * closed when the page is reloaded or closed.
 */
export async function attachWindow(context: BrowserContext, options: AttachOptions): Promise<Page> {
  const connections = createPageConnections(options.connect);
  const page = context.pages()[0] ?? (await context.newPage());
  await servePage(context, options.rendererDir);
  await exposeBridge(context, (caller) => caller === page, connections);
  await context.addInitScript(await readFile(new URL('./page-bridge.js', import.meta.url), 'utf8'));
  // Writing to the clipboard after a click (“copy”) is all that the page may do; the list denies everything that it leaves out.
  await context.grantPermissions(['clipboard-write'], { origin: pageOrigin });
  page.on('popup', closeQuietly);
  page.on('close', () => connections.close());
  page.on('crash', () => connections.close());
  await page.goto(`${pageOrigin}/`);
  return page;
}
