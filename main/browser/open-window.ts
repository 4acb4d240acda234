import type { Page } from 'playwright-core';
import { attachWindow, closeQuietly } from './attach-window.ts';
import { launchAppWindow, launchHeadless } from './launch-chromium.ts';
import type { Connect } from './page-connections.ts';
import { saveDownloads } from './save-downloads.ts';

export type WindowOptions = {
  readonly rendererDir: string;
  /** Called once a load of the page with the backend's end of the port: `(port) => servePort(backend, port)`. */
  readonly connect: Connect;
  /** Pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Without a window, for tests and screenshots. */
  readonly headless: boolean;
  readonly colorScheme?: 'light' | 'dark';
  /** What the page is opened at, such as `#/flows`; its first screen when left out. */
  readonly startAt?: string;
  /** Where what the page stores is kept until the next window; not at all when left out. */
  readonly configDir?: string;
  readonly tell?: (line: string) => void;
};

export type OpenedWindow = {
  readonly page: Page;
  /** Resolves when the person closed the window, or the browser ended. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
};

async function openHeadless(options: WindowOptions): Promise<OpenedWindow> {
  const browser = await launchHeadless();
  try {
    const context = await browser.newContext({
      viewport: options.size,
      colorScheme: options.colorScheme ?? 'light',
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
    });
    const page = await attachWindow(context, options);
    return { page, closed: new Promise((resolve) => browser.once('disconnected', () => resolve())), close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openOnScreen(options: WindowOptions): Promise<OpenedWindow> {
  const context = await launchAppWindow(options.size);
  try {
    const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
    const page = await attachWindow(context, options);
    // On screen there is one window, whoever opens another; without one, tests open pages of their own (axe does).
    context.on('page', closeQuietly);
    saveDownloads(page, options.tell ?? (() => undefined));
    // Chromium outlives its last window on some systems; for us the window is the program.
    page.once('close', () => void context.close());
    return { page, closed: closed.then(() => context.close()), close: () => context.close() };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** Opens the console in an installed Chromium or Chrome; no port listens. @throws BROWSER_MISSING, BROWSER_FAILED */
export function openWindow(options: WindowOptions): Promise<OpenedWindow> {
  return options.headless ? openHeadless(options) : openOnScreen(options);
}
