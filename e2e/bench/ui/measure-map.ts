import { copyFileSync, rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { readDraft } from '../../../main/services/draft.ts';
import { quantile } from '../statistics.ts';
import { type BenchWindow, openBenchWindow, readMemory } from './bench-window.ts';
import type { CpuMeter, CpuTimes } from './cpu-meter.ts';
import { measureFrames } from './measure-frames.ts';
import type { Sample } from './samples.ts';

type Figures = {
  readonly first: number[];
  readonly firstCpu: CpuTimes[];
  readonly unprepared: number[];
  readonly unpreparedCpu: CpuTimes[];
  readonly expand: number[];
  readonly expandCpu: CpuTimes[];
  readonly again: number[];
  readonly againCpu: CpuTimes[];
  readonly frames: number[];
  readonly framesCpu: CpuTimes[];
  readonly pageMb: number[];
  readonly backendMb: number[];
};

/** The map of a workspace that was never looked at: first picture, a zone opened in it, moved with the mouse, and once more after the page was loaded again. Once with what a window prepares while it starts, once without any of it: for who goes to the map at once. Each takes a copy of the file, because places are remembered in it. */
export async function measureMap(name: string, rendererDir: string, workspacePath: string, rounds: number): Promise<Sample[]> {
  const figures: Figures = {
    first: [],
    firstCpu: [],
    unprepared: [],
    unpreparedCpu: [],
    expand: [],
    expandCpu: [],
    again: [],
    againCpu: [],
    frames: [],
    framesCpu: [],
    pageMb: [],
    backendMb: [],
  };
  const copy = `${workspacePath}.copy`;
  for (let round = 0; round < rounds; round++) {
    for (const isPrepared of [true, false]) {
      copyFileSync(workspacePath, copy);
      const window = await openBenchWindow(rendererDir, copy, '#/audit', isPrepared);
      try {
        await (isPrepared ? measureRound(window, figures) : measureUnprepared(window, figures));
      } finally {
        await window.close();
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true });
      }
    }
  }
  const { first, firstCpu, unprepared, unpreparedCpu, expand, expandCpu, again, againCpu, frames, framesCpu, pageMb, backendMb } = figures;
  return [
    { what: `${name}: first readable map`, unit: 'ms', values: first, cpu: firstCpu, aim: 'map' },
    { what: `${name}: the same, with nothing prepared`, unit: 'ms', values: unprepared, cpu: unpreparedCpu, aim: 'map' },
    { what: `${name}: expand a zone`, unit: 'ms', values: expand, cpu: expandCpu },
    { what: `${name}: page loaded again to the map`, unit: 'ms', values: again, cpu: againCpu },
    { what: `${name}: frame while panning and zooming, median`, unit: 'ms', values: [quantile(frames, 0.5)], cpu: framesCpu },
    { what: `${name}: the same, p95`, unit: 'ms', values: [quantile(frames, 0.95)], aim: 'frames' },
    { what: `${name}: memory of the page`, unit: 'MB', values: pageMb },
    { what: `${name}: memory of the backend`, unit: 'MB', values: backendMb },
  ];
}

async function timedBy(meter: CpuMeter, times: number[], cpu: CpuTimes[], work: () => Promise<number>): Promise<void> {
  const read = await meter.start();
  times.push(await work());
  cpu.push(await read());
}

async function measureUnprepared({ page, meter }: BenchWindow, into: Figures): Promise<void> {
  await page.locator('main h1').waitFor();
  await timedBy(meter, into.unprepared, into.unpreparedCpu, () => goTo(page, '#/map'));
}

async function measureRound({ page, backend, meter }: BenchWindow, into: Figures): Promise<void> {
  await page.locator('main h1').waitFor();
  const timed = (times: number[], cpu: CpuTimes[], work: () => Promise<number>) => timedBy(meter, times, cpu, work);
  await timed(into.first, into.firstCpu, () => goTo(page, '#/map'));
  const read = await meter.start();
  const frames = await measureFrames(page);
  const { backendMs, browserMs } = await read();
  into.frames.push(...frames);
  into.framesCpu.push({ backendMs: backendMs / frames.length, browserMs: browserMs / frames.length });
  const zone = readDraft(backend).policy.zones[0]?.name ?? '';
  await timed(into.expand, into.expandCpu, () => goTo(page, `#/map?open=${encodeURIComponent(JSON.stringify([`zone:${zone}`]))}`));
  const memory = await readMemory(page);
  into.pageMb.push(memory.pageMb);
  into.backendMb.push(memory.backendMb);
  await timed(into.again, into.againCpu, async () => {
    const startedMs = performance.now();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('[data-map-ready="true"]').waitFor({ state: 'attached' });
    return performance.now() - startedMs;
  });
}

/** From the change of the address until another picture than before is drawn, in ms. Runs in the page, so that nothing of the driver is in the time. A picture says in its name how much is in it; Cytoscape draws in the frame after that was written. */
function goTo(page: Page, address: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const picture = () => document.querySelector('[data-map-ready="true"]')?.getAttribute('aria-label') ?? null;
    const before = picture();
    const startedMs = performance.now();
    location.hash = wanted;
    while (picture() === null || picture() === before) await frame();
    await frame();
    await frame();
    return performance.now() - startedMs;
  }, address);
}
