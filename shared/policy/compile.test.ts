import { describe, expect, it } from 'vitest';
import { isFirebreakError } from '../errors.ts';
import { compileFleet, compileHost, compileObserve } from './compile.ts';
import { printBundle } from './print.ts';
import { aHost, anIpList, aPolicy, aRule, aService, aZone, hostId } from './testing/builders.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const WEB = aHost({ n: 1, labels: 'app=shop,role=web' });
const DB = aHost({ n: 2, labels: 'app=shop,role=db' });
const compileDb = (rules: Parameters<typeof aRule>[0][], hosts = [WEB, DB]) =>
  compileHost(
    aPolicy({ zones: [aZone()], rules: rules.map((rule) => aRule(rule)), ipLists: [anIpList('void', ['10.5.0.0/16'], ['10.0.0.0/8'])] }),
    hosts,
    hostId(2),
    TODAY,
  );

describe('what resolves to nobody compiles to no rule, never to one for anyone', () => {
  it.each([
    ['a selector without members', { from: 'role=nobody' }],
    ['an exclusion that takes every member', { from: 'role=web ! app=shop' }],
    ['an IP list that its exclusions empty', { from: 'iplist:void' }],
    ['a host that is gone', { from: 'host:gone' }],
    ['a provider selector without members', { to: 'role=nobody' }],
    ['a provider list that its exclusions empty', { from: 'any', to: 'iplist:void' }],
    ['the other address family alone', { from: 'fd00::/8' }],
    ['ICMPv6 between IPv4 hosts', { services: 'icmpv6' }],
  ])('%s', (_name, rule) => {
    const { allowIn, denyIn, allowOut, denyOut } = compileDb([rule, { ...rule, n: 2, action: 'deny' }]);
    expect({ allowIn, denyIn: denyIn.length, allowOut, denyOut: denyOut.length }).toEqual({ allowIn: [], denyIn: 0, allowOut: [], denyOut: 0 });
  });

  it('consumers with IPv4 only and providers with IPv6 only', () => {
    const db6 = aHost({ n: 2, labels: 'app=shop,role=db', addresses: ['fd00::2'] });
    expect(compileDb([{}], [WEB, db6]).allowIn).toEqual([]);
  });
});

it('a policy that names what it does not have is refused with every place', () => {
  const policy = aPolicy({ rules: [aRule({ from: 'zone:gone', to: 'iplist:gone', services: 'gone,tcp/1' })] });
  const failure = (() => {
    try {
      compileFleet(policy, [WEB], TODAY);
    } catch (error) {
      return error;
    }
    return null;
  })();
  expect(isFirebreakError(failure, 'INPUT_INVALID') && failure.payload.issues.map((issue) => `${issue.path}: ${issue.message}`)).toEqual([
    'rules.r_000000000001.from: there is no zone “gone”; known: none',
    'rules.r_000000000001.to: there is no IP list “gone”; known: none',
    'rules.r_000000000001.services: there is no service “gone”; known: none',
  ]);
});

it('only managed hosts get a ruleset', () => {
  expect([...compileFleet(aPolicy(), [WEB, aHost({ n: 3, managed: false })], TODAY).keys()]).toEqual([hostId(1)]);
});

it('ports stay with their protocol when services are merged', () => {
  const policy = aPolicy({ zones: [aZone()], services: [aService('dns', 'udp/53,tcp/53')], rules: [aRule({ services: 'dns,tcp/54' })] });
  expect(compileHost(policy, [WEB, DB], hostId(2), TODAY).allowIn[0]?.services).toEqual({
    kind: 'some',
    terms: [
      { kind: 'ports', protocol: 'tcp', ports: [{ from: 53, to: 54 }] },
      { kind: 'ports', protocol: 'udp', ports: [{ from: 53, to: 53 }] },
    ],
  });
});

describe('a bundle', () => {
  it('has the same hash under another version, and another when an address changes', () => {
    const observe = compileObserve(DB);
    const hashes = [1, 2].map((policyVersion) => printBundle(observe, { policyVersion }).hash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(printBundle(compileObserve({ ...DB, management: { consoleAddresses: ['10.9.9.8'], sshPort: 22 } }), { policyVersion: 1 }).hash).not.toBe(hashes[0]);
  });

  it('carries nothing that people wrote but ids, the zone name and addresses', () => {
    const planted = 'PLANTED"; flush ruleset; #';
    const policy = aPolicy({
      zones: [aZone({ note: planted })],
      rules: [aRule({ owner: planted, reason: planted, ticket: planted, from: 'iplist:corp', services: 'plantedsvc' })],
      services: [{ ...aService('plantedsvc', 'tcp/1'), note: planted }],
      ipLists: [{ ...anIpList('corp', ['10.0.0.0/8']), note: planted }],
    });
    const { text } = printBundle(compileHost(policy, [WEB, DB], hostId(2), TODAY), { policyVersion: 1 });
    expect(text).not.toMatch(/planted|corp|role=|app=/i);
    expect(text).toContain('comment "r_000000000001"');
  });

  it('never changes a set under its name: other elements are another name', () => {
    const setsOf = (addresses: string[]) =>
      printBundle(compileDb([{}], [aHost({ n: 1, labels: 'role=web', addresses }), DB]), { policyVersion: 1 }).text.match(/set a4_\w+/g);
    expect(setsOf(['10.0.0.1', '10.0.0.3'])).toEqual(setsOf(['10.0.0.3', '10.0.0.1']));
    expect(setsOf(['10.0.0.1', '10.0.0.3'])).not.toEqual(setsOf(['10.0.0.1', '10.0.0.5']));
  });
});
