import { describe, expect, test } from 'vitest';
import type { FleetHost } from '../../model/host.ts';
import { UnitName } from '../../model/identity.ts';
import type { Policy } from '../../model/policy.ts';
import { aHost, anIpList, aPolicy, aRule, aZone } from '../testing/builders.ts';
import { IPTABLES_HOST_ABILITIES, printIptablesHost } from './iptables-host.ts';
import { printRefusal } from './refusal-book.ts';
import { toExport } from './to-export.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const DB = aHost({ n: 1, labels: 'app=shop,role=db' });
const WEB = aHost({ n: 2, labels: 'role=web' });
const RESTRICTED = aZone({ outbound: 'restricted' });

function exportTo(policy: Partial<Policy>, host: FleetHost = DB) {
  const made = toExport(aPolicy({ zones: [aZone()], ...policy }), [host, WEB], { chosen: new Set([host.id]), nowMs: NOW_MS, abilities: IPTABLES_HOST_ABILITIES });
  const files = printIptablesHost({ ...made, stamp: { atMs: NOW_MS, policyText: 'version 1', policyHash: '0' } });
  const textOf = (suffix: string) => files.find((file) => file.suffix === suffix)?.text ?? '';
  return { refusals: made.refusals.map(printRefusal), notes: made.notes, suffixes: files.map(({ suffix }) => suffix), v4: textOf('.h1.v4'), v6: textOf('.h1.v6'), ipset: textOf('.h1.ipset') };
}

const opens = '(without it this would let through what the policy refuses)';
const breaks = '(without it this would refuse what the policy allows)';
const containers = 'what its containers send under its address gets that address after the last place where iptables can refuse, so that it is recorded and not judged';

test('a host that observes has files, which record and refuse nothing', () => {
  const { suffixes, v4, refusals, notes } = exportTo({ zones: [aZone({ mode: 'observe' })] });
  expect([suffixes, refusals, notes]).toEqual([['.h1.ipset', '.h1.v4', '.h1.v6'], [], []]);
  expect([v4.includes('-A FB-IN -m conntrack --ctstate NEW -j FB-REC-IN'), v4.includes('FB-IN-R -') && /-A FB-(IN|OUT)(-R)? .*MISS/.test(v4)]).toEqual([true, false]);
});

test('a host of whom one family is known keeps neighbour discovery in the other', () => {
  expect(exportTo({}).v6).toContain('-A FB-IN -p ipv6-icmp -m icmp6 --icmpv6-type 135 -m comment --comment icmp -g FB-PASS-IN');
});

describe('accounts', () => {
  const outbound = (as: string) => exportTo({ zones: [RESTRICTED], rules: [aRule({ from: 'role=db', to: 'role=web', services: 'tcp/80', as })] });

  test('users and groups are said by name or number, of what the host sends alone', () => {
    expect(outbound('user:backup').v4).toContain('-d 10.0.0.2 -p tcp -m multiport --dports 80 -m owner --uid-owner backup -m comment --comment r_000000000001 -g FB-PASS-OUT');
    expect(outbound('group:1004').v4).toContain('-m owner --gid-owner 1004 ');
    expect(outbound('user:backup').v4.match(/-m owner /g)?.length).toBe(1);
  });

  test('units, and numbers that no account can have, are refused by name', () => {
    expect(outbound('unit:web.service').refusals).toEqual([`rule r_000000000001 out of h1: it is for unit:web.service, and units cannot be told apart there ${breaks}`]);
    expect(exportTo({ rules: [aRule({ servedBy: UnitName.parse('pg.service'), action: 'deny' })] }).refusals).toEqual([`rule r_000000000001 into h1: it is for unit:pg.service, and units cannot be told apart there ${opens}`]);
    expect([outbound('user:4294967294').refusals, outbound('user:4294967295').refusals]).toEqual([[], [`rule r_000000000001 out of h1: 4294967295 is more than the number of any account ${breaks}`]]);
  });
});

describe('containers that send under the host’s address', () => {
  const docker = aHost({ n: 1, labels: 'app=shop,role=db', published: [{ protocol: 'tcp', from: 8080, to: 8080 }] });
  const why = `out of h1: ${containers} ${opens}`;
  const deny = aRule({ action: 'deny', from: 'role=db', to: 'role=web' });

  test('are refused where something restricts what leaves the host, and the rest is written', () => {
    const { refusals, suffixes } = exportTo({ zones: [RESTRICTED] }, docker);
    expect([refusals, suffixes.length]).toEqual([[why], 3]);
    expect(exportTo({ rules: [deny] }, docker).refusals).toEqual([why]);
  });

  test('are no matter where nothing does, nor of hosts that publish nothing', () => {
    expect([exportTo({}, docker).refusals, exportTo({ zones: [RESTRICTED], rules: [deny] }).refusals, exportTo({ zones: [aZone({ mode: 'observe', outbound: 'restricted' })] }, docker).refusals]).toEqual([[], [], []]);
  });
});

test('whoever would shut the way in behind himself is told', () => {
  const alone = aHost({ n: 1, labels: 'app=shop', consoles: [] });
  const note = 'No console is on record, so that SSH gets in only where a rule says so: h1.';
  expect([exportTo({}, alone).notes, exportTo({ zones: [aZone({ mode: 'test' })] }, alone).notes, exportTo({}).notes]).toEqual([[note], [], []]);
  expect(exportTo({}, alone).v4).toContain(`# ${note}\n`);
});

describe('sets', () => {
  const listed = (cidrs: readonly string[], services = 'tcp/443') => exportTo({ rules: [aRule({ from: 'iplist:some', services })], ipLists: [anIpList('some', [...cidrs])] });
  const elementsOf = (ipset: string) => ipset.split('\n').filter((line) => line.startsWith('add fb_a4')).map((line) => line.split(' ')[2]);

  test('one network stands in its rule, several in a set of their own, which is named after what is in it', () => {
    const [one, two, turned] = [listed(['10.4.0.0/16']), listed(['10.4.0.0/16', '10.6.0.0/16']), listed(['10.6.0.0/16', '10.4.0.0/16'])];
    expect([elementsOf(one.ipset), one.v4.includes('-s 10.4.0.0/16 -p tcp')]).toEqual([[], true]);
    expect(elementsOf(two.ipset)).toEqual(['10.4.0.0/16', '10.6.0.0/16']);
    expect([two.ipset.includes(' hash:net family inet maxelem 65536'), turned.ipset.endsWith(two.ipset.slice(two.ipset.indexOf('create fb_a4')))]).toEqual([true, true]);
  });

  test('a range that is no network is several, and single addresses are a set of the faster kind', () => {
    expect(elementsOf(listed(['10.4.0.1/32', '10.4.0.2/31', '10.9.0.0/32']).ipset)).toEqual(['10.4.0.1', '10.4.0.2/31', '10.9.0.0']);
    expect(listed(['10.4.0.1/32', '10.4.0.3/32']).ipset).toContain('hash:ip family inet');
  });

  test('more than ipset’s own limit are given room', () => {
    const many = Array.from({ length: 70_000 }, (_, i) => `10.${i >> 15}.${(i >> 7) & 255}.${(i & 127) * 2}/32`);
    expect(listed(many).ipset).toMatch(/create fb_a4_\w+ hash:ip family inet maxelem 70000\n/);
  });
});
