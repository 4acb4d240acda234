import { describe, expect, test } from 'vitest';
import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import { aClosure, aHost, anIpList, aPolicy, aQuarantine, aRule, aZone } from '../testing/builders.ts';
import type { ExportTarget } from './export-target.ts';
import { EXPORT_TARGETS } from './export-targets.ts';
import { literal } from './terraform.ts';
import { toExport } from './to-export.ts';
import { quote } from './windows.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const DB = aHost({ n: 1, labels: 'app=shop,role=db', managed: false });
const WEB = aHost({ n: 2, labels: 'app=shop,role=web' });

function exportTo(target: ExportTarget, policy: Partial<Policy>, hosts: readonly FleetHost[] = [DB, WEB]) {
  const { abilities, print } = EXPORT_TARGETS[target];
  const made = toExport(aPolicy({ zones: [aZone()], ...policy }), hosts, { chosen: new Set(hosts.flatMap((host) => (host.managed ? [] : [host.id]))), nowMs: NOW_MS, abilities });
  return { ...made, whys: made.refusals.map(({ why }) => why), files: print({ ...made, stamp: { atMs: NOW_MS, policyText: 'version 1', policyHash: '0' } }) };
}

/** Networks of one address, none of which can be joined with the next. */
const scattered = (count: number) => anIpList('many', Array.from({ length: count }, (_, i) => `10.${50 + Math.floor(i / 100)}.${(i % 100) * 2}.1`));

test.each([
  ['aws', 55, []],
  ['aws', 56, ['it takes 61 inbound rules for IPv4, and a security group has 60']],
  ['azure', 3000, []],
  ['azure', 4000, ['it takes 4011 networks, and a security group has 4000']],
  ['iptables-gateway', 2048, []],
  ['iptables-gateway', 2049, ['it would take 4098 lines, one for each pair of networks; nftables-gateway has sets']],
  ['nftables-gateway', 4000, []],
] as const)('%s with a rule for %i networks', (target, networks, whys) => {
  const services = target === 'iptables-gateway' ? 'icmp/13+17' : 'tcp/443';
  expect(exportTo(target, { rules: [aRule({ from: 'iplist:many', services })], ipLists: [scattered(networks)] }).whys).toEqual(whys);
});

test('Azure takes a thousand rules', () => {
  const rules = (count: number) => Array.from({ length: count }, (_, i) => aRule({ n: i + 1, services: `tcp/${i + 1}` }));
  expect(exportTo('azure', { rules: rules(990) }).whys).toEqual([]);
  expect(exportTo('azure', { rules: rules(1000) }).whys).toEqual(['it takes 1005 rules, and a security group has 1000']);
});

describe('what a target would take for more than it is, is refused', () => {
  test.each([
    ['iptables-gateway', 'icmp/255', 'it names ICMP type 255, which iptables takes for every type'],
    ['azure', 'icmp/13', 'types of ICMP cannot be told apart there'],
    ['azure', 'icmpv6', 'ICMPv6 cannot be named there'],
    ['azure', 'sctp', 'SCTP cannot be named there'],
    ['aws', 'sctp/3000', 'there are no ports of SCTP there'],
    ['windows', 'sctp/3000', 'there are no ports of SCTP there'],
    ['pf', 'sctp/3000', 'not every pf knows ports of SCTP'],
    ['kubernetes', 'icmp', 'there is no ICMP in a NetworkPolicy'],
  ] as const)('%s: a rule on %s', (target, services, why) => {
    const hosts = [{ ...DB, addresses: ['10.0.0.1', 'fd00::1'] }, { ...WEB, addresses: ['10.0.0.2', 'fd00::2'] }];
    expect(new Set(exportTo(target, { rules: [aRule({ services })] }, hosts).whys)).toEqual(new Set([why]));
  });

  test('the default of a zone that refuses some services only', () => {
    expect(exportTo('azure', { zones: [aZone({ onlyServices: 'icmp/13' })] }).whys).toEqual(['zone shop refuses icmp/13 only, and types of ICMP cannot be told apart there']);
    expect(exportTo('iptables-gateway', { zones: [aZone({ onlyServices: 'icmp/255' })] }).whys).toEqual(['zone shop refuses icmp/255 only, and it names ICMP type 255, which iptables takes for every type']);
    expect(exportTo('iptables-gateway', { zones: [aZone({ onlyServices: 'icmp/13' })] }).whys).toEqual([]);
  });

  test('a closed service', () => {
    const containments = [aClosure({ services: 'icmp/255', endsAt: '2026-01-16T00:00:00Z' })];
    expect(exportTo('iptables-gateway', { containments }).whys).toEqual(['it names ICMP type 255, which iptables takes for every type']);
    expect(exportTo('nftables-gateway', { containments }).whys).toEqual([]);
  });

  test('an end after 2038 for iptables', () => {
    expect(exportTo('iptables-gateway', { rules: [aRule({ expiresOn: '2037-12-30' })] }).whys).toEqual([]);
    expect(exportTo('iptables-gateway', { rules: [aRule({ expiresOn: '2039-01-01' })] }).whys).toEqual(['it ends at 2039-01-02 00:00:00 UTC, and nothing there ends by itself']);
  });
});

test('a block rule of Windows is stronger than what is always let through, so that one that touches it is refused', () => {
  const deny = (services: string, from = 'any') => exportTo('windows', { rules: [aRule({ action: 'deny', from, services })] }).whys[0] ?? null;
  const why = (what: string) => `a block rule is stronger there than what is always let through, and this one would also block ${what}`;
  expect(deny('tcp/22')).toBe(why('SSH from the consoles'));
  expect(deny('tcp/22', '10.9.8.0/24')).toBeNull();
  expect(deny('udp/60-70')).toBe(why('leases'));
  expect(deny('icmp/8')).toBe(why('ICMP errors, echo or IGMP'));
  expect([deny('icmp/13'), deny('tcp/23-445')]).toEqual([null, null]);
  expect(deny('any', '10.1.0.0/16')).toBe(why('ICMP errors, echo or IGMP'));
});

test('a host that is only contained, where containments cannot be said, is left alone and not shut', () => {
  const containments = [aQuarantine({ endsAt: '2026-01-16T00:00:00Z' })];
  for (const target of ['kubernetes', 'aws', 'azure', 'windows', 'pf'] as const) {
    const { groups, notes, whys } = exportTo(target, { zones: [aZone({ mode: 'observe' })], containments });
    expect([target, groups, notes.length, whys.length]).toEqual([target, [], 1, 2]);
  }
});

test('every command of Windows that changes something is told of -WhatIf, and stops at a failure', () => {
  const text = exportTo('windows', { rules: [aRule()] }).files[0]?.text ?? '';
  const changing = text.split('\n').filter((line) => !line.startsWith('#') && /(New|Remove|Set)-Net/.test(line));
  expect(changing.map((line) => / @how\b/.test(line))).toEqual([true, true, true]);
});

test('texts in PowerShell and Terraform stay texts, whatever is in them', () => {
  expect(quote("a'b\u2019c\u201bd$(e)`f")).toBe("'a''b\u2019\u2019c\u201b\u201bd$(e)`f'");
  expect(quote('a\n#>b')).toBe("'a\\x0a#>b'");
  expect(literal(`a ${'$'}{b} %{c} $d`)).toBe(`a ${'$$'}{b} %%{c} $d`);
});
