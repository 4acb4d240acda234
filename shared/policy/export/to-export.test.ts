import { describe, expect, test } from 'vitest';
import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aRule, aZone } from '../testing/builders.ts';
import type { Abilities } from './abilities.ts';
import { printRefusal } from './refusal-book.ts';
import { toExport } from './to-export.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const ALL: Abilities = { deny: true, test: true, onlyServices: true, containments: true, schedules: true, endsBeforeMs: Infinity, ownAddresses: true, obstacle: () => null };

const DB = aHost({ n: 1, labels: 'app=shop,role=db', managed: false });
const WEB = aHost({ n: 2, labels: 'app=shop,role=web' });

const exportAll = (policy: Partial<Policy>, abilities: Partial<Abilities> = {}, hosts: readonly FleetHost[] = [DB, WEB]) =>
  toExport(aPolicy({ zones: [aZone()], ...policy }), hosts, { chosen: new Set(hosts.flatMap((host) => (host.managed ? [] : [host.id]))), nowMs: NOW_MS, abilities: { ...ALL, ...abilities } });
const refusalsOf = (policy: Partial<Policy>, abilities: Partial<Abilities> = {}) => exportAll(policy, abilities).refusals.map(printRefusal);

test('what a host without an agent gets is what an agent would get: the rule into it, by address', () => {
  const { groups, meanings, refusals } = exportAll({ rules: [aRule()] });
  expect(groups.map(({ hosts, in: { allow, otherwise } }) => [hosts.map(({ name }) => name), allow.map(({ id, family, service }) => [id, family, service]), otherwise])).toEqual([
    [['h1'], [['r_000000000001', 4, { kind: 'ports', protocol: 'tcp', ports: [{ from: 5432, to: 5432 }], sourcePort: null }]], { kind: 'refuse', only: null }],
  ]);
  expect(meanings.map(({ text, addresses }) => [text, addresses.length])).toEqual([['role=web', 1]]);
  expect(refusals).toEqual([]);
});

test('hosts that are judged alike are one group, and another family or rule is another', () => {
  const hosts = [
    aHost({ n: 1, labels: 'app=shop,role=db', managed: false }),
    aHost({ n: 3, labels: 'app=shop,role=db', managed: false }),
    aHost({ n: 4, labels: 'app=shop,role=db', managed: false, addresses: ['10.0.0.4', 'fd00::4'] }),
    aHost({ n: 5, labels: 'app=shop', managed: false }),
    WEB,
  ];
  expect(exportAll({ rules: [aRule()] }, {}, hosts).groups.map((group) => group.hosts.map(({ name }) => name))).toEqual([['h1', 'h3'], ['h4'], ['h5']]);
});

test('a host that nothing judges is in no group and in a note; one without an address is refused', () => {
  const hosts = [aHost({ n: 1, managed: false }), aHost({ n: 2, labels: 'app=shop', managed: false, addresses: [] })];
  const { groups, notes, refusals } = exportAll({ rules: [aRule()] }, {}, hosts);
  expect(groups).toEqual([]);
  expect(notes).toEqual(['Not judged, so that everything passes (in no zone, or in one that observes): h1.']);
  expect(refusals.map(printRefusal)).toEqual(['host h2: no address of it is known, so that nothing can stand for it (without it this would let through what the policy refuses)']);
});

test('a rule for nobody is no rule, and never one for anyone', () => {
  const { groups } = exportAll({ rules: [aRule({ from: 'role=nobody' }), aRule({ n: 2, from: 'role=nobody', action: 'deny' })] });
  expect(groups.map(({ in: { allow, deny } }) => [allow, deny])).toEqual([[[], []]]);
});

