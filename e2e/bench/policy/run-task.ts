import { spawnSync } from 'node:child_process';
import { median } from '../statistics.ts';
import type { TaskName } from './tasks.ts';
import { type Size, TaskResult } from './timing.ts';

/** More than any task needs, so that the collector works as it does where memory is not short; but where memory is what is to be shown, no more than it may take. */
const AMPLE = ['--max-old-space-size=6144'];
const TIGHT: Partial<Record<TaskName, readonly string[]>> = { terms: ['--max-old-space-size=160', '--max-semi-space-size=4'] };
const CHILD = new URL('./child.ts', import.meta.url).pathname;

/** Runs a task so often, each time in a new process, and gives the median of each figure. Throws with what the process said when it failed. */
export function runTask(task: TaskName, size: Size, rounds: number): TaskResult {
  const results = Array.from({ length: rounds }, () => runOnce(task, size));
  const [first] = results;
  if (!first) throw new Error('a benchmark without rounds');
  const medianOf = (read: (result: TaskResult) => number | undefined): number => median(results.flatMap((result) => read(result) ?? []));
  const times = Object.keys(first.times).map((name) => [name, { cpuMs: medianOf((one) => one.times[name]?.cpuMs), wallMs: medianOf((one) => one.times[name]?.wallMs) }] as const);
  const counts = Object.keys(first.counts).map((name) => [name, medianOf((one) => one.counts[name])] as const);
  return { times: Object.fromEntries(times), counts: Object.fromEntries(counts), peakMb: medianOf((one) => one.peakMb) };
}

function runOnce(task: TaskName, { hosts, rules, flows }: Size): TaskResult {
  const argv = [...(TIGHT[task] ?? AMPLE), CHILD, task, String(hosts), String(rules), String(flows)];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${task} ended with ${status ?? signal}: ${stderr.slice(-1000)}`);
  return TaskResult.parse(JSON.parse(stdout));
}
