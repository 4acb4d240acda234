import { openBenchWindow } from './bench-window.ts';
import type { CpuTimes } from './cpu-meter.ts';
import type { Sample } from './samples.ts';

/** From opening the workspace and starting the browser until the overview can be used, and until it has all its figures; and the latter of a page that is loaded again in a browser that runs. */
export async function measureStart(name: string, rendererDir: string, workspacePath: string, rounds: number): Promise<Sample[]> {
  const [usable, usableCpu, whole, reload, reloadCpu]: [number[], CpuTimes[], number[], number[], CpuTimes[]] = [[], [], [], [], []];
  for (let round = 0; round < rounds; round++) {
    const startedMs = performance.now();
    const window = await openBenchWindow(rendererDir, workspacePath, '');
    try {
      await window.page.waitForFunction(isUsable);
      usable.push(performance.now() - startedMs);
      usableCpu.push(await window.meter.sinceOpen());
      await window.page.waitForFunction(isWhole);
      whole.push(performance.now() - startedMs);
      const read = await window.meter.start();
      const reloadedMs = performance.now();
      await window.page.reload({ waitUntil: 'commit' });
      await window.page.waitForFunction(isWhole);
      reload.push(performance.now() - reloadedMs);
      reloadCpu.push(await read());
    } finally {
      await window.close();
    }
  }
  return [
    { what: `${name}: cold start to a usable overview, with browser`, unit: 'ms', values: usable, cpu: usableCpu, aim: 'start' },
    { what: `${name}: the same, with its trends of 30 days`, unit: 'ms', values: whole },
    { what: `${name}: page loaded again to the same`, unit: 'ms', values: reload, cpu: reloadCpu },
  ];
}

/** What needs somebody, coverage, zones and the record are there, and all of it can be pressed; only the strip of trends may be on its way. Runs in the page. */
const isUsable = (): boolean => document.querySelector('main h1')?.textContent === 'Overview' && document.querySelector('main .overview-columns') !== null;
/** Runs in the page. */
const isWhole = (): boolean => document.querySelector('main .overview-columns') !== null && document.querySelector('[data-loading]') === null;
