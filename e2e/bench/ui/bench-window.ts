import type { Page } from 'playwright-core';
import { ensureRenderer } from '../../../build/renderer/build-renderer.ts';
import { attachWindow } from '../../../main/browser/attach-window.ts';
import { launchHeadless } from '../../../main/browser/launch-chromium.ts';
import { servePort } from '../../../main/rpc/port.ts';
import { type Backend, createBackend } from '../../../main/services/backend.ts';
import { startWarmUp } from '../../../main/services/warm-up.ts';
import { BENCH_NOW_MS } from '../policy/synthetic-site.ts';
import { type CpuMeter, createCpuMeter } from './cpu-meter.ts';

export type BenchWindow = { readonly page: Page; readonly backend: Backend; readonly meter: CpuMeter; close(): Promise<void> };

/** Long enough for the worst; what takes longer is a failure and no figure. */
const PATIENCE_MS = 300_000;
const root = new URL('../../../', import.meta.url).pathname;

/** Built before anything is measured; the folder. */
export const buildPage = (): Promise<string> => ensureRenderer(root, (line) => console.error(`bench: ${line}`));

/**
 * The built page in a headless Chromium over a backend in this process, opened at a screen. Both clocks stand where the generated flows end when it opens; the page's goes on. (Playwright's own clock would replace the frames of the
 * browser by timers, and frames are what is measured.) `isPrepared`: with the warm-up that a window begins with.
 */
export async function openBenchWindow(rendererDir: string, workspacePath: string, startAt: string, isPrepared = true): Promise<BenchWindow> {
  const atOpen = process.cpuUsage();
  const backend = createBackend({ workspacePath, user: 'bench', nowMs: () => BENCH_NOW_MS });
  // As the desk of a window does.
  const warming = isPrepared ? startWarmUp(backend) : null;
  const browser = await launchHeadless();
  const close = async () => {
    warming?.stop();
    await browser.close();
    await backend.close();
  };
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(setClock, BENCH_NOW_MS);
    const page = await attachWindow(context, { rendererDir, connect: (port) => servePort(backend, port), startAt });
    return { page, backend, meter: await createCpuMeter(browser, atOpen), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs in the page, before its own code. */
function setClock(nowMs: number): void {
  const RealDate = Date;
  const shiftMs = nowMs - RealDate.now();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [RealDate.now() + shiftMs] : args, newTarget),
    get: (target, name) => (name === 'now' ? () => RealDate.now() + shiftMs : Reflect.get(target, name)),
  });
}

/** Of the page's own heap after a collection, and of the backend's process (that of the benchmark) as the system sees it; MB of 2^20 bytes. */
export async function readMemory(page: Page): Promise<{ pageMb: number; backendMb: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { pageMb: usedSize / 2 ** 20, backendMb: process.memoryUsage().rss / 2 ** 20 };
}
