import type { Browser, BrowserContext, BrowserType, LaunchOptions } from 'playwright-core';
import { FirebreakError } from '../../shared/errors.ts';
import { noNamesRule } from '../../shared/window/page-policy.ts';
import { findChromium, listTriedBrowsers } from './find-chromium.ts';

/**
 * Playwright turns Chromium's sandbox off unless told otherwise; we leave it on. Only tests, which run as root and open nothing but
 * our own page, may switch it off.
 */
const hasSandbox = () => process.env.FIREBREAK_TEST_NO_SANDBOX !== '1';

/** Loaded when a browser is started, and not with every command: it takes a quarter of a second. */
const loadChromium = async (): Promise<BrowserType> => (await import('playwright-core')).chromium;

/** Our page reaches nothing outside itself; neither should the browser around it, which asks for names of its maker's machines unless it can ask for none. */
const quiet = [`--host-resolver-rules=${noNamesRule}`, '--no-first-run', '--no-default-browser-check', '--disable-sync', '--disable-component-update', '--disable-domain-reliability', '--no-pings'];

function explain(executablePath: string, cause: unknown): FirebreakError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const detail = /Running as root without --no-sandbox/.test(text)
    ? 'it does not run as root'
    : (/(?:ERROR|FATAL):[^\n]*\] ?([^\n]+)/.exec(text)?.[1] ?? text.split('\n')[0] ?? 'no reason given');
  return new FirebreakError('BROWSER_FAILED', { path: executablePath, detail: detail.slice(0, 300) }, { cause });
}

function optionsFor(headless: boolean): LaunchOptions & { executablePath: string } {
  const executablePath = findChromium();
  if (executablePath === null) throw new FirebreakError('BROWSER_MISSING', { tried: listTriedBrowsers() });
  return {
    executablePath,
    headless,
    chromiumSandbox: hasSandbox(),
    args: quiet,
    timeout: 30_000,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

/** Nothing is drawn where only a PDF is printed; without them Chromium takes a good part less memory. */
const forPrinting = ['--disable-gpu', '--disable-software-rasterizer'];

/** Starts the installed Chromium without a window. `onlyPrints`: no page of it is ever drawn. @throws BROWSER_MISSING, BROWSER_FAILED */
export async function launchHeadless({ onlyPrints = false }: { readonly onlyPrints?: boolean } = {}): Promise<Browser> {
  const known = optionsFor(true);
  const options = onlyPrints ? { ...known, args: [...quiet, ...forPrinting] } : known;
  const chromium = await loadChromium();
  return chromium.launch(options).catch((cause: unknown) => Promise.reject(explain(options.executablePath, cause)));
}

/**
 * Starts the installed Chromium as one window without tabs and address bar. Its profile lives as long as the window (Playwright makes and
 * removes it): two windows never fight over one. How the page looks is kept beside it (kept-storage.ts). @throws BROWSER_MISSING, BROWSER_FAILED
 */
export async function launchAppWindow(size: { width: number; height: number }): Promise<BrowserContext> {
  const options = optionsFor(false);
  const args = [...quiet, '--app=about:blank', `--window-size=${size.width},${size.height}`];
  const chromium = await loadChromium();
  return chromium
    .launchPersistentContext('', {
      ...options,
      args,
      viewport: null,
      colorScheme: null,
      reducedMotion: null,
      ignoreDefaultArgs: ['--enable-automation'],
      serviceWorkers: 'block',
    })
    .catch((cause: unknown) => Promise.reject(explain(options.executablePath, cause)));
}
