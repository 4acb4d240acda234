import { describe, expect, test } from 'vitest';
import type { NameSighting } from '../model/name-ledger.ts';
import type { IpList, Policy } from '../model/policy.ts';
import { compileFleet } from './compile.ts';
import { MAX_ANSWERS, readNameAnswers, sightingsAsOf, withResolvedNames } from './name-answers.ts';
import { aNamedList, aSighting, LEDGER_NOW_MS, ledgerDaysAgo, manyAddresses } from './testing/a-ledger.ts';
import { aHost, anIpList, aPolicy, aRule, aZone, hostId } from './testing/builders.ts';

const web = aHost({ n: 1, labels: 'role=web,app=shop', addresses: ['203.0.113.1'] });
const db = aHost({ n: 2, labels: 'role=db,app=shop', addresses: ['203.0.113.2'], managed: false });
const dev = aHost({ n: 3, labels: 'role=dev', addresses: ['203.0.113.3'] });
const hosts = [web, db, dev];
const policyOf = (list: IpList): Policy => aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule({ from: 'role=web', to: `iplist:${list.name}`, services: 'tcp/443' })], ipLists: [list] });
const statesOf = (sightings: readonly NameSighting[], list = aNamedList()) =>
  Object.fromEntries(readNameAnswers(policyOf(list), { sightings, hosts }, LEDGER_NOW_MS).flatMap(({ answers }) => answers.map(({ address, state }) => [address, state])));
const cidrsOf = (sightings: readonly NameSighting[], list = aNamedList()) => withResolvedNames(policyOf(list), { sightings, hosts }, LEDGER_NOW_MS).ipLists[0]?.cidrs;

describe('a name in an IP list', () => {
  test('means nobody when nobody resolved it: the rule has no row, and the policy compiles', () => {
    const resolved = withResolvedNames(policyOf(aNamedList()), { sightings: [], hosts }, LEDGER_NOW_MS);
    const ruleset = compileFleet(resolved, hosts, { nowMs: LEDGER_NOW_MS }).get(web.id);
    expect([cidrsOf([]), ruleset?.mode, ruleset?.allowOut]).toEqual([[], 'enforce', []]);
  });

  test('means the addresses that were seen, sorted behind the networks, each once', () => {
    const sightings = [aSighting(), aSighting({ seenBy: web.id }), aSighting({ address: '2a00::5' }), aSighting({ address: '192.0.2.9' })];
    expect(cidrsOf(sightings, aNamedList({ cidrs: ['192.0.2.9', '10.0.0.0/8'] }))).toEqual(['192.0.2.9', '10.0.0.0/8', '198.51.100.7', '2a00::5']);
  });

  test('counts the console and hosts at the other end of a rule with the list, and no others', () => {
    const by = (seenBy: NameSighting['seenBy'], address: string) => aSighting({ seenBy, address });
    expect(statesOf([by(null, '192.0.2.1'), by(web.id, '192.0.2.2'), by(dev.id, '192.0.2.3'), by(db.id, '192.0.2.4'), by(hostId(9), '192.0.2.5')])).toEqual({
      '192.0.2.1': 'used', '192.0.2.2': 'used', '192.0.2.3': 'others', '192.0.2.4': 'others', '192.0.2.5': 'others',
    });
  });

  test('counts every managed host where the other end is any, and hosts in a network that is', () => {
    const sightings = [aSighting({ seenBy: dev.id })];
    const withEnd = (from: string) => readNameAnswers({ ...policyOf(aNamedList()), rules: [aRule({ from, to: 'iplist:mirrors' })] }, { sightings, hosts }, LEDGER_NOW_MS)[0]?.answers[0]?.state;
    expect([withEnd('any'), withEnd('203.0.113.0/24'), withEnd('203.0.113.1'), withEnd('role=nobody')]).toEqual(['used', 'used', 'others', 'others']);
  });

  test('forgets an answer after seven days, or as many as the list says, counted from midnight UTC', () => {
    const at = (days: number) => [aSighting({ lastSeenAtMs: ledgerDaysAgo(days) })];
    expect([statesOf(at(7.4)), statesOf(at(7.6)), statesOf(at(7.6), aNamedList({ nameDays: 8 })), statesOf(at(1.6), aNamedList({ nameDays: 1 }))].map((states) => states['198.51.100.7'])).toEqual(['used', 'old', 'used', 'old']);
  });

  test('never means what is inside, or a host of ours, unless the list says so', () => {
    const seen = (list?: IpList) => statesOf(['10.0.0.5', '192.168.1.1', '203.0.113.3', '10.9.9.9', '198.51.100.7', 'fd00::5', '64:ff9b::a00:5'].map((address) => aSighting({ address })), list);
    expect(seen()).toEqual({ '10.0.0.5': 'refused', '192.168.1.1': 'refused', '203.0.113.3': 'refused', '10.9.9.9': 'refused', '198.51.100.7': 'used', 'fd00::5': 'refused', '64:ff9b::a00:5': 'refused' });
    const nameNetworks = anIpList('x', ['10.0.0.0/24', '203.0.113.3', 'fd00::/16']).cidrs;
    expect(seen(aNamedList({ nameNetworks }))).toEqual({ '10.0.0.5': 'used', '192.168.1.1': 'refused', '203.0.113.3': 'used', '10.9.9.9': 'refused', '198.51.100.7': 'used', 'fd00::5': 'used', '64:ff9b::a00:5': 'refused' });
  });

  test('never means loopback, link-local, multicast or the unspecified address, whatever the list says', () => {
    const addresses = ['127.0.0.1', '169.254.169.254', '224.0.0.1', '0.0.0.0', '255.255.255.255', '::1', '::', 'fe80::1', 'ff02::1'];
    const nameNetworks = anIpList('x', ['0.0.0.0/0', '::/0']).cidrs;
    expect(cidrsOf(addresses.map((address) => aSighting({ address })), aNamedList({ nameNetworks }))).toEqual([]);
  });

  test('has a limit, within which a host that lies cannot crowd out the console', () => {
    const lies = manyAddresses(MAX_ANSWERS + 10).map((address) => aSighting({ address, seenBy: web.id }));
    const states = Object.values(statesOf([...lies, aSighting({ lastSeenAtMs: ledgerDaysAgo(3) })]));
    expect([states.filter((state) => state === 'used').length, states.filter((state) => state === 'over').length, statesOf([...lies, aSighting({ lastSeenAtMs: ledgerDaysAgo(3) })])['198.51.100.7']]).toEqual([MAX_ANSWERS, 11, 'used']);
  });

  test('is subject to the exclusions of the list like everything else', () => {
    const resolved = withResolvedNames(policyOf(aNamedList({ except: anIpList('x', ['198.51.100.0/24']).cidrs })), { sightings: [aSighting()], hosts }, LEDGER_NOW_MS);
    expect(compileFleet(resolved, hosts, { nowMs: LEDGER_NOW_MS }).get(web.id)?.allowOut).toEqual([]);
  });
});

test('a policy without names is the same object', () => {
  const policy = policyOf(anIpList('mirrors', ['10.0.0.0/8']));
  expect(withResolvedNames(policy, { sightings: [aSighting()], hosts }, LEDGER_NOW_MS)).toBe(policy);
});

test('the ledger as of an earlier time has what was seen by then', () => {
  expect(sightingsAsOf([aSighting({ firstSeenAtMs: ledgerDaysAgo(3) }), aSighting({ firstSeenAtMs: ledgerDaysAgo(1) })], ledgerDaysAgo(2))).toHaveLength(1);
});
