import { z } from 'zod';
import { run } from '../kernel/run.ts';
import { type Arena, openArena, PINNED, PORT, SERVER } from './arena.ts';
import type { Ruleset } from './rulesets.ts';
import { median, printTable, quantile, shuffled } from './statistics.ts';

const Sample = z.object({ connections: z.number(), failures: z.number(), seconds: z.number(), p50Us: z.number(), p99Us: z.number(), cpuUs: z.number() });
export type Sample = z.infer<typeof Sample>;

/** Connects for some seconds, `perSecond` times a second (0: as fast as it goes). */
export function connectFor(arena: Arena, trafficPath: string, seconds: number, perSecond: number): Sample {
  return Sample.parse(
    JSON.parse(run(['ip', 'netns', 'exec', arena.clientNs, ...PINNED, trafficPath, 'connect', SERVER, String(PORT), String(seconds), String(perSecond)])),
  );
}

export type ThroughputRow = {
  readonly name: string;
  readonly perSecond: number;
  readonly toNone: number;
  readonly toConntrack: number;
  readonly spread: readonly [number, number];
  readonly p50Us: number;
  readonly p99Us: number;
  readonly failures: number;
};

/** Every ruleset once a round, in random order; ratios are made within a round and the median of them is told. */
export async function measureThroughput(
  rulesets: readonly Ruleset[],
  trafficPath: string,
  rounds: number,
  seconds: number,
  log: (line: string) => void,
): Promise<ThroughputRow[]> {
  const arenas = new Map<string, Arena>();
  try {
    for (const [n, ruleset] of rulesets.entries()) {
      const arena = await openArena(String(n), trafficPath);
      arenas.set(ruleset.name, arena);
      ruleset.load(arena);
      connectFor(arena, trafficPath, 0.2, 0);
    }
    const samples = new Map<string, Sample[]>(rulesets.map(({ name }) => [name, []]));
    for (let round = 1; round <= rounds; round += 1) {
      for (const [name, arena] of shuffled([...arenas])) samples.get(name)?.push(connectFor(arena, trafficPath, seconds, 0));
      if (round % 10 === 0 || round === rounds) log(`throughput: round ${round} of ${rounds}`);
    }
    return rulesets.map(({ name }) => toRow(name, samples));
  } finally {
    for (const arena of arenas.values()) await arena.close();
  }
}

const rateOf = (sample: Sample | undefined) => (sample === undefined ? Number.NaN : sample.connections / sample.seconds);

function toRow(name: string, samples: ReadonlyMap<string, readonly Sample[]>): ThroughputRow {
  const own = samples.get(name) ?? [];
  const ratiosTo = (other: string) => own.map((sample, round) => rateOf(sample) / rateOf(samples.get(other)?.[round]));
  const toConntrack = ratiosTo('conntrack only');
  return {
    name,
    perSecond: median(own.map(rateOf)),
    toNone: median(ratiosTo('no table')),
    toConntrack: median(toConntrack),
    spread: [quantile(toConntrack, 0.25), quantile(toConntrack, 0.75)],
    p50Us: median(own.map((sample) => sample.p50Us)),
    p99Us: median(own.map((sample) => sample.p99Us)),
    failures: own.reduce((sum, sample) => sum + sample.failures, 0),
  };
}

export function printThroughput(rows: readonly ThroughputRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.perSecond.toFixed(0),
    row.toNone.toFixed(3),
    row.toConntrack.toFixed(3),
    `${row.spread[0].toFixed(2)}-${row.spread[1].toFixed(2)}`,
    row.p50Us.toFixed(1),
    row.p99Us.toFixed(1),
    String(row.failures),
  ]);
  return printTable(['server side', 'conn/s', 'vs none', 'vs conntrack', 'quartiles', 'p50 µs', 'p99 µs', 'failed'], cells);
}
