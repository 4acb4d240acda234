import { expect, test } from 'vitest';
import type { Flow } from '../../shared/model/flow.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Rule } from '../../shared/model/policy.ts';
import { createFlowJudge } from '../../shared/policy/judge-flow.ts';
import { suggestRules } from '../../shared/policy/suggest.ts';
import { aFlow } from '../../shared/policy/testing/a-flow.ts';
import { aHost, aPolicy, aZone, ruleId } from '../../shared/policy/testing/builders.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { familyOf } from '../fakehost/fake-host-spec.ts';
import { SITE_HOSTS } from './site-hosts.ts';
import { SITE_ZONES } from './site-policy.ts';
import { SITE_TRAFFIC } from './site-traffic.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const HOSTS: readonly FleetHost[] = SITE_HOSTS.map(({ name, labels, addresses, agent }, i) => ({ ...aHost({ n: i + 1, name, addresses, managed: agent }), labels }));

/** Each conversation of the site as both of its ends report it. */
const FLOWS: readonly Flow[] = SITE_TRAFFIC.flatMap(({ from, to, protocol, port, family = 4, perHour }) => {
  const find = (name: string) => HOSTS.find((host) => host.name === name);
  const addressOf = (name: string) => find(name)?.addresses.find((address) => familyOf(address) === family) ?? name;
  const common = { protocol, port, connections: Math.ceil(perHour * 168) };
  const report = (reporter: FleetHost | undefined, direction: 'in' | 'out', peer: string): Flow[] =>
    reporter?.managed === true ? [aFlow({ ...common, reporter: reporter.id, reporterName: reporter.name, direction, peerAddress: addressOf(peer), peerName: find(peer)?.name ?? peer })] : [];
  return [...report(find(from), 'out', to), ...report(find(to), 'in', from)];
});
const POLICY = aPolicy({ zones: SITE_ZONES.map(({ name, select, outbound }) => aZone({ name, select, outbound, mode: 'observe' })) });

test('on the sample site nothing unseen is permitted within an app, and what hosts exchanged is explained', () => {
  const { suggestions, unexplained, setAside } = suggestRules(FLOWS, POLICY, HOSTS, { nowMs: NOW_MS, zone: null, maxWidth: 'role' });
  const appsOf = (names: readonly string[]) => new Set(names.map((name) => HOSTS.find((host) => host.name === name)?.labels.app));
  const within = suggestions.filter(({ seen }) => appsOf(seen.flatMap((text) => text.split(/ → | /).slice(0, 2))).size === 1);
  expect(within.length).toBeGreaterThan(6);
  expect(within.filter(({ neverSeen }) => neverSeen > 0).map(({ rule }) => printPeer(rule.from))).toEqual([]);
  expect(setAside).toEqual([]);
  expect(unexplained.filter((text) => !/is no host of this workspace|are no hosts of this workspace/.test(text))).toEqual([]);
});

test('monitoring and log shipping of the sample site are proposed once each', () => {
  const { suggestions } = suggestRules(FLOWS, POLICY, HOSTS, { nowMs: NOW_MS, zone: null });
  expect(suggestions.flatMap(({ recognised }) => recognised?.why ?? []).sort()).toEqual([
    'node exporter: 1 consumer asks 14 hosts of 3 apps on tcp/9100',
    'syslog: 11 hosts of 2 apps use 1 provider on udp/514',
  ]);
});

test.each(['role', 'app', 'zone'] as const)('with the suggestions of width %s in force, every flow between hosts of the site is allowed', (maxWidth) => {
  const { suggestions } = suggestRules(FLOWS, POLICY, HOSTS, { nowMs: NOW_MS, zone: null, maxWidth });
  const rules = suggestions.map(({ rule }, i): Rule => ({ ...rule, id: ruleId(i + 1) }));
  const judge = createFlowJudge({ ...POLICY, rules }, HOSTS, { nowMs: NOW_MS, assume: 'zones-enforced' });
  const among = FLOWS.filter((flow) => flow.peerName !== flow.peerAddress);
  expect(among.length).toBeGreaterThan(100);
  expect(among.filter((flow) => judge(flow).kind === 'decided').filter((flow) => JSON.stringify(judge(flow)).includes('blocked')).map((flow) => `${flow.reporterName} ${flow.direction} ${flow.peerName} ${flow.port}`)).toEqual([]);
});
