import { median, printTable } from '../statistics.ts';
import type { CpuTimes } from './cpu-meter.ts';

/** What the window is held to (ui-aims.ts). */
export type UiAim = 'start' | 'map' | 'frames' | 'filter';

/** One thing measured several times; `cpu` beside each value where it was told. `aim`: what it counts for; left out, for none. */
export type Sample = {
  readonly what: string;
  readonly unit: 'ms' | 'MB';
  readonly values: readonly number[];
  readonly cpu?: readonly CpuTimes[];
  readonly aim?: UiAim;
};

export const shown = (value: number, unit: string): string => `${value < 10 && unit === 'ms' ? value.toFixed(1) : value.toFixed(0)} ${unit}`;

/** Median, best and worst of each, and the medians of the processor time that it took. */
export function printSamples(samples: readonly Sample[]): string {
  const rows = samples.map(({ what, unit, values, cpu = [] }) => {
    const spread =
      values.length === 0 ? ['not measured', '', ''] : [median(values), Math.min(...values), Math.max(...values)].map((value) => shown(value, unit));
    const spent = cpu.length === 0 ? ['', ''] : [median(cpu.map((one) => one.backendMs)), median(cpu.map((one) => one.browserMs))].map((ms) => shown(ms, 'ms'));
    return [what, ...spread, ...spent];
  });
  return printTable(['measured', 'median', 'best', 'worst', 'CPU, backend', 'CPU, browser'], rows);
}
