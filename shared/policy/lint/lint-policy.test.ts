import { describe, expect, test } from 'vitest';
import { LintCode } from '../../model/finding.ts';
import type { NameSighting } from '../../model/name-ledger.ts';
import { readNameAnswers, withAnswers } from '../name-answers.ts';
import type { NameDrift } from '../name-drift.ts';
import { aHost, anIpList, aPolicy, aRule, aService, aZone, ruleId } from '../testing/builders.ts';
import type { IpList } from '../../model/policy.ts';
import { aNamedList, aSighting, dnsName } from '../testing/a-ledger.ts';
import { aRecord, aSeenFlow, daysAgo, LINT_NOW_MS, lintOf } from '../testing/a-lint.ts';

type Case = Parameters<typeof lintOf>[0];
type Pair = { readonly code: LintCode; readonly when: string; readonly raises: Case; readonly doesNot: Case; readonly because: string };

const web = aHost({ n: 1, labels: 'role=web,app=shop', addresses: ['10.0.0.1', 'fd00::1'] });
const db = aHost({ n: 2, labels: 'role=db,app=shop', addresses: ['10.0.0.2', 'fd00::2'] });
const other = aHost({ n: 3, labels: 'role=db,app=crm', addresses: ['10.0.0.3'] });
const twin = aHost({ n: 4, labels: 'role=db,app=shop', addresses: ['10.0.0.2'] });
const hosts = [web, db];
const rule = (input: Parameters<typeof aRule>[0] = {}) => aRule({ owner: 'ops', reason: 'orders', ...input });
const rules = (...inputs: Parameters<typeof aRule>[0][]): Case => ({ hosts, policy: { rules: inputs.map((input, i) => rule({ n: i + 1, ...input })) } });
/** db-1 was asked by web-1. */
const used = [aSeenFlow({ reporter: db.id, peerAddress: '10.0.0.1' })];
const office = (from: string, speakers: readonly string[]): Case => ({ ...rules({ from }), flows: speakers.map((peerAddress) => aSeenFlow({ reporter: db.id, peerAddress })) });
const listed = (list: IpList): Case => ({ hosts, policy: { rules: [rule({ from: 'iplist:mirrors' })], ipLists: [list] }, flows: [aSeenFlow({ reporter: db.id, peerAddress: '10.30.0.3' })] });
const ports = (services: string, seen: readonly number[], input: Partial<Case> = {}): Case => ({ ...rules({ services }), flows: seen.map((port) => aSeenFlow({ reporter: db.id, peerAddress: '10.0.0.1', port })), ...input });
const creeping = (...froms: string[]): Case => ({
  hosts,
  policy: { zones: [aZone()], rules: froms.map((from, i) => rule({ n: i + 1, from, services: `tcp/${5000 + i}` })) },
  base: { policy: aPolicy({ zones: [aZone()], rules: [rule({ from: '10.1.0.1', services: 'tcp/5000' })] }), version: 1, atMs: daysAgo(60) },
});

/** A list with one name, and what the ledger has of it. */
function named(sightings: readonly NameSighting[], drift: readonly NameDrift[] = []): Case {
  const policy = { rules: [rule({ to: 'iplist:mirrors', from: 'any' })], ipLists: [aNamedList()] };
  const answers = readNameAnswers(aPolicy(policy), { sightings, hosts }, LINT_NOW_MS);
  return { hosts, policy: withAnswers(aPolicy(policy), answers), names: { answers, drift, nameOf: () => null } };
}
const known = aSighting({ firstSeenAtMs: daysAgo(5), lastSeenAtMs: daysAgo(0) });
const fresh = (address: string) => aSighting({ address, lastSeenAtMs: daysAgo(0) });

