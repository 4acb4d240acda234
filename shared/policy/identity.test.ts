import { describe, expect, it } from 'vitest';
import { parseIdentity, printIdentity } from '../text/identity-text.ts';
import { compileHost } from './compile.ts';
import { explain } from './explain.ts';
import { listIdentityNotes } from './identity-notes.ts';
import { createFlowJudge } from './judge-flow.ts';
import { printBundle } from './print.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import { createSimulator } from './simulate.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, aPolicy, aRule, aZone, expectParsed, hostId, peer, serviceRefs } from './testing/builders.ts';

const NOW = { nowMs: Date.UTC(2026, 0, 15) };
const HOSTS = [aHost({ n: 1, labels: 'role=web' }), aHost({ n: 2, labels: 'role=db' })];
const zones = [aZone({ name: 'web', select: 'role=web', outbound: 'restricted' }), aZone({ name: 'data', select: 'role=db' })];
const forBackup = aRule({ as: 'user:backup' });
const notBackup = aRule({ n: 2, action: 'deny', as: 'user:backup' });
const toDb = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'tcp', port: 5432, sourcePort: null } as const;
const postgres = serviceRefs('tcp/5432')[0] ?? { kind: 'any' as const };
const textOf = (n: number, rules = [forBackup]) => printBundle(compileHost(aPolicy({ zones, rules }), HOSTS, hostId(n), NOW), { policyVersion: 1 }).text;

it('a rule for a user is a user’s where the connection begins and an address’s where it ends', () => {
  expect(textOf(1)).toMatch(/# --- phase 1: declare\n# fill (u_[0-9a-f]{12}) user backup\n[\s\S]*\tset \1 \{ type uid; \}\n[\s\S]*tcp dport 5432 meta skuid @\1 counter accept comment "r_000000000001"/);
  expect(textOf(2)).toContain('ip saddr 10.0.0.1 tcp dport 5432 counter goto pass_in comment "r_000000000001"');
});

it('a deny rule for a user is nothing where the connection ends, because it would deny the whole host', () => {
  expect(textOf(1, [notBackup])).toContain('counter goto miss_out comment "r_000000000002"');
  expect(textOf(2, [notBackup])).not.toContain('r_000000000002');
});

it('who may and who may not is told apart, and an unknown sender gives the worst and the best', () => {
  const { decideOutbound } = createSimulator(aPolicy({ zones, rules: [forBackup] }), HOSTS, NOW);
  const outOf = (user: string | null) => decideOutbound(hostId(1), { ...toDb, user });
  expect([outOf('backup'), outOf('root'), outOf(null), outOf('34')].map(({ verdict, atBest }) => [verdict, atBest])).toEqual([
    ['allowed', 'allowed'],
    ['blocked', 'blocked'],
    ['blocked', 'allowed'],
    ['blocked', 'allowed'],
  ]);
});

it('an observed flow is judged by its user; where that was not recorded, or a group decides, it is unknown', () => {
  const judge = (user: string | null, as: string) => createFlowJudge(aPolicy({ zones, rules: [aRule({ as })] }), HOSTS, NOW)(aFlow({ direction: 'out', peerAddress: '10.0.0.2', user })).kind;
  expect([judge('backup', 'user:backup'), judge(null, 'user:backup'), judge('backup', 'group:backup')]).toEqual(['decided', 'unknown', 'unknown']);
});

it('explain says what an end cannot see and on whom it depends', () => {
  const answer = expectParsed(explain(aPolicy({ zones, rules: [forBackup] }), HOSTS, NOW, { from: 'h1', to: 'h2', service: postgres }));
  expect(answer.steps.map((step) => step.text)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/it depends on the user, group or unit there: for some it is allowed$/),
      expect.stringMatching(/allow role=web as user backup → role=db on tcp\/5432; this end does not see who sends there, so it lets in everyone on that host$/),
    ]),
  );
});

it('a policy test does not hold while it depends on the user, whichever way it is written', () => {
  const run = (expected: 'allow' | 'deny') =>
    runPolicyTests(aPolicy({ zones, rules: [forBackup], tests: [{ expect: expected, from: peer('role=web'), to: peer('role=db'), service: postgres }] }), HOSTS, NOW).broken;
  expect([run('allow'), run('deny')].flat()).toEqual([expect.stringContaining('depends on the user'), expect.stringContaining('depends on the user')]);
});

it('a plan says where a rule for a user is less than it looks', () => {
  const open = [aZone({ name: 'web', select: 'role=web' }), aZone({ name: 'data', select: 'role=db' })];
  const notes = (zonesNow: typeof zones, rules: (typeof forBackup)[]) => listIdentityNotes(aPolicy({ zones: zonesNow, rules }), HOSTS, NOW);
  expect(notes(zones, [forBackup])).toEqual([]);
  expect(notes(open, [forBackup])).toEqual(['Rule r_000000000001 is only as user backup, but nothing restricts who connects on h1: there everyone may use it']);
  expect(notes(zones, [notBackup])).toEqual([expect.stringContaining('denies nothing on a host that has no user backup')]);
});

describe('the text of an identity', () => {
  it.each(['user:backup', 'group:www-data', 'user:1000', 'user:svc.web@corp.example', 'user:machine$', 'unit:shop-web.service', 'unit:postgresql@15-main.service'])('%s reads back', (text) => {
    expect(printIdentity(expectParsed(parseIdentity(text)))).toBe(text);
  });

  it.each(['backup', 'user:', 'user:-x', 'user:a b', 'user:$(id)', 'user:a"b', 'unit', 'unit:x', 'unit:a/b.service', 'unit:x.scope', 'group:ä', 'user:a;b', "user:'"])('%s is refused', (text) => {
    expect(parseIdentity(text)).toMatchObject({ ok: false });
  });
});

it('a rule for a listening unit is the unit’s where the connection ends and an address’s where it begins, and a deny rule for one is nothing there', () => {
  const served = aRule({ servedBy: 'postgresql@15-main.service' });
  expect(textOf(2, [served])).toMatch(/# fill (c_[0-9a-f]{12}) unit postgresql@15-main.service\n[\s\S]*set \1 \{ type cgroupsv2; \}[\s\S]*tcp dport 5432 socket cgroupv2 level 2 @\1 counter goto pass_in[^\n]*\n[^\n]*tcp dport 5432 socket cgroupv2 level 3 @\1 counter goto pass_in/);
  expect(textOf(1, [served])).toContain('tcp dport 5432 counter accept comment "r_000000000001"');
  const denied = aRule({ n: 2, action: 'deny', servedBy: 'telnet.service' });
  expect([textOf(1, [denied]), textOf(2, [denied])].map((text) => text.includes('r_000000000002'))).toEqual([false, true]);
});

it('a recorded slice or an exited unit leaves it unknown which unit it was', () => {
  const judge = (unit: string | null) => createFlowJudge(aPolicy({ zones, rules: [aRule({ servedBy: 'a.service' })] }), HOSTS, NOW)(aFlow({ reporter: hostId(2), peerAddress: '10.0.0.1', unit })).kind;
  expect([judge('a.service'), judge('b.service'), judge('system-a.slice'), judge('exited unit'), judge(null)]).toEqual(['decided', 'decided', 'unknown', 'unknown', 'unknown']);
});
