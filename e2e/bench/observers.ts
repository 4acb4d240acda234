import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasProgram } from '../../build/debian/programs.ts';
import { type Arena, inServer, openArena } from './arena.ts';
import { CT_ONLY, OBSERVE, type Ruleset } from './rulesets.ts';
import { median, printTable, shuffled } from './statistics.ts';
import { connectFor, type Sample } from './throughput.ts';

/** A way to see connections. `argv` is a resident program that writes to OUT; what the kernel's sets see needs none. */
type Observer = { readonly name: string; readonly ruleset: Ruleset; readonly program?: string; readonly argv?: (out: string) => readonly string[] };

const toFile = (command: string) => (out: string) => ['sh', '-c', `exec ${command} >"$1" 2>/dev/null`, 'sh', out];
const OBSERVERS: readonly Observer[] = [
  { name: 'no observer (conntrack only)', ruleset: CT_ONLY },
  { name: 'firebreak observe (kernel sets)', ruleset: OBSERVE },
  { name: 'conntrack -E', ruleset: CT_ONLY, program: 'conntrack', argv: toFile('conntrack -E') },
  { name: 'conntrack -E -e NEW', ruleset: CT_ONLY, program: 'conntrack', argv: toFile('conntrack -E -e NEW') },
  { name: 'tcpdump -w, all packets', ruleset: CT_ONLY, program: 'tcpdump', argv: (out) => ['tcpdump', '-q', '-Z', 'root', '-i', 'v0', '-w', out] },
  {
    name: 'tcpdump -w, SYN only',
    ruleset: CT_ONLY,
    program: 'tcpdump',
    argv: (out) => ['tcpdump', '-q', '-Z', 'root', '-i', 'v0', '-w', out, 'tcp[13] & 18 = 2'],
  },
];
const CLOCK_TICKS_PER_SECOND = 100;

type Seen = { readonly sample: Sample; readonly cpuShare: number; readonly residentKb: number; readonly bytesPerSecond: number };

/** Each observer at each rate once a round, in random order. */
export async function measureObservers(trafficPath: string, rounds: number, seconds: number, log: (line: string) => void): Promise<string> {
  const observers = OBSERVERS.filter(({ program }) => program === undefined || hasProgram(program));
  for (const { name, program } of OBSERVERS) if (program !== undefined && !hasProgram(program)) log(`observers: ${name} left out: ${program} is not installed`);
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-'));
  const arenas = new Map<Observer, Arena>();
  const seen = new Map<string, Seen[]>();
  try {
    for (const [n, observer] of observers.entries()) {
      const arena = await openArena(`o${n}`, trafficPath);
      arenas.set(observer, arena);
      observer.ruleset.load(arena);
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const perSecond of [5_000, 10_000]) {
        for (const [observer, arena] of shuffled([...arenas])) {
          const key = `${observer.name}|${perSecond}`;
          seen.set(key, [...(seen.get(key) ?? []), await observeOnce(observer, arena, trafficPath, seconds, perSecond, join(folder, 'out'))]);
        }
      }
      log(`observers: round ${round} of ${rounds}`);
    }
    return printObservers(observers, seen, arenas);
  } finally {
    for (const arena of arenas.values()) await arena.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function observeOnce(observer: Observer, arena: Arena, trafficPath: string, seconds: number, perSecond: number, outPath: string): Promise<Seen> {
  rmSync(outPath, { force: true });
  const argv = observer.argv?.(outPath);
  // On the core that the traffic does not use, but before whatever else runs there.
  const child =
    argv === undefined ? undefined : spawn('ip', ['netns', 'exec', arena.serverNs, 'nice', '-n', '-20', 'taskset', '-c', '0', ...argv], { stdio: 'ignore' });
  try {
    if (child) await delay(500);
    const before = child ? readProcess(child) : undefined;
    const sample = connectFor(arena, trafficPath, seconds, perSecond);
    const after = child ? readProcess(child) : undefined;
    const cpuShare = before && after ? (after.ticks - before.ticks) / CLOCK_TICKS_PER_SECOND / sample.seconds : 0;
    return { sample, cpuShare, residentKb: after?.residentKb ?? 0, bytesPerSecond: child ? sizeOf(outPath) / sample.seconds : 0 };
  } finally {
    await endProcess(child);
  }
}

async function endProcess(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** User and system time in ticks and memory of a process, from proc(5). */
function readProcess(child: ChildProcess): { ticks: number; residentKb: number } {
  const fields = (readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1] ?? '').split(' ');
  const residentKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0);
  return { ticks: Number(fields[11]) + Number(fields[12]), residentKb };
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function printObservers(observers: readonly Observer[], seen: ReadonlyMap<string, readonly Seen[]>, arenas: ReadonlyMap<Observer, Arena>): string {
  const rows = [5_000, 10_000].flatMap((perSecond) =>
    observers.map((observer) => {
      const all = seen.get(`${observer.name}|${perSecond}`) ?? [];
      const of = (pick: (one: Seen) => number) => median(all.map(pick));
      return [
        observer.name,
        String(perSecond),
        of((one) => one.sample.connections / one.sample.seconds).toFixed(0),
        `${(100 * of((one) => one.cpuShare)).toFixed(1)} %`,
        (of((one) => one.residentKb) / 1024).toFixed(1),
        (of((one) => one.bytesPerSecond) / 1024).toFixed(0),
        of((one) => one.sample.p50Us).toFixed(1),
        of((one) => one.sample.p99Us).toFixed(1),
      ];
    }),
  );
  const table = printTable(['observer', 'asked/s', 'got/s', 'its CPU', 'resident MB', 'written kB/s', 'p50 µs', 'p99 µs'], rows);
  return `${table}\n${compareCounts(observers, seen, arenas)}`;
}

/** The kernel's own count against the connections that were made: nothing may be missing. */
function compareCounts(observers: readonly Observer[], seen: ReadonlyMap<string, readonly Seen[]>, arenas: ReadonlyMap<Observer, Arena>): string {
  const observer = observers.find((one) => one.ruleset === OBSERVE);
  const arena = observer === undefined ? undefined : arenas.get(observer);
  if (observer === undefined || arena === undefined) return '';
  const made = [...seen].filter(([key]) => key.startsWith(observer.name)).flatMap(([, all]) => all.map((one) => one.sample.connections + one.sample.failures));
  const listed = ['in4', 'in4x'].map((set) => inServer(arena, ['nft', 'list', 'set', 'inet', 'firebreak', set])).join('');
  const counted = [...listed.matchAll(/counter packets (\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  return `firebreak counted ${counted} of ${made.reduce((sum, one) => sum + one, 0)} connections`;
}
