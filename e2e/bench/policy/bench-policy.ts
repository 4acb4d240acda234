import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { printTable } from '../statistics.ts';
import { type Measured, printPolicyAims } from './policy-aims.ts';
import { runTask } from './run-task.ts';
import { isTaskName, type TaskName } from './tasks.ts';
import type { Size } from './timing.ts';

/**
 * `npm run bench:policy`: what the policy engine costs, on sites that a seeded generator makes. Needs about 4 GB and some minutes; `nft` and root for the check of files.
 * `--rounds N` (5 count), `--task NAME` (repeatable), `--short` (one round over small sites: proves that it works and nothing else).
 */
const { values } = parseArgs({ options: { rounds: { type: 'string' }, short: { type: 'boolean' }, task: { type: 'string', multiple: true } } });
const rounds = Number(values.rounds ?? (values.short ? 1 : 5));
if (!Number.isInteger(rounds) || rounds < 1 || values.task?.some((task) => !isTaskName(task))) {
  console.error('usage: bench-policy.ts [--rounds N] [--short] [--task compile|edit|service|verdicts|suggest|plan|terms]');
  process.exit(2);
}

const MILLION = 1_000_000;
const site = { hosts: 500, rules: 200 };
const limit = { hosts: 10_000, rules: 2000 };
const RUNS: readonly (readonly [TaskName, Size])[] = [
  ['compile', { ...site, flows: 0 }],
  ['compile', { ...limit, flows: 0 }],
  ['edit', { ...site, flows: 0 }],
  ['edit', { ...limit, flows: 0 }],
  ['service', { ...site, flows: 0 }],
  ['verdicts', { ...site, flows: MILLION }],
  ['verdicts', { ...limit, flows: MILLION }],
  ['verdicts', { ...limit, flows: 10 * MILLION }],
  ['suggest', { ...site, flows: MILLION }],
  ['plan', { ...site, flows: MILLION }],
  ['plan', { ...limit, flows: MILLION }],
  ['terms', { hosts: 1000, rules: 10_000, flows: 0 }],
];
const small = (size: Size): Size => ({ hosts: Math.min(40, size.hosts / 10), rules: Math.min(60, size.rules), flows: size.flows / 1000 });

console.log(`${cpus().length} cores (${cpus()[0]?.model}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, load ${loadavg()[0]?.toFixed(1)}; median of ${rounds}, each in a new process`);
const chosen = RUNS.filter(([task], i) => (values.task?.includes(task) ?? true) && !(values.short && RUNS.findIndex(([first]) => first === task) !== i));
const measured = chosen.map(([task, size]): Measured => {
  const run = values.short ? small(size) : size;
  console.error(`bench: ${task} ${describe(run)}`);
  return { task, size: run, result: runTask(task, run, rounds) };
});
console.log(`\n${printTable(['task', 'hosts × rules', 'flows', 'step', 'CPU ms', 'wall ms', 'peak MB'], measured.flatMap(toRows))}`);
console.log(`\n${printTable(['task', 'hosts × rules', 'flows', 'also', 'figure'], measured.flatMap(toCountRows))}`);
console.log(values.short ? '\nsmall sites: these figures prove that the benchmark works, and nothing else' : `\n${printPolicyAims(measured)}`);

function describe({ hosts, rules, flows }: Size): string {
  return `${hosts} × ${rules}${flows === 0 ? '' : `, ${flows} flows`}`;
}

function toRows({ task, size, result }: Measured): string[][] {
  return Object.entries(result.times).map(([step, { cpuMs, wallMs }], i) => [i === 0 ? task : '', `${size.hosts} × ${size.rules}`, String(size.flows), step, cpuMs.toFixed(1), wallMs.toFixed(1), i === 0 ? result.peakMb.toFixed(0) : '']);
}

function toCountRows({ task, size, result }: Measured): string[][] {
  return Object.entries(result.counts).map(([name, value]) => [task, `${size.hosts} × ${size.rules}`, String(size.flows), name, value >= 100 ? value.toFixed(0) : value.toFixed(2)]);
}
