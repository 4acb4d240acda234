import { expect, test } from 'vitest';
import type { NameSighting } from '../model/name-ledger.ts';
import type { Policy } from '../model/policy.ts';
import { compileFleet } from './compile.ts';
import type { HostRuleset } from './host-ruleset.ts';
import { readNameAnswers, withAnswers } from './name-answers.ts';
import { describeNameDrift, findNameDrift } from './name-drift.ts';
import { aNamedList, aSighting, LEDGER_NOW_MS, ledgerDaysAgo } from './testing/a-ledger.ts';
import { aHost, aPolicy, aRule, aZone } from './testing/builders.ts';

const web = aHost({ n: 1, name: 'web-1', labels: 'role=web,app=shop' });
const policy = aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule({ from: 'role=web', to: 'iplist:mirrors', services: 'tcp/443' })], ipLists: [aNamedList({ cidrs: ['192.0.2.0/24'] })] });
const [old, kept, fresh] = [aSighting({ address: '198.51.100.1', lastSeenAtMs: ledgerDaysAgo(6) }), aSighting({ address: '198.51.100.2' }), aSighting({ address: '198.51.100.3' })];

const at = (sightings: readonly NameSighting[], nowMs: number, draft: Policy = policy) => {
  const answers = readNameAnswers(draft, { sightings, hosts: [web] }, nowMs);
  const resolved = withAnswers(draft, answers);
  const ruleset = compileFleet(resolved, [web], { nowMs }).get(web.id);
  if (ruleset === undefined) throw new Error('the host has no ruleset');
  return { answers, resolved, ruleset };
};
const driftFrom = (before: HostRuleset, now: ReturnType<typeof at>) => findNameDrift(now.resolved, now.answers, [{ name: 'web-1', before, after: now.ruleset }]).map(describeNameDrift);

test('says what is new and what is gone since a host got its rules, with the reason', () => {
  const before = at([old, kept], ledgerDaysAgo(0)).ruleset;
  expect(driftFrom(before, at([old, kept, fresh], LEDGER_NOW_MS + 3 * 86_400_000))).toEqual(['deb.example.org (IP list mirrors): 1 address new (198.51.100.3), 1 address gone, not seen for 7 days (198.51.100.1); on web-1']);
});

test('is silent where hosts run what the name means', () => {
  const now = at([old, kept], LEDGER_NOW_MS);
  expect(driftFrom(now.ruleset, now)).toEqual([]);
});

test('says nothing of IPv6 answers to a host without IPv6, or of a rule that the host has not got yet', () => {
  const before = at([kept], LEDGER_NOW_MS);
  expect(driftFrom(before.ruleset, at([kept, aSighting({ address: '2a00::5' })], LEDGER_NOW_MS))).toEqual([]);
  const without = at([kept], LEDGER_NOW_MS, { ...policy, rules: [] });
  expect(driftFrom(without.ruleset, at([kept, fresh], LEDGER_NOW_MS))).toEqual([]);
});
