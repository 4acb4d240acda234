import { median, printTable } from '../statistics.ts';
import { type Sample, shown, type UiAim } from './samples.ts';

const AIMS: Readonly<Record<UiAim, { readonly what: string; readonly limit: number; readonly unit: 'ms' }>> = {
  start: { what: 'cold start to a usable overview', limit: 1500, unit: 'ms' },
  map: { what: 'first readable map, 500 and 5,000 hosts', limit: 1000, unit: 'ms' },
  frames: { what: 'frames while panning and zooming, p95', limit: 33, unit: 'ms' },
  filter: { what: 'any filter or order of the flows', limit: 300, unit: 'ms' },
};

/** One line an aim: what was wanted, the slowest median of what counts for it, and what that was. */
export function printUiAims(samples: readonly Sample[]): string {
  const rows = Object.entries(AIMS).map(([aim, { what, limit, unit }]) => {
    const medians = samples
      .filter((sample) => sample.aim === aim && sample.values.length > 0)
      .map((sample) => ({ of: sample.what, value: median(sample.values) }));
    const slowest = medians.toSorted((a, b) => b.value - a.value)[0];
    const wanted = `< ${limit} ${unit}`;
    return slowest === undefined
      ? [what, wanted, 'not measured', '-', '']
      : [what, wanted, shown(slowest.value, unit), slowest.value < limit ? 'met' : 'missed', slowest.of];
  });
  return printTable(['aim', 'wanted', 'measured', 'verdict', 'slowest'], rows);
}
