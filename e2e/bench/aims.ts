import type { CollectRow } from './collect-cost.ts';
import { printTable } from './statistics.ts';
import type { ThroughputRow } from './throughput.ts';

/** What the project wants to reach, against what was measured. */
export function printAims(throughput: readonly ThroughputRow[], collect: readonly CollectRow[]): string {
  const ratio = (name: string) => throughput.find((row) => row.name === name)?.toConntrack;
  const atLeast = (what: string, aim: number, measured: number | undefined) =>
    judge(what, `≥ ${aim}`, measured?.toFixed(3), measured === undefined ? undefined : measured - aim);
  const atMost = (what: string, aim: number, measured: number | undefined, unit: string) =>
    judge(what, `≤ ${aim} ${unit}`, measured === undefined ? undefined : `${measured.toFixed(1)} ${unit}`, measured === undefined ? undefined : aim - measured);
  const rows = [
    atLeast('observe vs conntrack only', 0.98, ratio('observe')),
    atLeast('enforce 10,000 peers vs conntrack only', 0.95, ratio('enforce 10000 peers')),
    atLeast('enforce 10,000 networks vs conntrack only', 0.92, ratio('enforce 10000 networks')),
    atMost('collect of 1,000 flows, CPU', 100, collect.find((row) => row.flows === 1_000)?.cpuMs, 'ms'),
    atMost('collect, memory of all its processes, worst', 64, collect.length === 0 ? undefined : Math.max(...collect.map((row) => row.peakSumMb)), 'MB'),
  ];
  return printTable(['aim', 'wanted', 'measured', 'verdict'], rows);
}

function judge(what: string, wanted: string, measured: string | undefined, margin: number | undefined): string[] {
  if (margin === undefined) return [what, wanted, 'not measured', '-'];
  return [what, wanted, measured ?? '', margin >= 0 ? 'met' : `missed by ${Math.abs(margin).toFixed(Math.abs(margin) < 1 ? 3 : 0)}`];
}
