import type { Page } from 'playwright-core';
import { openBenchWindow, readMemory } from './bench-window.ts';
import type { CpuTimes } from './cpu-meter.ts';
import type { Sample } from './samples.ts';

type Question = { readonly what: string; readonly search: string };

/** What people ask, from what every second flow fits to what a handful of five million does, and what none does. */
const QUESTIONS: readonly Question[] = [
  { what: 'all, newest first', search: 'period=all' },
  { what: 'last hour', search: 'period=1h' },
  { what: 'blocked', search: 'period=all&verdict=blocked' },
  { what: 'draft: blocked', search: 'period=all&draft=blocked' },
  { what: 'from an app', search: 'period=all&from=app%3Dapp2' },
  { what: 'from one host to one host', search: 'period=all&from=app%3Dapp2,role%3Dlb&to=app%3Dapp3,role%3Ddb' },
  { what: 'to a network', search: 'period=all&to=100.65.3.0%2F24' },
  { what: 'a service', search: 'period=all&service=tcp%2F5432' },
  { what: 'a rare port', search: 'period=all&service=tcp%2F2345' },
  { what: 'user and unit', search: 'period=all&user=backup&unit=cron' },
  { what: 'text of an address', search: 'period=all&text=100.64.7.9' },
  { what: 'text of a unit', search: 'period=all&text=node-exp' },
  { what: 'text that nothing has', search: 'period=all&text=nowhere' },
  { what: 'service, verdict and user', search: 'period=all&service=udp%2F123&verdict=blocked&user=deploy' },
  { what: 'oldest first', search: 'period=all&order=oldest' },
  { what: 'busiest first', search: 'period=all&order=busiest' },
];

const SCROLLS = 40;

/** The list of flows: its first rows after the workspace was opened; each question from the address until its first rows (or the word that there are none) are drawn, and until it is answered whole; then reading on by scrolling. */
export async function measureFlows(rendererDir: string, workspacePath: string, rounds: number): Promise<Sample[]> {
  const window = await openBenchWindow(rendererDir, workspacePath, '#/audit');
  try {
    const { page, meter } = window;
    await page.locator('main h1').waitFor();
    const asked = new Map(QUESTIONS.map(({ what }) => [what, { first: [], whole: [], cpu: [] } as Asked]));
    const readOpened = await meter.start();
    const opened = await ask(page, 'period=all');
    const openedCpu = await readOpened();
    for (let round = 0; round < rounds; round++) {
      // So that no answer is remembered by the page.
      await page.reload();
      await page.locator('main h1').waitFor();
      for (const { what, search } of QUESTIONS) {
        const read = await meter.start();
        const { firstMs, wholeMs } = await ask(page, search);
        const into = asked.get(what);
        into?.cpu.push(await read());
        into?.first.push(firstMs);
        into?.whole.push(wholeMs);
      }
    }
    const scrolled = await scroll(page, rounds);
    const memory = await readMemory(page);
    return [
      { what: 'flows: first rows of a workspace that was just opened', unit: 'ms', values: [opened.firstMs], cpu: [openedCpu] },
      ...[...asked].flatMap(([what, times]) => toSamples(what, times)),
      { what: `flows: a screen further, ${SCROLLS} times, until drawn`, unit: 'ms', values: scrolled, aim: 'filter' },
      { what: 'flows: memory of the page after scrolling', unit: 'MB', values: [memory.pageMb] },
      { what: 'flows: memory of the backend', unit: 'MB', values: [memory.backendMb] },
    ];
  } finally {
    await window.close();
  }
}

type Asked = { readonly first: number[]; readonly whole: number[]; readonly cpu: CpuTimes[] };
/** Less than this between the first rows and the last is one answer. */
const ONE_ANSWER_MS = 50;

function toSamples(what: string, { first, whole, cpu }: Asked): Sample[] {
  const isInParts = whole.some((ms, i) => ms - (first[i] ?? 0) > ONE_ANSWER_MS);
  return [
    { what: `flows: ${what}`, unit: 'ms', values: first, cpu, aim: 'filter' },
    ...(isInParts ? [{ what: `flows: ${what}, whole answer`, unit: 'ms', values: whole } as const] : []),
  ];
}

/** Runs in the page, so that nothing of the driver is in the time. Another screen is shown before, so that no rows of a former question are taken for an answer. */
function ask(page: Page, search: string): Promise<{ firstMs: number; wholeMs: number }> {
  return page.evaluate(async (wanted) => {
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const table = () => document.querySelector('[role=table][aria-label="Flows"]');
    location.hash = '#/audit';
    while (table() !== null || document.querySelector('main h1')?.textContent === 'Flows') await frame();
    const startedMs = performance.now();
    location.hash = `#/flows?${wanted}`;
    const hasRows = () => table()?.querySelector('.grid-body [role=row]') != null;
    const saysSo = () => document.querySelector('main .search-progress, main [role=table] .state-block') !== null;
    while (table() === null || table()?.closest('[aria-busy="true"]') != null || !(hasRows() || saysSo())) await frame();
    const firstMs = performance.now() - startedMs;
    while (document.querySelector('.search-progress[data-loading]') !== null) await frame();
    return { firstMs, wholeMs: performance.now() - startedMs };
  }, search);
}

/** From a turn of the wheel by a screen until the rows there are drawn. */
async function scroll(page: Page, rounds: number): Promise<number[]> {
  await ask(page, 'period=all');
  const times: number[] = [];
  for (let turn = 0; turn < SCROLLS * rounds; turn++) {
    times.push(
      await page.evaluate(async () => {
        const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
        const table = document.querySelector('[role=table][aria-label="Flows"]');
        if (table === null) throw new Error('the table is gone');
        const startedMs = performance.now();
        table.scrollTop += table.clientHeight;
        const target = table.scrollTop + table.clientHeight / 2;
        const isDrawn = () =>
          [...table.querySelectorAll('.grid-body [role=row]')].some(
            (row) => row instanceof HTMLElement && Math.abs(new DOMMatrix(getComputedStyle(row).transform).m42 - target) < table.clientHeight / 2,
          );
        while (!isDrawn() && performance.now() - startedMs < 20_000) await frame();
        return performance.now() - startedMs;
      }),
    );
  }
  return times;
}
