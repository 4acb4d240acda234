import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { LabHost } from '../lab/host.ts';
import { enrol, makeWorkspace, openConsole } from '../main-job/lab-console.ts';
import { median, printTable } from './statistics.ts';

const MEASURE = readFileSync(new URL('./on-host/measure-run.py', import.meta.url), 'utf8');
const Measured = z.object({ code: z.number(), wallMs: z.number(), cpuMs: z.number(), peakSumKb: z.number(), peakOneKb: z.number(), largest: z.string() });
type Measured = z.infer<typeof Measured>;

const CGROUPS = 300;
const FLOW_COUNTS = [1_000, 10_000, 65_000] as const;
/** Those that hold most on a real host; a quarter of the flows in each. None takes more than 16,384. */
const FILLED_SETS = ['in4', 'out4', 'in4x', 'out4x'] as const;

export type CollectRow = {
  readonly flows: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakSumMb: number;
  readonly peakOneMb: number;
  readonly largest: string;
};
/** `startCpuMs`: what starting a process that does nothing costs on this machine, measured in between: the unit in which figures of two machines compare. */
export type CollectResult = { readonly rows: readonly CollectRow[]; readonly processesBetween: string; readonly startCpuMs: number };

const STARTS = 100;
const START_MANY = `i=0; while [ $i -lt ${STARTS} ]; do /bin/true; i=$((i + 1)); done`;

/** `firebreak-agent collect` on a lab host with 300 more cgroups, at rising numbers of recorded flows. */
export async function measureCollect(host: LabHost, sshKeyPath: string, rounds: number, log: (line: string) => void): Promise<CollectResult> {
  const workspace = makeWorkspace();
  const { client, backend } = openConsole(workspace.workspacePath);
  try {
    await enrol(client, [host], sshKeyPath);
  } finally {
    await backend.close();
    workspace.remove();
  }
  await host.run(`i=0; while [ $i -lt ${CGROUPS} ]; do mkdir -p /sys/fs/cgroup/system.slice/bench-$i.service; i=$((i + 1)); done`);
  const rows: CollectRow[] = [];
  const starts: number[] = [];
  for (const flows of FLOW_COUNTS) {
    await fillSets(host, flows);
    rows.push(await measureAt(host, flows, rounds));
    for (let round = 0; round < rounds; round += 1) starts.push((await measureOnce(host, 'cpu', ['sh', '-c', START_MANY])).cpuMs / STARTS);
    log(`collect: ${flows} flows`);
  }
  const processesBetween = (await host.run('ps -eo stat,rss,args | grep -v "^Z" | grep "[f]irebreak" || true')).trim();
  return { rows, processesBetween, startCpuMs: median(starts) };
}

async function fillSets(host: LabHost, flows: number): Promise<void> {
  const perSet = flows / FILLED_SETS.length;
  const statements = FILLED_SETS.map((set) => {
    const elements = Array.from({ length: perSet }, (_, i) => elementOf(set, i));
    return `flush set inet firebreak ${set}\nadd element inet firebreak ${set} { ${elements.join(', ')} }\n`;
  });
  await host.run(['nft', '-f', '-'], { stdin: statements.join(''), timeoutMs: 300_000 });
}

function elementOf(set: (typeof FILLED_SETS)[number], i: number): string {
  const flow = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} . tcp . ${1024 + (i % 5000)}`;
  const cgroup = `"system.slice/bench-${i % CGROUPS}.service"`;
  if (set === 'in4') return `${flow} . ${cgroup}`;
  return set === 'out4' ? `${flow} . ${i % 40} . ${cgroup}` : flow;
}

async function measureAt(host: LabHost, flows: number, rounds: number): Promise<CollectRow> {
  const cpu: Measured[] = [];
  const memory: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    cpu.push(await measureOnce(host, 'cpu'));
    memory.push(await measureOnce(host, 'memory'));
  }
  return {
    flows,
    cpuMs: median(cpu.map((one) => one.cpuMs)),
    wallMs: median(cpu.map((one) => one.wallMs)),
    peakSumMb: median(memory.map((one) => one.peakSumKb)) / 1024,
    peakOneMb: median(memory.map((one) => one.peakOneKb)) / 1024,
    largest: memory[0]?.largest ?? '',
  };
}

const COLLECT = ['/usr/local/sbin/firebreak-agent', 'collect'];

async function measureOnce(host: LabHost, what: 'cpu' | 'memory', words: readonly string[] = COLLECT): Promise<Measured> {
  const stdout = await host.run(['python3', '-c', MEASURE, what, ...words], { timeoutMs: 300_000 });
  const measured = Measured.parse(JSON.parse(stdout));
  if (measured.code !== 0) throw new Error(`${words.join(' ')} ended with ${measured.code}`);
  return measured;
}

export function printCollect({ rows, processesBetween, startCpuMs }: CollectResult): string {
  const cells = rows.map((row) => [
    String(row.flows),
    row.cpuMs.toFixed(0),
    (row.cpuMs / startCpuMs).toFixed(0),
    row.wallMs.toFixed(0),
    row.peakSumMb.toFixed(1),
    row.peakOneMb.toFixed(1),
    row.largest,
  ]);
  const table = printTable(['recorded flows', 'CPU ms', 'in process starts', 'wall ms', 'peak MB, all processes', 'peak MB, largest', 'which'], cells);
  return `${table}\none start of a process that does nothing: ${startCpuMs.toFixed(2)} ms of CPU\nresident between runs: ${processesBetween === '' ? 'no process, 0 MB' : processesBetween}`;
}
