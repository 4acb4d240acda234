import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { readWallClock } from '../../shared/time/time-zone.ts';
import { KernelOracle } from './oracle.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let oracle: KernelOracle;
beforeAll(async () => {
  oracle = await KernelOracle.start('tim');
});
afterAll(async () => {
  await oracle?.stop();
});

/** `HH:MM` on the wall of `timeZone`, some hours from now. */
const wall = (hours: number, timeZone: string): string => new Date(readWallClock(Date.now() + hours * HOUR_MS, timeZone)).toISOString().slice(11, 16);
const daily = (from: number, to: number, timeZone: string): string => `daily ${wall(from, timeZone)}-${wall(to, timeZone)} ${timeZone}`;
const dayOf = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Rule `n` is about port `7000 + n`; all are allow rules but the last two, which deny what rule 9 would allow. */
const rules = [
  { schedule: daily(-1, 1, 'UTC') },
  { schedule: daily(1, 3, 'UTC') },
  { schedule: daily(-1, 1, 'Asia/Kolkata') },
  { schedule: daily(-3, -1, 'America/New_York') },
  { schedule: daily(1, -1, 'Pacific/Auckland') },
  { expiresOn: dayOf(-1) },
  { expiresOn: dayOf(0) },
  { schedule: daily(-1, 1, 'UTC'), expiresOn: dayOf(-1) },
].map((times, i) => aRule({ n: i + 1, from: 'any', to: 'role=db', services: `udp/${7001 + i}`, ...times }));
const denied = [
  aRule({ n: 9, from: 'any', to: 'role=db', services: 'udp/7009-7010' }),
  aRule({ n: 10, action: 'deny', from: 'any', to: 'role=db', services: 'udp/7009', schedule: daily(-1, 1, 'Europe/Berlin') }),
  aRule({ n: 11, action: 'deny', from: 'any', to: 'role=db', services: 'udp/7010', schedule: daily(1, 3, 'Europe/Berlin') }),
];

test('the kernel keeps schedules and the ends of rules by itself, by its own clock', async () => {
  const host = aHost({ n: 1, labels: 'role=db', addresses: ['10.0.0.1'] });
  const policy = aPolicy({ zones: [aZone({ name: 'data', select: 'role=db' })], rules: [...rules, ...denied] });
  // As if compiled and pushed two days ago: what has expired since is still among the rules.
  const ruleset = compileHost(policy, [host], hostId(1), { nowMs: Date.now() - 2 * DAY_MS });
  oracle.load(printBundle(ruleset, { policyVersion: 1 }).text);
  const ports = Array.from({ length: 10 }, (_, i) => 7001 + i);
  const passed = await oracle.inbound(ports.map((port) => ({ source: '10.0.0.2', destination: '10.0.0.1', protocol: 'udp' as const, port, sourcePort: 40_000 })));
  expect(ports.filter((_, i) => passed.has(i))).toEqual([7001, 7003, 7007, 7010]);
});
