import { expect, it } from 'vitest';
import { compileHost } from './compile.ts';
import { explain } from './explain.ts';
import { findLockouts } from './lockout.ts';
import { printBundle } from './print.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import { createSimulator } from './simulate.ts';
import { aHost, aPolicy, aRule, aZone, hostId, peer, serviceRefs } from './testing/builders.ts';

/** Thursday 2026-01-15, noon UTC: 13:00 in Berlin. */
const NOON_MS = Date.UTC(2026, 0, 15, 12);
const HOSTS = [aHost({ n: 1, labels: 'role=web' }), aHost({ n: 2, labels: 'role=db' })];
const zones = [aZone({ name: 'data', select: 'role=db' })];
const inOfficeHours = aRule({ schedule: 'Mon-Fri 08:00-18:00 Europe/Berlin' });
const toDb = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'tcp', port: 5432, sourcePort: null } as const;

it('a rule holds within its hours, from the first to before the last instant', () => {
  const { decideInbound } = createSimulator(aPolicy({ zones, rules: [inOfficeHours] }), HOSTS, { nowMs: NOON_MS });
  const at = (text: string) => decideInbound(hostId(2), { ...toDb, atMs: Date.parse(text) }).verdict;
  expect(['2026-01-15T06:59:59Z', '2026-01-15T07:00:00Z', '2026-01-15T16:59:59Z', '2026-01-15T17:00:00Z', '2026-01-17T12:00:00Z'].map(at)).toEqual([
    'blocked',
    'allowed',
    'allowed',
    'blocked',
    'blocked',
  ]);
});

it('explain says that the rule for the ends and the service is for another time', () => {
  const answer = explain(aPolicy({ zones, rules: [inOfficeHours] }), HOSTS, { nowMs: NOON_MS + 8 * 3_600_000 }, { from: 'h1', to: 'h2', service: serviceRefs('tcp/5432')[0] ?? { kind: 'any' } });
  expect(answer).toMatchObject({
    ok: true,
    value: {
      verdict: 'blocked',
      steps: expect.arrayContaining([expect.objectContaining({ where: 'near miss', text: expect.stringMatching(/not for this time: .*Mon-Fri 08:00-18:00 Europe\/Berlin$/) })]),
    },
  });
});

it('a policy test must hold at every time of the week, and says when it does not', () => {
  const tests = [{ expect: 'allow' as const, from: peer('role=web'), to: peer('role=db'), service: serviceRefs('tcp/5432')[0] ?? { kind: 'any' as const } }];
  const { broken } = runPolicyTests(aPolicy({ zones, rules: [inOfficeHours], tests }), HOSTS, { nowMs: NOON_MS });
  expect(broken).toEqual([expect.stringContaining('at 2026-01-15 17:00:00 UTC no rule allows it')]);
  const always = [inOfficeHours, aRule({ n: 2, schedule: 'daily 17:00-09:00; Sat,Sun 00:00-24:00 Europe/Berlin' })];
  expect(runPolicyTests(aPolicy({ zones, rules: always, tests }), HOSTS, { nowMs: NOON_MS }).broken).toEqual([]);
});

it('a deny rule that would close SSH from the console at night is refused by day too', () => {
  const atNight = aRule({ action: 'deny', from: 'any', to: 'role=db', services: 'tcp/22', schedule: 'daily 22:00-06:00 UTC' });
  expect(findLockouts(aPolicy({ zones, rules: [atNight] }), HOSTS, { nowMs: NOON_MS, jumps: [], consoleHost: null })).toMatchObject([{ host: 'h2', rule: atNight.id }]);
});

it('a jump host’s way that is open at times only is a lockout', () => {
  const zone = aZone({ name: 'web', select: 'role=web', outbound: 'restricted' });
  const way = (schedule: string | null) => aPolicy({ zones: [zone], rules: [aRule({ services: 'tcp/22', schedule })] });
  const jumps = [{ host: hostId(2), through: hostId(1) }];
  const hostsOf = (schedule: string | null) => findLockouts(way(schedule), HOSTS, { nowMs: NOON_MS, jumps, consoleHost: null }).map((refusal) => refusal.host);
  expect([hostsOf(null), hostsOf('daily 08:00-18:00 UTC')]).toEqual([[], ['h2']]);
});

it('the bundle is the same all year and says until when its times are listed', () => {
  const bundleAt = (nowMs: number) => printBundle(compileHost(aPolicy({ zones, rules: [inOfficeHours] }), HOSTS, hostId(2), { nowMs }), { policyVersion: 1 });
  expect(bundleAt(Date.UTC(2026, 0, 1))).toEqual(bundleAt(Date.UTC(2026, 11, 31, 23)));
  expect(bundleAt(NOON_MS).text).toContain('\n# times 2029-01-01 00:00:00\n# hash ');
});

it('a schedule that never comes compiles to no rule, and not to one without times', () => {
  const never = aRule({ schedule: 'Sun 02:10-02:20 Europe/Berlin' });
  const ruleset = compileHost(aPolicy({ zones, rules: [never] }), HOSTS, hostId(2), { nowMs: NOON_MS });
  const oneNight = { ...ruleset, scheduleSpan: { fromMs: Date.UTC(2026, 2, 28), toMs: Date.UTC(2026, 2, 30) } };
  expect(printBundle(oneNight, { policyVersion: 1 }).text).not.toContain(never.id);
});