const PAIRS: readonly Pair[] = [
  { code: 'RULE_CONTRADICTED', when: 'a deny rule for the same ends and service', raises: rules({}, { action: 'deny' }), doesNot: rules({}, { action: 'deny', services: 'tcp/5433' }), because: 'the port differs' },
  { code: 'RULE_CONTRADICTED', when: 'a deny rule that says the same in other words', raises: rules({ from: 'role=web', to: 'host:h2' }, { action: 'deny', from: 'app=shop ! role=db' }), doesNot: rules({}, { action: 'deny', schedule: 'Mon 08:00-09:00 UTC' }), because: 'the deny rule has a schedule' },
  { code: 'RULE_SHADOWED', when: 'a wider deny rule', raises: rules({}, { action: 'deny', from: 'any' }), doesNot: rules({}, { action: 'deny', from: 'any', as: 'user:backup' }), because: 'the deny rule is for one user' },
  { code: 'RULE_SHADOWED', when: 'a wider allow rule', raises: rules({}, { services: 'tcp/5000-6000' }), doesNot: rules({}, { services: 'tcp/5433-6000' }), because: 'the wider range begins one port later' },
  { code: 'RULE_SHADOWED', when: 'the same rule once more', raises: rules({}, {}), doesNot: rules({}, { to: 'role=web' }), because: 'the ends differ' },
  { code: 'RULE_SHADOWED', when: 'two rules that allow it together', raises: rules({ services: 'tcp/1-9' }, { services: 'tcp/1-5,udp/1' }, { services: 'tcp/4-12' }), doesNot: rules({ services: 'tcp/1-9' }, { services: 'tcp/1-5,udp/1' }, { services: 'tcp/7-12' }), because: 'port 6 is left' },
  { code: 'RULE_SHADOWED', when: 'a network that holds all its hosts', raises: rules({}, { from: '10.0.0.0/29, fd00::/120' }), doesNot: rules({}, { from: '10.0.0.0/29' }), because: 'the IPv6 addresses are not in it' },
  { code: 'RULE_SHADOWED', when: 'an allow rule without a schedule', raises: rules({ schedule: 'Mon 08:00-09:00 UTC' }, {}), doesNot: rules({}, { services: 'tcp', schedule: 'Mon 08:00-09:00 UTC' }), because: 'a rule with a schedule never shadows one without' },
  { code: 'RULE_SHADOWED', when: 'a wider rule that lasts as long', raises: rules({ expiresOn: '2026-08-01' }, { services: 'tcp', expiresOn: '2026-09-01' }), doesNot: rules({ expiresOn: '2026-08-01' }, { services: 'tcp', expiresOn: '2026-07-01' }), because: 'the wider one ends first' },
  { code: 'RULE_SHADOWED', when: 'an allow rule for everyone there', raises: rules({ as: 'user:app' }, {}), doesNot: rules({ as: 'user:app' }, { as: 'user:backup', services: 'tcp' }), because: 'the other is for another user' },
  { code: 'RULE_SHADOWED', when: 'a deny rule whatever listens', raises: rules({}, { action: 'deny', services: 'tcp' }), doesNot: rules({}, { action: 'deny', services: 'tcp', servedBy: 'postgresql.service' }), because: 'the deny rule is for one listener, of which the consumer knows nothing' },
  { code: 'RULE_SHADOWED', when: 'a host that alone has the address', raises: rules({ to: '10.0.0.2' }, { to: 'host:h2', services: 'tcp' }), doesNot: { ...rules({ to: '10.0.0.2' }, { to: 'host:h2', services: 'tcp' }), hosts: [web, db, twin] }, because: 'another host has that address too and enforces the narrower rule only' },
  { code: 'RULE_OVERLAPPING', when: 'two allow rules that share some ports', raises: rules({ services: 'tcp/1-5' }, { services: 'tcp/5-9' }), doesNot: rules({ services: 'tcp/1-5' }, { services: 'tcp/6-9' }), because: 'the ranges only touch' },
  { code: 'RULE_OVERLAPPING', when: 'two allow rules that share some hosts', raises: { hosts: [web, db, other], policy: { rules: [rule({ to: 'role=db' }), rule({ n: 2, from: 'any', to: 'app=shop,role=db' })] } }, doesNot: { hosts: [web, db, other], policy: { rules: [rule({ to: 'app=crm' }), rule({ n: 2, from: 'any', to: 'app=shop,role=db' })] } }, because: 'the providers are others' },
  { code: 'RULE_OVERLAPPING', when: 'a common family', raises: rules({ from: '10.0.0.1, fd00:9::/64' }, { from: '10.0.0.1, fd00:8::/64', services: 'tcp' }), doesNot: rules({ from: 'fd00:9::/64, 10.9.0.0/16' }, { from: 'fd00:8::/64, 10.8.0.0/16', services: 'tcp' }), because: 'they have no consumer in common' },
  { code: 'RULE_PARTLY_DENIED', when: 'a deny rule that cuts into an allow rule', raises: rules({ services: 'tcp/1-9' }, { action: 'deny', services: 'tcp/5' }), doesNot: rules({ services: 'tcp/1-9' }, { action: 'deny', services: 'udp/5' }), because: 'the protocol differs' },
  { code: 'RULE_ANY_TO_ANY', when: 'anyone to anyone', raises: rules({ from: 'any', to: 'any' }), doesNot: rules({ from: 'any', to: '0.0.0.0/0' }), because: 'IPv6 is left out by name' },
  { code: 'RULE_ANY_TO_ANY', when: 'every address of both families', raises: rules({ from: '0.0.0.0/0, ::/0', to: 'any' }), doesNot: rules({ from: '0.0.0.0/0, 8000::/1', to: 'any' }), because: 'half of IPv6 is left out' },
  { code: 'RULE_ORPHANED', when: 'no traffic in 30 days', raises: { ...rules({}), flows: [] }, doesNot: { ...rules({}), flows: used }, because: 'it was used' },
  { code: 'RULE_ORPHANED', when: 'hosts that were recorded long enough', raises: rules({}), doesNot: { ...rules({}), records: new Map([[web.id, aRecord({ sinceMs: daysAgo(29) })], [db.id, aRecord({ sinceMs: daysAgo(29) })]]) }, because: 'the hosts were recorded for 29 days only' },
  { code: 'RULE_ORPHANED', when: 'a provider that was recorded', raises: { ...rules({}), records: new Map([[db.id, aRecord()]]) }, doesNot: { ...rules({}), records: new Map([[db.id, aRecord({ untilMs: daysAgo(3) })]]) }, because: 'nobody collected for three days' },
  { code: 'RULE_NETWORK_TOO_WIDE', when: 'two speakers in a /16', raises: office('10.30.0.0/16', ['10.30.4.15', '10.30.4.16']), doesNot: office('10.30.0.0/16', ['10.30.4.15', '10.30.4.16', '10.30.4.17', '10.30.4.18']), because: 'four spoke' },
  { code: 'RULE_NETWORK_TOO_WIDE', when: 'a /28', raises: office('10.30.0.0/28', ['10.30.0.3']), doesNot: office('10.30.0.0/29', ['10.30.0.3']), because: 'a /29 is not wide' },
  { code: 'RULE_NETWORK_TOO_WIDE', when: 'a list of 16 addresses', raises: listed(anIpList('mirrors', ['10.30.0.0/28'])), doesNot: listed(aNamedList({ cidrs: ['10.30.0.0/28'] })), because: 'the list has names, whose addresses change' },
  { code: 'RULE_PORTS_UNUSED', when: 'a range of which four ports are used', raises: ports('tcp/9000-9010', [9000, 9001, 9002, 9003]), doesNot: ports('tcp/9000-9003', [9000, 9001, 9002, 9003]), because: 'all are used' },
  { code: 'RULE_PORTS_UNUSED', when: 'one used port of a protocol', raises: ports('tcp', [5432]), doesNot: ports('tcp/5432,tcp/5433', [5432]), because: 'single ports were named by somebody' },
  { code: 'RULE_END_EMPTY', when: 'consumers that nobody is', raises: rules({ from: 'role=mail' }), doesNot: rules({ from: 'role=web|mail' }), because: 'one alternative matches' },
  { code: 'RULE_END_EMPTY', when: 'ends of different families', raises: rules({ from: 'fd00:9::/64', to: '10.0.0.0/8' }), doesNot: rules({ from: 'fd00:9::/64', to: '10.0.0.0/8, fd00::/64' }), because: 'both have IPv6' },
  { code: 'RULE_EXPIRED', when: 'the day after', raises: rules({ expiresOn: '2026-06-14' }), doesNot: rules({ expiresOn: '2026-06-15' }), because: 'it holds until the end of the day' },
  { code: 'RULE_EXPIRES_SOON', when: 'less than two weeks left', raises: rules({ expiresOn: '2026-06-28' }), doesNot: rules({ expiresOn: '2026-06-29' }), because: 'two weeks are left' },
  { code: 'REVIEW_OVERDUE', when: 'the day of review', raises: rules({ reviewOn: '2026-06-15' }), doesNot: rules({ reviewOn: '2026-06-16' }), because: 'it is tomorrow' },
  { code: 'OWNER_MISSING', when: 'an owner of blanks', raises: rules({ owner: '  ' }), doesNot: rules({ owner: 'dba' }), because: 'somebody answers' },
  { code: 'REASON_MISSING', when: 'no reason', raises: rules({ reason: '' }), doesNot: rules({ reason: 'audit', owner: '' }), because: 'the owner is another matter' },
  { code: 'RULE_IDENTITY_UNENFORCED', when: 'a user where outbound is open', raises: { hosts, policy: { zones: [aZone()], rules: [rule({ as: 'user:app' })] } }, doesNot: { hosts, policy: { zones: [aZone({ outbound: 'restricted' })], rules: [rule({ as: 'user:app' })] } }, because: 'outbound is restricted' },
  { code: 'RULE_TRUSTS_FACTS', when: 'a consumer that is one by what it said', raises: { ...rules({}), saidLabels: new Map([[web.id, new Set(['role'])]]) }, doesNot: { ...rules({}), saidLabels: new Map([[web.id, new Set(['app'])], [db.id, new Set(['role'])]]) }, because: 'the selector asks for another label, and a provider opens itself alone' },
  { code: 'RULE_MISSES_UNKNOWN', when: 'a deny rule for what is bad', raises: rules({ action: 'deny', from: 'posture.edr=absent' }), doesNot: rules({ action: 'deny', from: 'posture.edr!=present' }), because: 'it refuses all that is not known to be good' },
  { code: 'RULE_MISSES_UNKNOWN', when: 'an allow rule for all that is not bad', raises: rules({ from: 'posture.disk!=plain' }), doesNot: rules({ from: 'posture.disk=encrypted' }), because: 'unknown is not let in' },
  { code: 'RULE_MISSES_UNKNOWN', when: 'an exclusion of what is bad from an allow rule', raises: rules({ from: 'role=web ! posture.updates=pending' }), doesNot: rules({ from: 'role=web ! posture.updates!=current' }), because: 'the exclusion takes unknown out' },
  { code: 'ZONE_BY_POSTURE', when: 'a zone that names posture', raises: { hosts, policy: { zones: [aZone({ select: 'app=shop,posture.edr=present' })] } }, doesNot: { hosts, policy: { zones: [aZone()], rules: [rule({ from: 'posture.edr=present' })] } }, because: 'a rule does' },
  { code: 'RULE_TRUSTS_POSTURE', when: 'consumers chosen by posture', raises: rules({ from: 'posture.secure-boot=on' }), doesNot: rules({ to: 'posture.secure-boot=on' }), because: 'providers are' },
  { code: 'RULE_TRUSTS_FACTS', when: 'a zone that the host said itself into', raises: { hosts, policy: { zones: [aZone()], rules: [rule({ from: 'zone:shop' })] }, saidLabels: new Map([[web.id, new Set(['app'])]]) }, doesNot: { hosts, policy: { zones: [aZone()], rules: [rule({ from: 'zone:shop', action: 'deny' })] }, saidLabels: new Map([[web.id, new Set(['app'])]]) }, because: 'a deny rule grants nothing' },
  { code: 'ZONE_EXCEPTIONS_GROW', when: 'three networks more than a version ago', raises: creeping('10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.4'), doesNot: creeping('10.1.0.1', '10.1.0.2', '10.1.0.3', 'role=web'), because: 'only two are new exceptions' },
  { code: 'ZONE_EMPTY', when: 'a zone that selects nobody', raises: { hosts, policy: { zones: [aZone({ select: 'app=mail' })] } }, doesNot: { hosts, policy: { zones: [aZone({ select: 'app=mail|shop' })] } }, because: 'it selects two' },
  { code: 'ZONE_EMPTY', when: 'a zone whose hosts an earlier one takes', raises: { hosts, policy: { zones: [aZone(), aZone({ name: 'db', select: 'role=db' })] } }, doesNot: { hosts, policy: { zones: [aZone({ name: 'db', select: 'role=db' }), aZone()] } }, because: 'it comes first' },
  { code: 'SERVICE_UNUSED', when: 'a service that nothing names', raises: { hosts, policy: { services: [aService('pg', 'tcp/5432')] } }, doesNot: { hosts, policy: { services: [aService('pg', 'tcp/5432')], zones: [aZone({ onlyServices: 'pg' })] } }, because: 'a zone names it' },
  { code: 'IPLIST_UNUSED', when: 'a list that nothing names', raises: { hosts, policy: { ipLists: [anIpList('office', ['10.30.0.0/16'])] } }, doesNot: { hosts, policy: { ipLists: [anIpList('office', ['10.30.0.0/16'])], rules: [rule({ from: 'iplist:office' })] } }, because: 'a rule names it' },
  { code: 'NAME_UNRESOLVED', when: 'a name that nobody resolved', raises: named([]), doesNot: named([aSighting({ lastSeenAtMs: daysAgo(1) })]), because: 'the console saw it' },
  { code: 'NAME_ANSWER_REFUSED', when: 'an answer inside', raises: named([aSighting({ address: '10.0.0.5', lastSeenAtMs: daysAgo(0) })]), doesNot: named([aSighting({ address: '11.0.0.5', lastSeenAtMs: daysAgo(0) })]), because: 'it is one of the internet' },
  { code: 'NAME_ROTATES', when: 'two of three addresses that are new within a day', raises: named([known, fresh('198.51.100.1'), fresh('198.51.100.2')]), doesNot: named([known, { ...known, address: '198.51.100.9' }, fresh('198.51.100.1'), fresh('198.51.100.2')]), because: 'half of them were known' },
  { code: 'NAMES_DRIFTED', when: 'an answer that hosts do not run', raises: named([known], [{ list: 'mirrors', name: dnsName('deb.example.org'), added: ['198.51.100.7'], gone: [], hosts: ['h1'] }]), doesNot: named([known]), because: 'hosts run what it means' },
];