describe('what cannot be said is refused by name', () => {
  const opens = '(without it this would let through what the policy refuses)';
  const breaks = '(without it this would refuse what the policy allows)';

  test('users and units, which only the host itself can see; at the other end the rule is one of addresses', () => {
    expect(refusalsOf({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule({ from: 'role=db', to: 'role=web', as: 'user:backup' }), aRule({ n: 2, servedBy: 'pg.service', action: 'deny' })] })).toEqual([
      `rule r_000000000002 into h1: it is for unit:pg.service, which nobody but the host itself can see ${opens}`,
      `rule r_000000000001 out of h1: it is for user:backup, which nobody but the host itself can see ${breaks}`,
    ]);
    const { refusals, groups } = exportAll({ rules: [aRule({ as: 'user:app' })] });
    expect([refusals, groups[0]?.in.allow.length]).toEqual([[], 1]);
  });

  test('schedules, ends and deny rules where there are none', () => {
    expect(refusalsOf({ rules: [aRule({ schedule: 'Mon-Fri 08:00-18:00 Europe/Berlin' })] }, { schedules: false })).toEqual([`rule r_000000000001 into h1: it has a schedule, which cannot be kept there ${breaks}`]);
    expect(refusalsOf({ rules: [aRule({ expiresOn: '2026-06-30' })] }, { endsBeforeMs: 0 })).toEqual([`rule r_000000000001 into h1: it ends at 2026-07-01 00:00:00 UTC, and nothing there ends by itself ${breaks}`]);
    expect(refusalsOf({ rules: [aRule({ action: 'deny' })] }, { deny: false })).toEqual([`rule r_000000000001 into h1: there are no deny rules there ${opens}`]);
    expect(refusalsOf({ rules: [aRule({ to: '10.0.0.1' })] }, { ownAddresses: false })).toEqual([`rule r_000000000001 into h1: it is about some addresses of the host only, which cannot be told apart there ${breaks}`]);
  });

  test('a zone in test, and one that refuses some services only: the whole host, so that nothing is refused by mistake', () => {
    expect(refusalsOf({ zones: [aZone({ mode: 'test' })] }, { test: false })).toEqual([`host h1: zone shop is in test, and what would be refused cannot be counted there without refusing it ${opens}`]);
    expect(refusalsOf({ zones: [aZone({ onlyServices: 'tcp/445' })] }, { onlyServices: false })).toEqual([`host h1: zone shop refuses tcp/445 only, and there everything is refused by default or nothing ${opens}`]);
  });

  test('quarantine and closed services', () => {
    const containments = [aQuarantine({ endsAt: '2026-01-16T04:00:00Z' }), aClosure({ n: 2, endsAt: '2026-01-16T04:00:00Z' })];
    expect(refusalsOf({ containments }, { containments: false })).toEqual([
      `containment c_000000000001 into h1: it cuts live connections and ends by itself, and neither can be done there ${opens}`,
      `containment c_000000000002 into h1: it cuts live connections and ends by itself, and neither can be done there ${opens}`,
      `containment c_000000000001 out of h1: it cuts live connections and ends by itself, and neither can be done there ${opens}`,
    ]);
    const [group] = exportAll({ containments }).groups;
    expect([group?.in.quarantine.length, group?.in.closed.length, group?.out.quarantine.length, group?.out.closed.length]).toEqual([1, 1, 1, 0]);
  });

  test('one entry of a rule alone, where the rest can be said', () => {
    const { groups, refusals } = exportAll({ rules: [aRule({ services: 'tcp/22,icmp/13' })] }, { obstacle: ({ service }) => (service.kind === 'icmp' ? 'no ICMP' : null) });
    expect([groups[0]?.in.allow.length, refusals.map(({ why }) => why)]).toEqual([1, ['no ICMP']]);
  });
});

test('the same refusal on many hosts is one, with a few of the names in the sentence', () => {
  const hosts = [...Array.from({ length: 20 }, (_, i) => aHost({ n: i + 3, labels: 'app=shop,role=db', managed: false })), WEB];
  const { refusals } = exportAll({ rules: [aRule({ action: 'deny' })] }, { deny: false }, hosts);
  expect(refusals.map(({ hosts: names }) => names.length)).toEqual([20]);
  expect(refusals.map(printRefusal)[0]).toContain('and 12 more');
});
