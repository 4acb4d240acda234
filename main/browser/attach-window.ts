import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { MAX_PRINTED_LENGTH } from '../../shared/contract/window-port.ts';
import { chromiumPdfPrinter } from './chromium-pdf.ts';
import { keepStorage, KEPT_PREFIX, loadKeptStorage } from './kept-storage.ts';
import { type Connect, createPageConnections, type PageConnections } from './page-connections.ts';
import { pageOrigin, servePage } from './serve-page.ts';

export type AttachOptions = {
  /** Folder of the built renderer (out/renderer). */
  readonly rendererDir: string;
  readonly connect: Connect;
  /** What the page is opened at, such as `#/flows`; its first screen when left out. */
  readonly startAt?: string;
  /** Where what the page stores is kept, which else ends with the window's profile. */
  readonly configDir?: string;
};

/** The origin of a frame's document; opaque ones (about:blank, data:) are nobody. */
function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

/** Only the main frame of our page, showing our page, may call; whatever else holds the binding is refused. */
async function exposeBridge(context: BrowserContext, isOurs: (page: Page) => boolean, connections: PageConnections, configDir: string | undefined): Promise<void> {
  await context.exposeBinding('firebreakBridge', async ({ page, frame }, verb: unknown, id: unknown, text: unknown) => {
    if (!isOurs(page) || frame !== page.mainFrame() || originOf(frame.url()) !== pageOrigin) throw new Error('refused: not the console’s page');
    if (verb === 'keep') return keepForPage(configDir, text);
    return verb === 'print' ? printForPage(text) : connections.handle(verb, id, text);
  });
}

function keepForPage(configDir: string | undefined, text: unknown): null {
  if (typeof text !== 'string') throw new Error('refused: malformed call');
  if (configDir !== undefined) keepStorage(configDir, text);
  return null;
}

/** For the page's bridge: what was kept before, and that it is to be kept again; null where it is not. */
const keptText = (configDir: string | undefined): string => JSON.stringify(configDir === undefined ? null : { prefix: KEPT_PREFIX, entries: loadKeptStorage(configDir) });

/** In a browser of its own, which has none of the page's bridge. */
async function printForPage(html: unknown): Promise<string> {
  if (typeof html !== 'string' || html.length > MAX_PRINTED_LENGTH) throw new Error('refused: no document that can be printed');
  return Buffer.from(await chromiumPdfPrinter.print(html)).toString('base64');
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
  await exposeBridge(context, (caller) => caller === page, connections, options.configDir);
  const bridge = await readFile(new URL('./page-bridge.js', import.meta.url), 'utf8');
  await context.addInitScript(`globalThis.firebreakKept = ${keptText(options.configDir)};\n${bridge}`);
  // Writing to the clipboard after a click (“copy”) and, once the person switched that on in it, telling the desktop of alerts is all that the page may do; the list denies everything that it leaves out.
  await context.grantPermissions(['clipboard-write', 'notifications'], { origin: pageOrigin });
  page.on('popup', closeQuietly);
  page.on('close', () => connections.close());
  page.on('crash', () => connections.close());
  await page.goto(`${pageOrigin}/${options.startAt ?? ''}`);
  return page;
}
