import type { Browser } from 'playwright-core';

/** Processor time in ms since something began: of the benchmark's own process, which is the backend's (what drives the browser counts to it), and of all processes of the browser. */
export type CpuTimes = { readonly backendMs: number; readonly browserMs: number };
/** `start` gives what reads the time since then; `sinceOpen` reads it from before the window was opened. */
export type CpuMeter = { start(): Promise<() => Promise<CpuTimes>>; sinceOpen(): Promise<CpuTimes> };

/** Other load on the machine hardly changes processor time, so it is told beside the time that a person waits. The browser tells its own (DevTools protocol, SystemInfo.getProcessInfo). */
export async function createCpuMeter(browser: Browser, atOpen: NodeJS.CpuUsage): Promise<CpuMeter> {
  const session = await browser.newBrowserCDPSession();
  const readBrowserMs = async () => (await session.send('SystemInfo.getProcessInfo')).processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  const read = async (before: NodeJS.CpuUsage, browserBeforeMs: number) => {
    const { user, system } = process.cpuUsage(before);
    return { backendMs: (user + system) / 1000, browserMs: (await readBrowserMs()) - browserBeforeMs };
  };
  return {
    start: async () => {
      const browserMs = await readBrowserMs();
      const before = process.cpuUsage();
      return () => read(before, browserMs);
    },
    sinceOpen: () => read(atOpen, 0),
  };
}