const codesOf = (input: Case) => lintOf(input).map((finding) => finding.code);

describe('lint', () => {
  test.each(PAIRS)('$code is raised by $when, and not where $because', ({ code, raises, doesNot }) => {
    expect(codesOf(raises)).toContain(code);
    expect(codesOf(doesNot)).not.toContain(code);
  });

  test('every code has its pair of cases', () => {
    expect(new Set(PAIRS.map(({ code }) => code))).toEqual(new Set(LintCode.options));
  });

  test('every finding says a figure or a fact about its subject, and what to do', () => {
    for (const { raises, code } of PAIRS) {
      const finding = lintOf(raises).find((one) => one.code === code);
      expect(finding?.evidence).toMatch(/^\S.*\.$/);
      expect(finding?.fix.text.length).toBeGreaterThan(10);
      expect(`${finding?.evidence} ${finding?.fix.text}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test('findings come worst first, and the same input in another order of hosts and flows gives the same list', () => {
    const everything = { policy: { rules: PAIRS.flatMap(({ raises }) => raises.policy?.rules ?? []).map((one, i) => ({ ...one, id: ruleId(i + 1) })), ipLists: [anIpList('mirrors', ['192.0.2.7'])] }, hosts: [web, db, other] };
    const findings = lintOf({ ...everything, flows: used });
    expect(findings.map(({ severity }) => severity)).toEqual(findings.map(({ severity }) => severity).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
    expect(lintOf({ ...everything, hosts: [other, db, web], flows: [...used].reverse() })).toEqual(findings);
    expect(new Set(findings.map(({ code, subject }) => `${code}:${subject.id}`)).size).toBe(findings.length);
  });

  test('an empty policy has no finding', () => {
    expect(lintOf({ hosts: [] })).toEqual([]);
    expect(lintOf({ hosts })).toEqual([]);
  });
});

const ORDER = ['error', 'warning', 'info'];
