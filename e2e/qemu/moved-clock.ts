import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Policy, Rule } from '../../shared/model/policy.ts';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { createSimulator, type Packet } from '../../shared/policy/simulate.ts';
import { arbitrarySchedule } from '../../shared/policy/testing/arbitrary-policy.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { createRandom, type Random } from '../../shared/policy/testing/random.ts';
import { listWindows, yearsAround } from '../../shared/time/schedule-windows.ts';
import type { RunningGuest } from './guest.ts';

const WORKER = readFileSync(new URL('../kernel/on-host/connect-worker.py', import.meta.url), 'utf8');
const MOVE_CLOCK = readFileSync(new URL('./in-guest/move-clock.py', import.meta.url), 'utf8');
const SITE = readFileSync(new URL('./in-guest/clock-site.sh', import.meta.url), 'utf8');
const FOLDER = '/run/oracle';
const PORTS = Array.from({ length: 12 }, (_, i) => 7001 + i);
const HOST = aHost({ n: 1, labels: 'role=db', addresses: ['10.9.0.1', 'fd09::1'] });
const ENDS = { 4: { own: '10.9.0.1', peer: '10.9.0.2' }, 6: { own: 'fd09::1', peer: 'fd09::2' } } as const;
const MINUTE_MS = 60_000;
/** What is dropped answers nobody: an emulated processor is given this long to answer. */
const WAIT_SECONDS = 3;

export type ClockCount = { connections: number; allowed: number; refused: number; turned: number; instants: number; disagreements: unknown[] };

export async function setUpClockSite(guest: RunningGuest): Promise<void> {
  const put = (name: string, text: string) => guest.run(`mkdir -p ${FOLDER}; cat >${FOLDER}/${name}`, undefined, text);
  await put('connect-worker.py', WORKER);
  await put('move-clock.py', MOVE_CLOCK);
  await put('clock-site.sh', SITE);
  await guest.run(`sh ${FOLDER}/clock-site.sh ${FOLDER} ${PORTS[0]} ${PORTS.at(-1)}`);
}

/** One random policy of schedules and ends, compiled once, met by real connections at `instants` times of the next years: at the edges of its windows and anywhere. */
export async function compareByClock(guest: RunningGuest, seed: number, instants: number, count: ClockCount): Promise<void> {
  const random = createRandom(seed);
  const compiledMs = Date.UTC(2026, random.integer(12), 1 + random.integer(28), random.integer(24));
  const policy = arbitraryTimes(random, compiledMs);
  const ruleset = compileHost(policy, [HOST], hostId(1), { nowMs: compiledMs });
  const times = pickTimes(random, policy, compiledMs, instants).map((atMs, i) => ({ atMs, from: i % 8 === 7 ? 'peer' : 'subject', family: random.pick([4, 6] as const) }) as const);
  const job = {
    bundle: printBundle(ruleset, { policyVersion: 1 }).text,
    instants: times.map(({ atMs, from, family }) => ({ atMs, from, wait: WAIT_SECONDS, probes: PORTS.map((port) => (from === 'subject' ? [ENDS[family].own, ENDS[family].peer, port] : [ENDS[family].peer, ENDS[family].own, port])) })),
  };
  const answers = Answers.length(times.length).parse(JSON.parse(await guest.run(`python3 ${FOLDER}/move-clock.py ${FOLDER}`, 1_800_000, JSON.stringify(job))));
  for (const [i, { beforeMs, afterMs, words }] of answers.entries()) {
    const time = times[i];
    if (!time) continue;
    count.instants += 1;
    const ends = ENDS[time.family];
    for (const [at, port] of PORTS.entries()) {
      const isOut = time.from === 'subject';
      const packet: Packet = { source: isOut ? ends.own : ends.peer, destination: isOut ? ends.peer : ends.own, protocol: 'tcp', port, sourcePort: null };
      const verdicts = [beforeMs, afterMs].map((atMs) => createSimulator(policy, [HOST], { nowMs: atMs })[isOut ? 'decideOutbound' : 'decideInbound'](HOST.id, { ...packet, atMs }).verdict);
      // A window that opened or closed meanwhile: which of the two the connection met is not known.
      if (verdicts[0] !== verdicts[1]) {
        count.turned += 1;
        continue;
      }
      const isAllowed = verdicts[0] === 'allowed';
      count.connections += 1;
      count[isAllowed ? 'allowed' : 'refused'] += 1;
      if ((words[at] === 'connected') !== isAllowed) count.disagreements.push({ seed, at: new Date(beforeMs).toISOString(), packet, outcome: words[at], verdict: verdicts[0] });
    }
  }
}

const Answers = z.array(z.strictObject({ beforeMs: z.number(), afterMs: z.number(), words: z.array(z.enum(['connected', 'refused', 'timeout'])).length(PORTS.length) }));

/** Each port with a rule for both directions, most of them at some hours, some with an end, some under a deny rule of other hours. */
function arbitraryTimes(random: Random, compiledMs: number): Policy {
  const endOf = () => new Date(compiledMs + random.integer(400) * 86_400_000).toISOString().slice(0, 10);
  const rules = PORTS.flatMap((port, i): Rule[] => {
    const times = { schedule: random.chance(0.8) ? arbitrarySchedule(random) : null, expiresOn: random.chance(0.3) ? endOf() : null };
    const ends = [{ from: 'role=db', to: '10.9.0.0/24,fd09::/64' }, { from: '10.9.0.0/24,fd09::/64', to: 'role=db' }];
    const deny = random.chance(0.35) ? { schedule: arbitrarySchedule(random), expiresOn: random.chance(0.3) ? endOf() : null } : null;
    return ends.flatMap((pair, way) => [
      aRule({ n: 1 + i * 4 + way * 2, ...pair, services: `tcp/${port}`, ...times }),
      ...(deny ? [aRule({ n: 2 + i * 4 + way * 2, action: 'deny', ...pair, services: `tcp/${port}`, ...deny })] : []),
    ]);
  });
  return aPolicy({ zones: [aZone({ name: 'data', select: 'role=db', outbound: 'restricted' })], rules });
}

/** From when it was compiled until the end of the years that hosts get: 2 s before and after edges of windows, midnights at which rules end, and anywhere. */
function pickTimes(random: Random, policy: Policy, compiledMs: number, count: number): number[] {
  const span = yearsAround(compiledMs);
  const edges = policy.rules.flatMap(({ schedule, expiresOn }) => [
    ...(schedule ? listWindows(schedule, span).flatMap(({ fromMs, toMs }) => [fromMs, toMs]) : []),
    ...(expiresOn ? [Date.parse(`${expiresOn}T00:00:00Z`) + 86_400_000] : []),
  ]);
  const later = edges.filter((edge) => edge > compiledMs + MINUTE_MS && edge < span.toMs - MINUTE_MS);
  const anywhere = () => compiledMs + random.integer(Math.floor((span.toMs - compiledMs) / MINUTE_MS)) * MINUTE_MS;
  return Array.from({ length: count }, () => {
    const edge = random.chance(0.7) ? later[random.integer(Math.max(1, later.length))] : undefined;
    return edge === undefined ? anywhere() : edge + random.pick([-2_000, 2_000]);
  });
}
